import { toFailure } from '../contracts/failures.ts';
import type { SnapshotStore } from '../contracts/ports.ts';
import { putArtifacts } from './artifacts.ts';
import type { Database, Writing } from './tables.ts';

export function createSnapshots(db: Database, now: () => number): SnapshotStore {
  return {
    async load({ run, task, key }) {
      const row = await db
        .selectFrom('snapshots')
        .select(['attempt', 'content'])
        .where('run', '=', run)
        .where('task', '=', task)
        .where('key', '=', key)
        .executeTakeFirst();
      return row ?? null;
    },

    async save(at, content, artifacts = []) {
      return db.transaction().execute(async (tx) => {
        await claim(tx, at);
        await tx
          .insertInto('snapshots')
          .values({ ...rowKey(at), attempt: at.attempt, content })
          .onConflict((conflict) =>
            conflict.columns(['run', 'task', 'key']).doUpdateSet({ attempt: at.attempt, content }),
          )
          .execute();
        return putArtifacts(tx, artifacts, now());
      });
    },

    async claim(at) {
      await claim(db, at);
    },
  };
}

type Attempt = Parameters<SnapshotStore['claim']>[0];

function rowKey({ run, task, key }: Attempt): { run: string; task: string; key: string } {
  return { run, task, key };
}

/** One statement, so that of two attempts at once the newer wins in every order. */
async function claim(db: Database | Writing, { run, task, attempt }: Attempt): Promise<void> {
  const { numInsertedOrUpdatedRows: claimed } = await db
    .insertInto('claims')
    .values({ run, task, attempt })
    .onConflict((conflict) =>
      conflict.columns(['run', 'task']).doUpdateSet({ attempt }).where('claims.attempt', '<=', attempt),
    )
    .executeTakeFirstOrThrow();
  if (!claimed)
    throw toFailure('Snapshot.Fenced', `A newer attempt than ${attempt} has claimed task ${task}.`, {
      name: task,
    });
}
