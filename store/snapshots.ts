import { toFailure } from '../contracts/failures.ts';
import type { SnapshotStore } from '../contracts/ports.ts';
import { putArtifacts } from './artifacts.ts';
import type { Engine } from './engine.ts';
import { prepareQuery } from './prepared-query.ts';
import type { Database, Tables, Writing } from './tables.ts';

type Attempt = Parameters<SnapshotStore['claim']>[0];

const selectSnapshot = prepareQuery<
  Omit<Attempt, 'attempt'>,
  Pick<Tables['snapshots'], 'attempt' | 'content'>
>((tx, value) =>
  tx
    .selectFrom('snapshots')
    .select(['attempt', 'content'])
    .where('run', '=', value('run'))
    .where('task', '=', value('task'))
    .where('key', '=', value('key')),
);

const upsertSnapshot = prepareQuery<Tables['snapshots'], unknown>((tx, value) =>
  tx
    .insertInto('snapshots')
    .values({
      run: value('run'),
      task: value('task'),
      key: value('key'),
      attempt: value('attempt'),
      content: value('content'),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['run', 'task', 'key'])
        .doUpdateSet({ attempt: value('attempt'), content: value('content') }),
    ),
);

const upsertClaim = prepareQuery<Omit<Attempt, 'key'>, unknown>((tx, value) =>
  tx
    .insertInto('claims')
    .values({ run: value('run'), task: value('task'), attempt: value('attempt') })
    .onConflict((conflict) =>
      conflict
        .columns(['run', 'task'])
        .doUpdateSet({ attempt: value('attempt') })
        .where('claims.attempt', '<=', value('attempt')),
    ),
);

export function createSnapshots(db: Database, engine: Engine, now: () => number): SnapshotStore {
  return {
    async load(at) {
      return (await selectSnapshot(db, engine, at)).rows[0] ?? null;
    },

    async save(at, content, artifacts = []) {
      return db.transaction().execute(async (tx) => {
        await claim(tx, engine, at);
        await upsertSnapshot(tx, engine, { ...at, content });
        return putArtifacts(tx, engine, artifacts, now());
      });
    },

    async claim(at) {
      await claim(db, engine, at);
    },
  };
}

/** One statement, so that of two attempts at once the newer wins in every order. */
async function claim(db: Database | Writing, engine: Engine, at: Attempt): Promise<void> {
  const { numAffectedRows: claimed } = await upsertClaim(db, engine, at);
  if (claimed) return;
  const { task, attempt } = at;
  throw toFailure('Snapshot.Fenced', `A newer attempt than ${attempt} has claimed task ${task}.`, {
    name: task,
  });
}
