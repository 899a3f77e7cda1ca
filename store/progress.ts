import type { LedgerBatch, ProgressStore } from '../contracts/ports.ts';
import type { Engine } from './engine.ts';
import { prepareQuery } from './prepared-query.ts';
import type { Database, Tables, Writing } from './tables.ts';

const deleteProgress = prepareQuery<Pick<Tables['progress'], 'run' | 'task' | 'attempt'>, unknown>(
  (tx, value) =>
    tx
      .deleteFrom('progress')
      .where('run', '=', value('run'))
      .where('task', '=', value('task'))
      .where('attempt', '<=', value('attempt')),
);

export function createProgress(db: Database, engine: Engine, now: () => number): ProgressStore {
  return {
    async note({ run, epoch, task, attempt, fence }, { text, done, of }) {
      return db.transaction().execute(async (tx) => {
        const live = await tx
          .selectFrom('runs')
          .select(['epoch', 'closed_at'])
          .where('run', '=', run)
          .$if(engine.rowLocks, (query) => query.forUpdate())
          .executeTakeFirst();
        if (live?.epoch !== epoch || live.closed_at !== null) return false;
        const claimed = await tx
          .selectFrom('claims')
          .select('attempt')
          .where('run', '=', run)
          .where('task', '=', task)
          .executeTakeFirst();
        if (claimed && claimed.attempt > fence) return false;
        const said = { epoch, attempt, fence, text, done, of_all: of, at: new Date(now()).toISOString() };
        const { numInsertedOrUpdatedRows: kept } = await tx
          .insertInto('progress')
          .values({ run, task, ...said })
          .onConflict((conflict) =>
            conflict.columns(['run', 'task']).doUpdateSet(said).where('progress.fence', '<=', fence),
          )
          .executeTakeFirstOrThrow();
        return Boolean(kept);
      });
    },

    async list(run) {
      const rows = await db
        .selectFrom('progress')
        .leftJoin('claims', (join) =>
          join.onRef('claims.run', '=', 'progress.run').onRef('claims.task', '=', 'progress.task'),
        )
        .selectAll('progress')
        .where('progress.run', '=', run)
        // What an attempt said that a newer one has taken over from.
        .where((where) =>
          where.or([
            where('claims.attempt', 'is', null),
            where('claims.attempt', '<=', where.ref('progress.fence')),
          ]),
        )
        .orderBy('progress.task')
        .execute();
      return rows.map(({ task, epoch, attempt, text, done, of_all: of, at }: Tables['progress']) => ({
        task,
        epoch,
        attempt,
        text,
        done,
        of,
        at,
      }));
    },
  };
}

/** Forgets the tasks that have ended by these outcomes. */
export async function clearProgressOf(tx: Writing, engine: Engine, batch: LedgerBatch): Promise<void> {
  for (const outcome of batch.outcomes)
    if (outcome.type === 'result' || outcome.type === 'cancelled') {
      const { task, attempt } = outcome;
      await deleteProgress(tx, engine, { run: batch.run, task, attempt });
    }
}

export async function clearProgress(tx: Writing, run: string): Promise<void> {
  await tx.deleteFrom('progress').where('run', '=', run).execute();
}
