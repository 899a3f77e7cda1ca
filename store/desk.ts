import type { Checkpoint } from '../contracts/checkpoint.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Commit, Store } from '../contracts/ports.ts';
import type { Database, Writing } from './tables.ts';

/** Makes the run's rows those that are open now; rows that did not change are not written. */
export async function replaceDesk(tx: Writing, desk: NonNullable<Commit['desk']>, at: string): Promise<void> {
  const { run, epoch, process, open } = desk;
  const rows = await tx
    .selectFrom('desk')
    .select(['checkpoint_id', 'epoch', 'digest', 'checkpoint'])
    .where('run', '=', run)
    .execute();
  const closed = new Map(rows.map((row) => [row.checkpoint_id, row]));
  for (const { checkpoint, digest } of open) {
    const text = canonicalJson(checkpoint);
    const there = closed.get(checkpoint.id);
    closed.delete(checkpoint.id);
    if (there?.digest === digest && there.checkpoint === text) continue;
    const row = { epoch, process, digest, checkpoint: text };
    await tx
      .insertInto('desk')
      .values({ run, checkpoint_id: checkpoint.id, ...row, opened_at: at })
      .onConflict((conflict) =>
        // Another digest is another question; the same one, described otherwise, has waited since it was opened.
        conflict
          .columns(['run', 'checkpoint_id'])
          .doUpdateSet(there?.digest === digest ? row : { ...row, opened_at: at }),
      )
      .execute();
  }
  if (closed.size > 0)
    await tx
      .deleteFrom('desk')
      .where('run', '=', run)
      .where('checkpoint_id', 'in', [...closed.keys()])
      .execute();
}

export async function clearDesk(tx: Writing, run: string): Promise<void> {
  await tx.deleteFrom('desk').where('run', '=', run).execute();
}

export function createDesk(db: Database): Store['desk'] {
  return {
    async open(filter = {}) {
      let query = db.selectFrom('desk').selectAll();
      if (filter.run !== undefined) query = query.where('run', '=', filter.run);
      if (filter.process !== undefined) query = query.where('process', '=', filter.process);
      const rows = await query.orderBy('opened_at').orderBy('run').orderBy('checkpoint_id').execute();
      return rows.map(({ run, epoch, process, checkpoint, digest, opened_at: openedAt }) => ({
        run,
        epoch,
        process,
        checkpoint: JSON.parse(checkpoint) as Checkpoint,
        digest,
        openedAt,
      }));
    },
  };
}
