import { afterEach, beforeEach } from 'vitest';
import type { Checkpoint } from '../../../contracts/checkpoint.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import type { Commit, LedgerBatch, RunRow, Store } from '../../../contracts/ports.ts';

/** A place that holds one store: what each database brings to the suite. */
export interface Place {
  /** Another door to the same store. */
  open(now?: () => number): Promise<Store>;
  /** Runs SQL past the store, as somebody with access to the database could. */
  tamper(sql: string): Promise<void>;
  remove(): Promise<void>;
}

export interface Clock {
  now: number;
}

/** Opens a new place with one store before each test, and removes it afterwards. */
export function usePlace(create: () => Promise<Place>): {
  store: () => Store;
  place: () => Place;
  clock: Clock;
} {
  const clock: Clock = { now: 0 };
  let place: Place;
  let store: Store;
  beforeEach(async () => {
    clock.now = Date.parse('2026-03-01T08:00:00.000Z');
    place = await create();
    store = await place.open(() => clock.now);
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  return { store: () => store, place: () => place, clock };
}

type NewRun = Parameters<Store['runs']['reserve']>[0];

export async function reserveRun(store: Store, run: string, other: Partial<NewRun> = {}): Promise<RunRow> {
  const reserved = await store.runs.reserve({
    run,
    process: 'market-outlook',
    key: null,
    epoch: 1,
    startedBy: 'ana',
    manifestDigest: 'f'.repeat(64),
    start: { seq: 0 },
    ...other,
  });
  return reserved.row;
}

export function started(task: string, attempt = 1): Outcome {
  return { type: 'started', task, attempt, key: `key of ${task}` };
}

export function batch(run: string, from: number, outcomes: Outcome[], epoch = 1): { batch: LedgerBatch } {
  return { batch: { run, epoch, from, outcomes } };
}

export function effectEnded(end: 'success' | 'refused' | 'uncertain', tries = 0): Outcome {
  const failure = { type: 'Effect.Refused', message: 'no such address' };
  return {
    type: 'effectEnded',
    slot: 'publishReport',
    n: 0,
    verb: 'do',
    tries,
    end: end === 'success' ? { kind: end } : { kind: end, failure },
  };
}

/** Checkpoints that opened, by digest, and those that closed, as the run's outcome of this number left it. */
export function deskOf(
  run: string,
  opened: { [id: string]: string },
  { seq = 0, closed = [] }: { seq?: number; closed?: string[] } = {},
): { desk: NonNullable<Commit['desk']> } {
  return {
    desk: {
      run,
      epoch: 1,
      seq,
      process: 'market-outlook',
      closed,
      opened: Object.entries(opened).map(([id, digest]) => ({ checkpoint: checkpoint(id), digest })),
    },
  };
}

export function checkpoint(id: string): Checkpoint {
  return {
    id,
    kind: 'review',
    name: id,
    basis: `basis of ${id}`,
    round: 0,
    offers: ['approve', 'reject'],
    by: { role: 'analyst' },
    fourEyes: false,
    accepts: {},
    shown: { subjects: {}, policy: { by: { role: 'analyst' }, fourEyes: false } },
  };
}

export function failureOf(type: string): { type: string } {
  return { type };
}
