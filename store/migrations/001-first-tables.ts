import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const createFirstTables: Migration = async (db, engine) => {
  const bytes = sql.raw(engine.bytes);
  await db.schema
    .createTable('runs')
    .addColumn('run', 'text', (column) => column.primaryKey())
    .addColumn('process', 'text', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('started_by', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('closed_at', 'text')
    .addColumn('manifest_digest', 'text', (column) => column.notNull())
    .addColumn('launched', 'integer', (column) => column.notNull())
    .addColumn('start', 'text', (column) => column.notNull())
    // Both databases hold two nulls to be different: runs without a key do not collide.
    .addUniqueConstraint('runs_by_key', ['process', 'key'])
    .execute();
  await db.schema.createIndex('runs_by_start').on('runs').columns(['started_at', 'run']).execute();
  await db.schema
    .createTable('ledger')
    .addColumn('run', 'text', (column) => column.notNull().references('runs.run'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('previous', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_by_position', ['run', 'position'])
    // With the kind: ids of refusals come from outside, and must not take an outcome's place.
    .addUniqueConstraint('ledger_by_id', ['run', 'epoch', 'kind', 'id'])
    .execute();
  await db.schema
    .createTable('artifacts')
    .addColumn('digest', 'text', (column) => column.primaryKey())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('stored_at', 'text', (column) => column.notNull())
    .addColumn('erased_at', 'text')
    .addColumn('content', bytes)
    .execute();
  await db.schema
    .createTable('claims')
    .addColumn('run', 'text', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('attempt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('claims_by_task', ['run', 'task'])
    .execute();
  await db.schema
    .createTable('snapshots')
    .addColumn('run', 'text', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('attempt', 'bigint', (column) => column.notNull())
    .addColumn('content', bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('snapshots_by_key', ['run', 'task', 'key'])
    .execute();
  await db.schema
    .createTable('slots')
    .addColumn('run', 'text', (column) => column.notNull().references('runs.run'))
    .addColumn('slot', 'text', (column) => column.notNull())
    .addColumn('n', 'integer', (column) => column.notNull())
    .addColumn('verb', 'text', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('digest', 'text')
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('lease_ends_milliseconds', 'bigint', (column) => column.notNull())
    .addColumn('called', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('receipt', 'text')
    .addColumn('failure', 'text')
    .addPrimaryKeyConstraint('slots_by_try', ['run', 'slot', 'n', 'verb', 'tries'])
    .execute();
  await db.schema
    .createTable('desk')
    .addColumn('run', 'text', (column) => column.notNull().references('runs.run'))
    .addColumn('checkpoint_id', 'text', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('process', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('checkpoint', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('desk_by_checkpoint', ['run', 'checkpoint_id'])
    .execute();
};
