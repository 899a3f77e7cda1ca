import { setTimeout } from 'node:timers/promises';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { DeskRow, ProgressRow, Store } from '../contracts/ports.ts';
import { findRow } from './look-up-run.ts';
import { toRecordedOutcome } from './read-run.ts';
import type { RecordedOutcome } from './read-run.ts';

/** One thing that happened in a run, or how far a task of it is. */
export type RunEvent =
  /** As it was recorded; `seq` is its place among the outcomes of its epoch, which may be recorded in another order. */
  | ({ kind: 'outcome' } & RecordedOutcome)
  | { kind: 'opened'; checkpoint: Checkpoint; digest: string; at: string }
  /** By id: decided, or not asked any more. */
  | { kind: 'closed'; checkpoint: string }
  | ({ kind: 'progress' } & ProgressRow);

export interface FollowOptions {
  /** Ends the following; the run goes on. */
  signal?: AbortSignal;
}

/** Milliseconds between two looks at the store. */
const pause = 200;

/** What happens in a run, from its beginning, until it closes or the signal is aborted. Throws `Run.Unknown`. */
export async function* followRun(
  store: Store,
  run: string,
  { signal }: FollowOptions = {},
): AsyncGenerator<RunEvent> {
  const desk = new Map<string, DeskRow>();
  const underWay = new UnderWay();
  const told = new Map<string, string>();
  let after: number | undefined;
  while (!signal?.aborted) {
    // Before all the rest, so that nothing is missed that came with the close.
    const row = await findRow(store, run);
    const open = await store.desk.open({ run });
    const progress = await store.progress.list(run);
    const records = await store.ledger.read(run, after);
    after = records.at(-1)?.index ?? after;
    const outcomes = records.filter(({ kind }) => kind === 'outcome').map(toRecordedOutcome);
    for (const recorded of outcomes) {
      underWay.note(recorded);
      if (recorded.outcome.type !== 'close') yield { kind: 'outcome', ...recorded };
    }
    yield* turnsOf(desk, open);
    // Last, as nothing comes after it.
    for (const recorded of outcomes)
      if (recorded.outcome.type === 'close') yield { kind: 'outcome', ...recorded };
    for (const one of progress) {
      // What an attempt says that is over, or was begun after this look, is no word of what is under way.
      if (!underWay.has(one)) continue;
      if (told.get(one.task) === wordOf(one)) continue;
      told.set(one.task, wordOf(one));
      yield { kind: 'progress', ...one };
    }
    if (row.closedAt !== null) return;
    await setTimeout(pause, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

const wordOf = ({ epoch, attempt, text, done, of }: ProgressRow): string =>
  JSON.stringify([epoch, attempt, text, done, of]);

interface Attempt {
  epoch: number;
  attempt: number;
}

const isNewer = (one: Attempt, other: Attempt | undefined): boolean =>
  !other || one.epoch > other.epoch || (one.epoch === other.epoch && one.attempt > other.attempt);

/** Which attempt of each task is under way, in whichever order what began and ended is recorded. */
class UnderWay {
  readonly #begun = new Map<string, Attempt>();
  readonly #ended = new Map<string, Attempt>();

  note({ epoch, outcome }: RecordedOutcome): void {
    const { type } = outcome;
    if (type !== 'started' && type !== 'result' && type !== 'cancelled') return;
    const attempts = type === 'started' ? this.#begun : this.#ended;
    const one = { epoch, attempt: outcome.attempt };
    if (isNewer(one, attempts.get(outcome.task))) attempts.set(outcome.task, one);
  }

  has(one: Attempt & { task: string }): boolean {
    const begun = this.#begun.get(one.task);
    return (
      begun?.epoch === one.epoch && begun.attempt === one.attempt && isNewer(one, this.#ended.get(one.task))
    );
  }
}

/** What opened and closed since the last look, which is brought up to this one. */
function* turnsOf(desk: Map<string, DeskRow>, open: DeskRow[]): Generator<RunEvent> {
  const now = new Map(open.map((row) => [row.checkpoint.id, row]));
  for (const [id, { digest }] of desk) {
    if (now.get(id)?.digest === digest) continue;
    desk.delete(id);
    yield { kind: 'closed', checkpoint: id };
  }
  for (const [id, row] of now) {
    if (desk.has(id)) continue;
    desk.set(id, row);
    const { checkpoint, digest, openedAt: at } = row;
    yield { kind: 'opened', checkpoint, digest, at };
  }
}
