import path from 'node:path';
import { assertMeets } from '../../client/keep-artifact.ts';
import type { BatonClient } from '../../client/create-client.ts';
import type { Checkpoint, Verb } from '../../contracts/checkpoint.ts';
import type { DeskRow, Store } from '../../contracts/ports.ts';
import type { Json } from '../../contracts/json.ts';
import { toFailure } from '../../contracts/failures.ts';
import { readAmendable } from '../amendable-inputs.ts';
import { readValue } from '../ask-fields.ts';
import { PersonLeft, isAtTerminal, withTerminal } from '../ask-person.ts';
import { withClientOf } from '../connect.ts';
import { UsageError } from '../exit-codes.ts';
import { askDecision, asksSomething } from '../decide-dialogue.ts';
import type { Amendment, Chosen } from '../decide-dialogue.ts';
import { describeCheckpoint, verbMeanings } from '../describe-checkpoint.ts';
import type { Named } from '../names-in.ts';
import { assertShown, findOpen } from '../open-checkpoint.ts';
import { paint, print, printJson } from '../output.ts';
import { printOpen } from '../print-open.ts';
import { readJson, readJsonObject } from '../read-input.ts';
import { findRepeated } from '../repeated-decision.ts';
import { loadProject, readPerson } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { showSubjects } from '../show-subjects.ts';

export interface DecideOptions {
  digest?: string;
  id?: string;
  as?: string;
  role?: string[];
  delta?: string;
  task?: string;
  fields?: string;
  inputs?: string;
  words?: string;
  answer?: string;
  artifacts?: string;
  reason?: string;
  undo?: boolean;
}

export async function decide(
  settings: Settings,
  run: string,
  [first, second]: [string | undefined, string | undefined],
  options: DecideOptions,
): Promise<void> {
  await withClientOf(settings, run, async ({ client, store, row }) => {
    const [named, verb] = await readNames(first, second);
    if (await wasRepeated(settings, client, row.run, verb, options)) return;
    const open = await findOpen(store, row.run, named);
    if (options.digest !== undefined) assertShown(open, options.digest);
    const chosen = await choose(settings, store, open, verb, options);
    if (!chosen) {
      print('Nothing was decided.');
      if (settings.json) printJson({ run: row.run, checkpoint: open.checkpoint.id, decided: null });
      return;
    }
    const person = readPerson(options);
    const { checkpoint, digest } = open;
    if ('amend' in chosen) {
      const { field, value } = chosen.amend;
      const amended = await client.amend(row.run, field, value, person);
      print(`${row.run}: ${field} amended`);
      printOpen(amended);
      if (settings.json) printJson({ run: row.run, ...amended });
      return;
    }
    checkInputs(checkpoint, chosen);
    const { id } = options;
    const request = { ...chosen, checkpoint: checkpoint.id, digest, ...(id !== undefined && { id }) };
    const answer = await client.decide(row.run, request, person);
    print(`${paint('green', chosen.verb)} at ${checkpoint.id} by ${person.id}`);
    printOpen(answer);
    if (settings.json) printJson({ run: row.run, checkpoint: checkpoint.id, verb: chosen.verb, ...answer });
  });

  /** `decide RUN approve` names a verb where one checkpoint is open; `decide RUN CHECKPOINT approve` names both. */
  async function readNames(
    one: string | undefined,
    other: string | undefined,
  ): Promise<[string | undefined, Verb | undefined]> {
    if (other !== undefined) return [one, asVerb(other)];
    return one !== undefined && isVerb(one) ? [undefined, one] : [one, undefined];
  }
}

/** Says so where this decision was taken before under the id that is given. */
async function wasRepeated(
  { json }: Settings,
  client: BatonClient,
  run: string,
  verb: Verb | undefined,
  options: DecideOptions,
): Promise<boolean> {
  const { id, digest } = options;
  if (id === undefined) return false;
  const view = await client.state(run);
  const person = readPerson(options).id;
  const repeated = findRepeated(view, { id, person, verb, digest });
  if (!repeated) return false;
  print(`${repeated.verb} was decided by ${person} under the id ${id} before: it counts once.`);
  const now = { opened: [], open: view.open.length };
  printOpen(now);
  if (json) printJson({ run, id, ...repeated, repeated: true, ...now, status: view.state.status });
  return true;
}

