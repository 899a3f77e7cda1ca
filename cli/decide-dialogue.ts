import type { DecisionRequest } from '../client/create-client.ts';
import type { Checkpoint, Verb } from '../contracts/checkpoint.ts';
import type { Json, JsonSchema } from '../contracts/json.ts';
import { askFields, askValue, takesNames } from './ask-fields.ts';
import type { Ask } from './ask-person.ts';
import { verbMeanings } from './describe-checkpoint.ts';
import { phrase, translate } from './language/phrase.ts';
import { listNames } from './names-in.ts';
import type { Named } from './names-in.ts';
import { paint, print } from './output.ts';

/** A decision, without what it is about. */
export type Chosen = Omit<DecisionRequest, 'checkpoint' | 'digest' | 'id'>;

/** Another value for an input, instead of a decision. */
export interface Amendment {
  amend: { field: string; value: Json };
}

/** What a person may use beside what the checkpoint offers. */
export interface Aids {
  /** What may be named in fields that take names. */
  names?: Named[];
  /** Inputs that may be amended instead, with their schemas. */
  amendable?: { [field: string]: JsonSchema };
}

/** Takes a decision at the terminal; null where the person leaves it for later. */
export async function askDecision(
  ask: Ask,
  checkpoint: Checkpoint,
  { names = [], amendable = {} }: Aids = {},
): Promise<Chosen | Amendment | null> {
  const inputs = Object.keys(amendable);
  if (checkpoint.kind === 'question') {
    print(`  ${phrase`Leave it blank to answer later.`}`);
    return completeDecision(ask, checkpoint, 'answer', names);
  }
  for (;;) {
    checkpoint.offers.forEach((verb, index) =>
      print(`  ${index + 1}  ${verb.padEnd(13)} ${paint('dim', translate(verbMeanings[verb]))}`),
    );
    if (inputs.length > 0)
      print(
        `  a  ${'amend'.padEnd(13)} ${paint('dim', phrase`give another ${inputs.join(phrase` or `)}, and go on with it`)}`,
      );
    print(`  q  ${'later'.padEnd(13)} ${paint('dim', phrase`leave it open`)}`);
    const typed = await ask(phrase`Your decision: `);
    if (typed === 'q' || typed === 'later') return null;
    if (inputs.length > 0 && (typed === 'a' || typed === 'amend')) {
      const amendment = await askAmendment(ask, amendable);
      if (amendment) return amendment;
      continue;
    }
    const beginning = checkpoint.offers.filter((one) => one.startsWith(typed));
    const verb =
      checkpoint.offers[Number(typed) - 1] ??
      checkpoint.offers.find((one) => one === typed) ??
      (typed !== '' && beginning.length === 1 ? beginning[0] : undefined);
    if (verb) {
      const chosen = await completeDecision(ask, checkpoint, verb, names);
      if (chosen) return chosen;
    } else
      print(
        `  ${phrase`Type a number from 1 to ${checkpoint.offers.length}, a decision or its beginning, or q.`}`,
      );
  }
}

async function completeDecision(
  ask: Ask,
  checkpoint: Checkpoint,
  verb: Verb,
  names: Named[],
): Promise<Chosen | null> {
  const { accepts } = checkpoint;
  switch (verb) {
    case 'edit':
      return accepts.edit ? askEdit(ask, accepts.edit, names) : null;
    case 'changes':
    case 'redo':
      return askChanges(ask, checkpoint, verb, names);
    case 'answer': {
      const answer = await askValue(ask, phrase`answer`, accepts.answer ?? {});
      return answer === undefined ? null : { verb, answer };
    }
    case 'supply': {
      const artifacts = await askFields(ask, { type: 'object', properties: accepts.supply ?? {} });
      return Object.keys(artifacts).length === 0 ? null : { verb, artifacts };
    }
    case 'reject':
    case 'stop': {
      const reason = await ask(`  ${phrase`reason`}: `);
      return { verb, ...(reason && { reason }) };
    }
    default:
      return { verb };
  }
}

async function askAmendment(ask: Ask, amendable: { [field: string]: JsonSchema }): Promise<Amendment | null> {
  for (const [field, schema] of Object.entries(amendable)) {
    const value = await askValue(ask, field, schema);
    if (value !== undefined) return { amend: { field, value } };
  }
  return null;
}

async function askEdit(ask: Ask, schema: JsonSchema, names: Named[]): Promise<Chosen | null> {
  print(`  ${phrase`Leave blank what should stay as it is.`}`);
  printNames(schema, names);
  const delta = await askFields(ask, schema, names);
  const missing = ((schema['required'] ?? []) as string[]).filter((field) => !Object.hasOwn(delta, field));
  if (Object.keys(delta).length > 0 && missing.length === 0) return { verb: 'edit', delta };
  const why =
    missing.length > 0
      ? phrase`Nothing was changed: an edit needs ${missing.join(', ')}.`
      : phrase`Nothing was changed.`;
  print(`  ${why}`);
  return null;
}

function printNames(schema: JsonSchema, names: Named[]): void {
  const elements = names.filter(({ word }) => !word);
  if (elements.length > 0 && takesNames(schema)) print(`  ${phrase`Names here: ${listNames(elements)}`}`);
}

async function askChanges(
  ask: Ask,
  checkpoint: Checkpoint,
  verb: 'changes' | 'redo',
  names: Named[],
): Promise<Chosen | null> {
  const tasks = Object.keys(checkpoint.accepts.changes ?? {});
  const task =
    tasks.length === 1 ? tasks[0] : await askValue(ask, phrase`whom`, { type: 'string', enum: tasks });
  if (typeof task !== 'string') return null;
  const schema = checkpoint.accepts.changes?.[task];
  if (!schema) return null;
  print(`  ${phrase`Leave blank what should stay as it is.`}`);
  printNames(schema, names);
  const fields = await askFields(ask, schema, names);
  const inputs = await askFields(ask, { type: 'object', properties: checkpoint.accepts.inputs ?? {} });
  const words = await ask(`  ${phrase`in words`}: `);
  const changes = {
    task,
    fields,
    ...(Object.keys(inputs).length > 0 && { inputs }),
    ...(words && { words }),
  };
  if (asksSomething(changes)) return { verb, changes };
  print(`  ${phrase`Nothing was asked of ${task}: fill in a field, or say it in words.`}`);
  return null;
}

/** Whether a request says anything at all: one that does not would have the same made again. */
export function asksSomething({ fields, inputs, words }: NonNullable<Chosen['changes']>): boolean {
  return Object.keys({ ...fields, ...inputs }).length > 0 || (words ?? '').trim() !== '';
}
