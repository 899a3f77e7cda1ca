import { Kysely } from 'kysely';
import type { Store } from '../contracts/ports.ts';
import { createArtifacts } from './artifacts.ts';
import { applyCommit, applyReservation } from './commit.ts';
import { createDesk } from './desk.ts';
import type { Engine } from './engine.ts';
import { createLedger } from './ledger.ts';
import { migrate } from './migrate.ts';
import { createProgress } from './progress.ts';
import { createRuns, lockRun } from './runs.ts';
import { createSlots, markSlotCalled } from './slots.ts';
import { createSnapshots } from './snapshots.ts';
import { openSqliteEngine } from './sqlite-engine.ts';
import type { Tables, Writing } from './tables.ts';

export interface StoreOptions {
  /** Made where it is missing; any number of processes of one machine may open it at once. */
  folder: string;
  /** Milliseconds since 1970; for leases and for when things were recorded. */
  now?: () => number;
  /** How many milliseconds to wait for other processes' writes before `Store.Unavailable`. */
  patience?: number;
}

/** The store in this folder. Throws `Store.Unavailable`, `Store.Newer`. */
export async function openStore({ folder, now = Date.now, patience = 30_000 }: StoreOptions): Promise<Store> {
  return openOn(await openSqliteEngine(folder, patience), now);
}

/** The store on an engine, brought to this code's version. */
async function openOn(engine: Engine, now: () => number): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: engine.dialect });
  try {
    await migrate(db, engine);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const write = <T>(work: (tx: Writing) => Promise<T>): Promise<T> => db.transaction().execute(work);
  return {
    artifacts: createArtifacts(db, engine, now),
    snapshots: createSnapshots(db, engine, now),
    progress: createProgress(db, engine, now),
    ledger: createLedger(db),
    runs: createRuns(db, engine, now),
    desk: createDesk(db),
    slots: createSlots(db),
    commit: (commit) => write((tx) => applyCommit(tx, engine, commit, now())),
    reserve: (commit, reservation) =>
      write(async (tx) => {
        const head = await applyCommit(tx, engine, commit, now());
        return { head, reserved: await applyReservation(tx, engine, reservation, now()) };
      }),
    markCalled: (at) =>
      write(async (tx) => {
        const { epoch } = await lockRun(tx, engine, at.run);
        await markSlotCalled(tx, at, epoch);
      }),
    close: () => db.destroy(),
  };
}
