import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Json, JsonSchema } from '../contracts/json.ts';
import { firstAnswer } from './scripted-decision.ts';

/** The command that takes the first decision that a checkpoint offers: with its first value where it needs one. */
export function decideLine(run: string, checkpoint: Checkpoint, digest: string): string {
  const { id, by, offers, accepts } = checkpoint;
  const [verb = ''] = offers;
  const role = 'role' in by ? `--as YOU --role ${quote(by.role)}` : `--as ${quote(by.person)}`;
  const value = {
    answer: () => ` --answer ${quote(asTyped(firstAnswer(accepts.answer ?? {}), accepts.answer ?? {}))}`,
    supply: () => ` --artifacts ${quote(JSON.stringify(firstOfEach(accepts.supply ?? {})))}`,
  }[verb];
  return `baton decide ${run} ${quote(id)} ${verb} --digest ${digest.slice(0, 12)} ${role}${value?.() ?? ''}`;
}

const firstOfEach = (schemas: { [name: string]: JsonSchema }): Json =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, firstAnswer(schema)]));

/** Text where text is asked for, JSON otherwise. */
function asTyped(value: Json, { type }: JsonSchema): string {
  return typeof value === 'string' && type === 'string' ? value || 'YOUR ANSWER' : JSON.stringify(value);
}

/** One word for a shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
