import type { Migration } from '../migrate.ts';

/** By which outcome of its run a row of the desk says what is open, so that an older word of it changes nothing. */
export const numberRowsOfDesk: Migration = async (db) => {
  await db.schema
    .alterTable('desk')
    .addColumn('seq', 'integer', (column) => column.notNull().defaultTo(-1))
    .execute();
};