/** The decision as the options say it, or as the person at this terminal does. Null where they leave it. */
async function choose(
  settings: Settings,
  store: Store,
  row: DeskRow,
  verb: Verb | undefined,
  options: DecideOptions,
): Promise<Chosen | Amendment | null> {
  const { checkpoint, digest } = row;
  const show = async (): Promise<Named[]> => {
    const [title = '', ...lines] = describeCheckpoint(checkpoint);
    print(paint('bold', title));
    for (const line of [...lines, `digest     ${digest.slice(0, 12)}`]) print(`  ${line}`);
    // Where the project is not at hand, what its agents made can be shown all the same, without their pages.
    const agents = await loadProject(settings).then(
      ({ project }) => project.agents,
      () => [],
    );
    return showSubjects(store, row, { previews: path.join(settings.folder, 'previews'), agents });
  };
  if (verb !== undefined) {
    if (!checkpoint.offers.includes(verb))
      throw toFailure(
        'Checkpoint.NotOffered',
        `${checkpoint.id} offers ${checkpoint.offers.join(', ')}; ${verb} is not among them.`,
        { name: verb },
      );
    if (options.digest !== undefined) return readChosen(checkpoint, verb, options);
    if (!isAtTerminal())
      throw new UsageError(
        'Say with --digest what was shown: `baton show RUN` prints it with each open checkpoint.',
      );
    const chosen = readChosen(checkpoint, verb, options);
    await show();
    return (await ask(async (terminal) => terminal(`${verb}? y/N `)))?.toLowerCase() === 'y' ? chosen : null;
  }
  if (!isAtTerminal())
    throw new UsageError(`Say which decision: ${checkpoint.id} offers ${checkpoint.offers.join(', ')}.`);
  const names = await show();
  const amendable = await readAmendable(store, row);
  return ask(async (terminal) => askDecision(terminal, checkpoint, { names, amendable }));
}

async function ask<T>(work: Parameters<typeof withTerminal<T>>[0]): Promise<T | null> {
  try {
    return await withTerminal(work);
  } catch (error) {
    if (error instanceof PersonLeft) return null;
    throw error;
  }
}

const isVerb = (word: string): word is Verb => Object.hasOwn(verbMeanings, word);

function asVerb(word: string): Verb {
  if (isVerb(word)) return word;
  throw toFailure(
    'Input.Invalid',
    `There is no decision ${word}: it is one of ${Object.keys(verbMeanings).join(', ')}.`,
    {
      name: word,
    },
  );
}

function readChosen(checkpoint: Checkpoint, verb: Verb, options: DecideOptions): Chosen {
  const { reason, undo } = options;
  return {
    verb,
    ...(verb === 'edit' && { delta: readJson(needed(options.delta, '--delta', verb), '--delta') as Json }),
    ...((verb === 'changes' || verb === 'redo') && { changes: readChanges(checkpoint, options) }),
    ...(verb === 'answer' && {
      answer: readAnswer(needed(options.answer, '--answer', verb), checkpoint),
    }),
    ...(verb === 'supply' && {
      artifacts: readJsonObject(needed(options.artifacts, '--artifacts', verb), '--artifacts'),
    }),
    ...(reason !== undefined && { reason }),
    ...(undo !== undefined && { undo }),
  };
}

function readAnswer(given: string, { accepts }: Checkpoint): Json {
  if (given === '-' || given.startsWith('@')) return readJson(given, '--answer') as Json;
  return readValue(given, accepts.answer ?? {});
}

function readChanges(checkpoint: Checkpoint, options: DecideOptions): NonNullable<Chosen['changes']> {
  const { words } = options;
  const known = Object.keys(checkpoint.accepts.changes ?? {});
  const task = options.task ?? (known.length === 1 ? known[0] : undefined);
  if (task === undefined || !known.includes(task))
    throw toFailure(
      'Input.Invalid',
      `Say with --task whom to ask: ${known.join(', ')}${task === undefined ? '' : `; there is no ${task} here`}.`,
      { name: '--task' },
    );
  const changes = {
    task,
    fields: options.fields === undefined ? {} : readJsonObject(options.fields, '--fields'),
    ...(options.inputs !== undefined && { inputs: readJsonObject(options.inputs, '--inputs') }),
    ...(words !== undefined && { words }),
  };
  if (asksSomething(changes)) return changes;
  throw new UsageError(
    `Say what ${task} is to change: in --fields, in --inputs, or in --words. Asked for nothing, it would make the same again.`,
  );
}

/** The run itself sees only digests of inputs: what they hold is checked here. */
function checkInputs({ accepts }: Checkpoint, { changes }: Chosen): void {
  for (const [field, value] of Object.entries(changes?.inputs ?? {})) {
    const schema = accepts.inputs?.[field];
    if (!schema)
      throw toFailure(
        'Decision.InvalidChanges',
        `The input ${field} can't be changed here; ${Object.keys(accepts.inputs ?? {}).join(', ') || 'none'} can.`,
        { name: field },
      );
    assertMeets(value, schema, 'Decision.InvalidChanges', field);
  }
}

function needed(given: string | undefined, option: string, verb: Verb): string {
  if (given !== undefined) return given;
  throw new UsageError(`${verb} needs ${option}.`);
}
