import type { Checkpoint, Verb } from '../contracts/checkpoint.ts';
import type { Json, JsonSchema } from '../contracts/json.ts';
import { quote } from './how-to-call.ts';
import { firstAnswer } from './scripted-decision.ts';

/** The words of the command that takes the first decision that a checkpoint offers: with its first value where it needs one. */
export function decideLine(run: string, checkpoint: Checkpoint, digest: string): string {
  const { id, by, offers, accepts } = checkpoint;
  const [verb] = offers;
  const values: { [V in Verb]?: () => string } = {
    answer: () => ` --answer ${quote(asTyped(firstAnswer(accepts.answer ?? {}), accepts.answer ?? {}))}`,
    supply: () => ` --artifacts ${quote(JSON.stringify(firstOfEach(accepts.supply ?? {})))}`,
  };
  const value = verb && values[verb];
  return `decide ${run} ${quote(id)} ${verb ?? ''} --digest ${digest.slice(0, 12)} ${whoOf(by)}${value?.() ?? ''}`;
}

/** The words of the command that gives an input another value. */
export function amendLine(run: string, { by }: Checkpoint, field: string): string {
  return `amend ${run} ${quote(field)} VALUE ${whoOf(by)}`;
}

function whoOf(by: Checkpoint['by']): string {
  return 'role' in by ? `--as YOU --role ${quote(by.role)}` : `--as ${quote(by.person)}`;
}

const firstOfEach = (schemas: { [name: string]: JsonSchema }): Json =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, firstAnswer(schema)]));

/** Text where text is asked for, JSON otherwise. */
function asTyped(value: Json, { type }: JsonSchema): string {
  return typeof value === 'string' && type === 'string' ? value || 'YOUR ANSWER' : JSON.stringify(value);
}
