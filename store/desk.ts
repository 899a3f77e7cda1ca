import type { Checkpoint } from '../contracts/checkpoint.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Commit, Store } from '../contracts/ports.ts';
import type { Database, Tables, Writing } from './tables.ts';

/** What stands in place of a checkpoint that is closed: the row stays, so that an older word can't open it again. */
const closed = '';

/** Rows that one statement may hold: SQLite takes so many values and no more. */
const rowsAtOnce = 500;

/** Opens and closes rows; of each, the word with the highest number counts, whatever order they arrive in. */
export async function changeDesk(tx: Writing, desk: NonNullable<Commit['desk']>, at: string): Promise<void> {
  const { run, epoch, process, seq } = desk;
  const base = { run, epoch, process, seq, opened_at: at };
  const rows = [
    ...desk.closed.map((id) => ({ ...base, checkpoint_id: id, digest: '', checkpoint: closed })),
    ...desk.opened.map(({ checkpoint, digest }) => ({
      ...base,
      checkpoint_id: checkpoint.id,
      digest,
      checkpoint: canonicalJson(checkpoint),
    })),
  ];
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await putRows(tx, rows.slice(from, from + rowsAtOnce));
}

async function putRows(tx: Writing, rows: Tables['desk'][]): Promise<void> {
  await tx
    .insertInto('desk')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['run', 'checkpoint_id'])
        .doUpdateSet((row) => ({
          epoch: row.ref('excluded.epoch'),
          process: row.ref('excluded.process'),
          digest: row.ref('excluded.digest'),
          checkpoint: row.ref('excluded.checkpoint'),
          seq: row.ref('excluded.seq'),
          // Another digest is another question; the same one, described otherwise, has waited since it was opened.
          opened_at: row
            .case()
            .when('desk.digest', '=', row.ref('excluded.digest'))
            .then(row.ref('desk.opened_at'))
            .else(row.ref('excluded.opened_at'))
            .end(),
        }))
        .whereRef('desk.seq', '<', 'excluded.seq'),
    )
    .execute();
}

export async function clearDesk(tx: Writing, run: string): Promise<void> {
  await tx.deleteFrom('desk').where('run', '=', run).execute();
}

export function createDesk(db: Database): Store['desk'] {
  return {
    async open(filter = {}) {
      let query = db.selectFrom('desk').selectAll().where('checkpoint', '!=', closed);
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
