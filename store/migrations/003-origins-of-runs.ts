import type { Migration } from '../migrate.ts';

/** When a run that was started ahead of time begins, and the run that it is part of. */
export const addOriginsOfRuns: Migration = async (db) => {
  await db.schema.alterTable('runs').addColumn('starts_at', 'text').execute();
  await db.schema.alterTable('runs').addColumn('parent', 'text').execute();
  await db.schema.createIndex('runs_by_parent').on('runs').columns(['parent']).execute();
};
