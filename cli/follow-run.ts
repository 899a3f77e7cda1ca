import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatonClient } from '../client/create-client.ts';
import type { Person } from '../client/door.ts';
import { outcomesOf } from '../client/read-run.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunResult } from '../contracts/messages.ts';
import type { DeskRow, Store } from '../contracts/ports.ts';
import { PersonLeft, withTerminal } from './ask-person.ts';
import { aborted } from './interrupt.ts';
import { askDecision } from './decide-dialogue.ts';
import type { Chosen } from './decide-dialogue.ts';
import { describeCheckpoint } from './describe-checkpoint.ts';
import { paint, print, printFailure } from './output.ts';
import { previewArtifact } from './preview-artifact.ts';
import { describeRemade, findRemade } from './remade.ts';
import { scriptedDecision } from './scripted-decision.ts';
import { formatLine, timelineOf } from './timeline.ts';

export interface FollowOptions {
  /** Where the artifacts that are asked about are written, to look at. */
  previews: string;
  /** Decides by itself: approves, and gives questions their stated or first answer. */
  approve: boolean;
  /** Answers by task, for `approve`. */
  answers: JsonObject;
  /** Leaves the run as it is. */
  signal: AbortSignal;
}

/** A demo person in the role that is asked; never the starter. */
export function demoPerson({ by }: Pick<Checkpoint, 'by'>): Person {
  return 'role' in by ? { id: `demo-${by.role}`, roles: [by.role] } : { id: by.person, roles: [] };
}

/** Prints what happens in a run as it happens, and takes decisions until the run closes. Null if it was left open. */
export async function followRun(
  client: BatonClient,
  store: Store,
  run: string,
  options: FollowOptions,
): Promise<RunResult | null> {
  let result: RunResult | undefined;
  const closed = client.result(run);
  closed.then(
    (value) => (result = value),
    () => {},
  );
  const left = aborted(options.signal);
  const printNews = createNews(store, run);
  const decided = new Set<string>();
  while (!result && !options.signal.aborted) {
    await printNews();
    const row = (await store.desk.open({ run })).find(({ digest }) => !decided.has(digest));
    if (row) {
      if (!(await decideRow(client, store, row, options))) return null;
      decided.add(row.digest);
    } else await Promise.race([closed, left, sleep(50)]);
  }
  await printNews();
  return result ?? null;
}

/** Prints what was recorded since the last call. */
function createNews(store: Store, run: string): () => Promise<void> {
  const seen = new Set<number>();
  return async () => {
    const outcomes = outcomesOf(await store.ledger.read(run));
    const lines = timelineOf(outcomes);
    for (const [index, line] of lines.entries()) {
      const record = outcomes[index]!.index;
      if (!seen.has(record)) print(paint('dim', formatLine(line)));
      seen.add(record);
    }
  };
}

async function decideRow(
  client: BatonClient,
  store: Store,
  row: DeskRow,
  options: FollowOptions,
): Promise<boolean> {
  const { checkpoint, digest, run } = row;
  const [title = '', ...lines] = describeCheckpoint(checkpoint);
  print();
  print(paint('bold', `▸ ${title}`));
  for (const line of lines) print(`  ${line}`);
  for (const file of await previewSubjects(store, row, options.previews))
    print(`  look at    ${path.relative('.', file)}`);
  const remade = findRemade(outcomesOf(await store.ledger.read(run))).at(-1);
  if (remade && checkpoint.kind !== 'question') for (const line of describeRemade(remade)) print(`  ${line}`);
  const person = demoPerson(checkpoint);
  for (;;) {
    const chosen = options.approve
      ? scriptedDecision(checkpoint, options.answers)
      : await askAtTerminal(checkpoint);
    if (!chosen) return false;
    try {
      await client.decide(run, { ...chosen, checkpoint: checkpoint.id, digest }, person);
      print(
        `  ${paint('green', chosen.verb)} by ${person.id}${chosen.answer === undefined ? '' : `: ${JSON.stringify(chosen.answer)}`}`,
      );
      print();
      return true;
    } catch (error) {
      if (options.approve) throw error;
      printFailure(error, { json: false, trace: false });
    }
  }
}

async function askAtTerminal(checkpoint: Checkpoint): Promise<Chosen | null> {
  try {
    return await withTerminal(async (ask) => askDecision(ask, checkpoint));
  } catch (error) {
    if (error instanceof PersonLeft) return null;
    throw error;
  }
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
