import { createInterface } from 'node:readline/promises';
import type { Interface } from 'node:readline/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatonClient, DecisionRequest } from '../client/create-client.ts';
import type { Person } from '../client/door.ts';
import { outcomesOf } from '../client/read-run.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunResult } from '../contracts/messages.ts';
import type { DeskRow, Store } from '../contracts/ports.ts';
import { askDecision } from './decide-dialogue.ts';
import { describeCheckpoint } from './describe-checkpoint.ts';
import { paint, print, printFailure } from './output.ts';
import { previewArtifact } from './preview-artifact.ts';
import { formatLine, timelineOf } from './timeline.ts';

type Chosen = Omit<DecisionRequest, 'checkpoint' | 'digest' | 'id'>;

export interface FollowOptions {
  /** Where the artifacts that are asked about are written, to look at. */
  previews: string;
  /** Decides by itself: approves, and gives questions their first or stated answer. */
  approve: boolean;
  /** Answers by task, for `approve`. */
  answers?: JsonObject;
}

/** A demo person in the role that is asked; never the starter. */
export function demoPerson({ by }: Checkpoint): Person {
  return 'role' in by ? { id: `demo-${by.role}`, roles: [by.role] } : { id: by.person, roles: [] };
}

/** Prints what happens in a run as it happens, and takes decisions at this terminal until the run closes. Null if it was left open. */
export async function followRun(
  client: BatonClient,
  store: Store,
  run: string,
  options: FollowOptions,
): Promise<RunResult | null> {
  const terminal = options.approve ? null : createInterface({ input: process.stdin, output: process.stdout });
  let result: RunResult | undefined;
  const closed = client.result(run);
  closed.then(
    (value) => (result = value),
    () => {},
  );
  let printed = 0;
  const printNews = async (): Promise<void> => {
    const lines = timelineOf(outcomesOf(await store.ledger.read(run)));
    for (const line of lines.slice(printed)) print(paint('dim', formatLine(line)));
    printed = lines.length;
  };
  try {
    const left = new Set<string>();
    while (!result) {
      await printNews();
      const row = (await store.desk.open({ run })).find(({ digest }) => !left.has(digest));
      if (row) {
        const decided = await decideRow(client, store, row, options, terminal);
        if (!decided) return null;
        left.add(row.digest);
      } else await Promise.race([closed, sleep(50)]);
    }
    await printNews();
    return result;
  } finally {
    terminal?.close();
  }
}

async function decideRow(
  client: BatonClient,
  store: Store,
  row: DeskRow,
  options: FollowOptions,
  terminal: Interface | null,
): Promise<boolean> {
  const { checkpoint, digest, run } = row;
  const [title = '', ...lines] = describeCheckpoint(checkpoint);
  print();
  print(paint('bold', `▸ ${title}`));
  for (const line of lines) print(`  ${line}`);
  for (const file of await previewSubjects(store, row, options.previews))
    print(`  look at    ${path.relative('.', file)}`);
  const person = demoPerson(checkpoint);
  for (;;) {
    const chosen = terminal
      ? await askDecision(terminal, checkpoint)
      : scriptedDecision(checkpoint, options.answers);
    if (!chosen) return false;
    try {
      await client.decide(run, { ...chosen, checkpoint: checkpoint.id, digest }, person);
      print(
        `  ${paint('green', chosen.verb)} by ${person.id}${chosen.answer === undefined ? '' : `: ${JSON.stringify(chosen.answer)}`}`,
      );
      print();
      return true;
    } catch (error) {
      if (!terminal) throw error;
      printFailure(error, { json: false, trace: false });
    }
  }
}

/** Approves what may be approved; a question gets the stated answer, or the first that its schema lists. */
function scriptedDecision(checkpoint: Checkpoint, answers: JsonObject = {}): Chosen {
  if (checkpoint.kind !== 'question') {
    const verb = checkpoint.offers.find((one) => one === 'approve' || one === 'leave') ?? 'stop';
    return { verb };
  }
  const answer =
    answers[checkpoint.task ?? ''] ?? firstAnswer((checkpoint.accepts.answer ?? {}) as JsonObject);
  return { verb: 'answer', answer };
}

/** The first value that a schema lists, member by member. */
function firstAnswer(schema: JsonObject): Json {
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null;
  if (schema['const'] !== undefined) return schema['const'];
  if (schema['default'] !== undefined) return schema['default'];
  for (const choice of ['anyOf', 'oneOf']) {
    if (Array.isArray(schema[choice]) && schema[choice][0])
      return firstAnswer(schema[choice][0] as JsonObject);
  }
  if (schema['type'] === 'object') {
    const required = (schema['required'] ?? []) as string[];
    const properties = (schema['properties'] ?? {}) as { [member: string]: JsonObject };
    return Object.fromEntries(required.map((member) => [member, firstAnswer(properties[member] ?? {})]));
  }
  return (
    { boolean: true, number: 0, integer: 0, string: '', array: [] as Json[] }[String(schema['type'])] ?? null
  );
}

async function previewSubjects(
  store: Store,
  { run, checkpoint }: DeskRow,
  folder: string,
): Promise<string[]> {
  const files: string[] = [];
  for (const [name, subject] of Object.entries(checkpoint.shown.subjects)) {
    const digest = checkpoint.shown.draft?.result?.digest ?? subject?.digest;
    if (digest === undefined || checkpoint.kind === 'question') continue;
    const { content } = await store.artifacts.get(digest);
    const value = JSON.parse(Buffer.from(content).toString()) as Json;
    files.push(...previewArtifact(path.join(folder, run, digest.slice(0, 8)), name, value));
  }
  return files;
}
