import { setTimeout as sleep } from 'node:timers/promises';
import type { BatonClient } from '../client/create-client.ts';
import type { Person } from '../client/door.ts';
import { outcomesOf } from '../client/read-run.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { RunResult } from '../contracts/messages.ts';
import type { DeskRow, Store } from '../contracts/ports.ts';
import { readAmendable } from './amendable-inputs.ts';
import { PersonLeft, withTerminal } from './ask-person.ts';
import { aborted } from './interrupt.ts';
import { askDecision } from './decide-dialogue.ts';
import type { Aids, Amendment, Chosen } from './decide-dialogue.ts';
import { describeCheckpoint } from './describe-checkpoint.ts';
import { progressLine } from './describe-progress.ts';
import { paint, print, printFailure, printStanding } from './output.ts';
import { scriptedDecision } from './scripted-decision.ts';
import { showSubjects } from './show-subjects.ts';
import type { LookOptions } from './show-subjects.ts';
import { formatLine, timelineOf } from './timeline.ts';

export interface FollowOptions extends LookOptions {
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
    } else {
      printStanding((await store.progress.list(run)).map(progressLine).join(' · '));
      await Promise.race([closed, left, sleep(50)]);
    }
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
  const names = await showSubjects(store, row, options);
  const amendable = await readAmendable(store, row);
  const person = demoPerson(checkpoint);
  for (;;) {
    const chosen = options.approve
      ? scriptedDecision(checkpoint, options.answers)
      : await askAtTerminal(checkpoint, { names, amendable }, options.signal);
    if (!chosen) return false;
    try {
      if ('amend' in chosen) await client.amend(run, chosen.amend.field, chosen.amend.value, person);
      else await client.decide(run, { ...chosen, checkpoint: checkpoint.id, digest }, person);
      return true;
    } catch (error) {
      if (options.approve) throw error;
      printFailure(error, { json: false, trace: false });
    }
  }
}

async function askAtTerminal(
  checkpoint: Checkpoint,
  aids: Aids,
  signal: AbortSignal,
): Promise<Chosen | Amendment | null> {
  try {
    return await withTerminal(async (ask) => askDecision(ask, checkpoint, aids), signal);
  } catch (error) {
    if (error instanceof PersonLeft) return null;
    throw error;
  }
}
