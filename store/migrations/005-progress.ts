import type { Migration } from '../migrate.ts';

/** How far the tasks under way are; of no use to anyone once they have ended. */
export const createProgressTable: Migration = async (db) => {
  await db.schema
    .createTable('progress')
    .addColumn('run', 'text', (column) => column.notNull().references('runs.run'))
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('fence', 'bigint', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('done', 'double precision')
    .addColumn('of_all', 'double precision')
    .addColumn('at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('progress_by_task', ['run', 'task'])
    .execute();
};
