import type { Kysely, Transaction } from 'kysely';
import { toFailure } from '../contracts/failures.ts';
import type { Engine } from './engine.ts';
import type { Database } from './tables.ts';
import { createFirstTables } from './migrations/001-first-tables.ts';
import { addOriginsOfRuns } from './migrations/003-origins-of-runs.ts';
import { numberRowsOfDesk } from './migrations/004-desk-by-number.ts';
import { createProgressTable } from './migrations/005-progress.ts';

interface Versioned {
  store_version: { only: number; version: number };
}

/** One step from a version of the store to the next; steps are added, never changed: stores hold what they made. */
export type Migration = (db: Transaction<unknown>, engine: Engine) => Promise<void>;

export const migrations: readonly Migration[] = [
  createFirstTables,
  addOriginsOfRuns,
  numberRowsOfDesk,
  createProgressTable,
];

/** Brings the store to the version of this code. Throws `Store.Newer` where it is beyond. */
export async function migrate(
  database: Database,
  engine: Engine,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  const db = database as unknown as Kysely<Versioned>;
  await db.schema
    .createTable('store_version')
    .ifNotExists()
    .addColumn('only', 'integer', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  if ((await readVersion(db, engine, steps)) === steps.length) return;
  await db
    .insertInto('store_version')
    .values({ only: 1, version: 0 })
    .onConflict((conflict) => conflict.column('only').doNothing())
    .execute();
  await db.transaction().execute(async (tx) => {
    // Read again under the lock: another process may have migrated it meanwhile.
    const version = await readVersion(tx, engine, steps);
    for (const step of steps.slice(version)) await step(tx as unknown as Transaction<unknown>, engine);
    await tx.updateTable('store_version').set({ version: steps.length }).execute();
  });
}

async function readVersion(
  db: Kysely<Versioned>,
  engine: Engine,
  steps: readonly Migration[],
): Promise<number> {
  const row = await db
    .selectFrom('store_version')
    .select('version')
    .$if(engine.rowLocks && db.isTransaction, (query) => query.forUpdate())
    .executeTakeFirst();
  const version = row?.version ?? 0;
  if (version > steps.length)
    throw toFailure(
      'Store.Newer',
      `The store in ${engine.place} has version ${version}; this Baton knows versions up to ${steps.length}.`,
      { name: engine.place },
    );
  return version;
}
