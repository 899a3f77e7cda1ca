import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatonClient } from '../client/create-client.ts';
import type { Person } from '../client/door.ts';
import { outcomesOf } from '../client/read-run.ts';
import type { Checkpoint, CheckpointKind } from '../contracts/checkpoint.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunResult } from '../contracts/messages.ts';
import type { DeskRow, Store } from '../contracts/ports.ts';
import { PersonLeft, withTerminal } from './ask-person.ts';
import { aborted } from './interrupt.ts';
import { askDecision } from './decide-dialogue.ts';
import type { Chosen } from './decide-dialogue.ts';
import { describeCheckpoint } from './describe-checkpoint.ts';
import { namesIn } from './names-in.ts';
import type { Named } from './names-in.ts';
import { columnsOfTerminal, paint, print, printFailure } from './output.ts';
import { previewArtifact } from './preview-artifact.ts';
import { describeRemade, findRemade } from './remade.ts';
import { scriptedDecision } from './scripted-decision.ts';
import { summariseArtifact } from './summarise-artifact.ts';
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

const judged: CheckpointKind[] = ['review', 'authorise', 'correction'];

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
  const subjects = await readSubjects(store, row);
  if (judged.includes(checkpoint.kind)) {
    for (const [name, { value, digest: version }] of Object.entries(subjects)) {
      for (const line of summariseArtifact(value, columnsOfTerminal() - 4)) print(paint('dim', line && `    ${line}`));
      print(
        `  look at    ${describeFiles(previewArtifact(path.join(options.previews, run, version.slice(0, 8)), name, value))}`,
      );
    }
    const remade = findRemade(outcomesOf(await store.ledger.read(run))).at(-1);
    if (remade) for (const line of describeRemade(remade)) print(`  ${line}`);
  }
  const names = Object.values(subjects).flatMap(({ value }) => namesIn(value));
  const person = demoPerson(checkpoint);
  for (;;) {
    const chosen = options.approve
      ? scriptedDecision(checkpoint, options.answers)
      : await askAtTerminal(checkpoint, names, options.signal);
    if (!chosen) return false;
    try {
      await client.decide(run, { ...chosen, checkpoint: checkpoint.id, digest }, person);
      return true;
    } catch (error) {
      if (options.approve) throw error;
      printFailure(error, { json: false, trace: false });
    }
  }
}

async function askAtTerminal(
  checkpoint: Checkpoint,
  names: Named[],
  signal: AbortSignal,
): Promise<Chosen | null> {
  try {
    return await withTerminal(async (ask) => askDecision(ask, checkpoint, names), signal);
  } catch (error) {
    if (error instanceof PersonLeft) return null;
    throw error;
  }
}

interface Subject {
  digest: string;
  value: Json;
}

/** What is to be judged, as an edit would leave it where one is asked for. */
async function readSubjects(store: Store, { checkpoint }: DeskRow): Promise<{ [artifact: string]: Subject }> {
  const subjects: { [artifact: string]: Subject } = {};
  for (const [name, subject] of Object.entries(checkpoint.shown.subjects)) {
    const digest = checkpoint.shown.draft?.result?.digest ?? subject?.digest;
    if (digest === undefined) continue;
    const { content } = await store.artifacts.get(digest);
    subjects[name] = { digest, value: JSON.parse(Buffer.from(content).toString()) as Json };
  }
  return subjects;
}

/** The page, or else the first file, and how many lie beside it. */
function describeFiles(files: string[]): string {
  const shown = files.find((file) => file.endsWith('.html')) ?? files[0] ?? '';
  const near = path.relative('.', shown);
  const others = files.length > 1 ? `, with ${files.length - 1} more files beside it` : '';
  return `${near.startsWith('..') ? shown : near}${others}`;
}
