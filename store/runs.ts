import { toFailure } from '../contracts/failures.ts';
import type { Json } from '../contracts/json.ts';
import type { Commit, RunRow, Store } from '../contracts/ports.ts';
import { putArtifacts } from './artifacts.ts';
import { clearDesk } from './desk.ts';
import type { Engine } from './engine.ts';
import { prepareQuery } from './prepared-query.ts';
import { clearProgress } from './progress.ts';
import type { Database, Tables, Writing } from './tables.ts';

type Live = Pick<Tables['runs'], 'epoch' | 'closed_at' | 'status' | 'launched'>;

const selectLive = prepareQuery<{ run: string }, Live>((tx, value, engine) =>
  tx
    .selectFrom('runs')
    .select(['epoch', 'closed_at', 'status', 'launched'])
    .where('run', '=', value('run'))
    .$if(engine.rowLocks, (query) => query.forUpdate()),
);

/** The run's row, which no other writer changes until the transaction ends. Throws `Run.Unknown`. */
export async function lockRun(tx: Writing, engine: Engine, run: string): Promise<Live> {
  const {
    rows: [row],
  } = await selectLive(tx, engine, { run });
  if (!row)
    throw toFailure('Run.Unknown', `The store in ${engine.place} knows no run ${run}.`, { name: run });
  return row;
}

/** Throws `Run.OldEpoch` unless `epoch` is the live one. */
export function assertLive(run: string, epoch: number, live: number): void {
  if (epoch < live)
    throw toFailure('Run.OldEpoch', `Epoch ${live} of run ${run} is live; this comes from ${epoch}.`, {
      name: run,
    });
  if (epoch > live)
    throw toFailure('Run.Unknown', `Run ${run} has no epoch ${epoch} yet; ${live} is live.`, { name: run });
}

export async function closeRun(
  tx: Writing,
  { run, status }: NonNullable<Commit['close']>,
  live: Live,
  at: string,
): Promise<void> {
  if (live.closed_at !== null && live.status === status) return;
  await tx.updateTable('runs').set({ status, closed_at: at }).where('run', '=', run).execute();
  await clearDesk(tx, run);
  await clearProgress(tx, run);
}

/** A workflow that records has been started. */
export async function noteLaunched(tx: Writing, run: string): Promise<void> {
  await tx.updateTable('runs').set({ launched: 1 }).where('run', '=', run).execute();
}

export function createRuns(db: Database, engine: Engine, now: () => number): Store['runs'] {
  const find = (key: { run: string } | { process: string; key: string }) =>
    db
      .selectFrom('runs')
      .selectAll()
      .where((where) => where.and(key))
      .executeTakeFirst();

  return {
    async reserve(wanted, artifacts = []) {
      const { run, process, key, epoch, startedBy, manifestDigest, start, startsAt, parent } = wanted;
      const { numInsertedOrUpdatedRows: added } = await db.transaction().execute(async (tx) => {
        await putArtifacts(tx, engine, artifacts, now());
        return tx
          .insertInto('runs')
          .values({
            run,
            process,
            key,
            epoch,
            status: 'open',
            started_by: startedBy,
            started_at: new Date(now()).toISOString(),
            closed_at: null,
            manifest_digest: manifestDigest,
            launched: 0,
            // Not canonical: in a state that a run starts from, slots stand in the order in which they were filled.
            start: JSON.stringify(start),
            starts_at: startsAt ?? null,
            parent: parent ?? null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
      });
      const held = (key === null ? undefined : await find({ process, key })) ?? (await find({ run }));
      if (!held || held.process !== process || held.key !== key)
        throw toFailure('Key.InUse', `Run ${run} is reserved for another process or key.`, { name: run });
      return { row: toRunRow(held), created: Boolean(added) };
    },

    async openEpoch(run, epoch, start) {
      const text = JSON.stringify(start);
      await db.transaction().execute(async (tx) => {
        const live = await lockRun(tx, engine, run);
        const { start: held } = await tx
          .selectFrom('runs')
          .select('start')
          .where('run', '=', run)
          .executeTakeFirstOrThrow();
        if (epoch === live.epoch && text === held) return;
        if (epoch <= live.epoch)
          throw toFailure('Run.OldEpoch', `Epoch ${live.epoch} of run ${run} is live already.`, {
            name: run,
          });
        await tx
          .updateTable('runs')
          .set({ epoch, start: text, launched: 0, status: 'open', closed_at: null })
          .where('run', '=', run)
          .execute();
        await clearDesk(tx, run);
        await clearProgress(tx, run);
      });
    },

    async get(run) {
      const row = await find({ run });
      return row ? toRunRow(row) : null;
    },

    async list(filter = {}) {
      let query = db.selectFrom('runs').selectAll();
      for (const column of ['process', 'status', 'key', 'parent'] as const) {
        const value = filter[column];
        if (value !== undefined) query = query.where(column, '=', value);
      }
      if (filter.limit !== undefined) query = query.limit(filter.limit);
      const rows = await query.orderBy('started_at', 'desc').orderBy('run', 'desc').execute();
      return rows.map(toRunRow);
    },
  };
}

function toRunRow(row: Tables['runs']): RunRow {
  return {
    run: row.run,
    process: row.process,
    key: row.key,
    epoch: row.epoch,
    status: row.status,
    startedBy: row.started_by,
    startedAt: row.started_at,
    closedAt: row.closed_at,
    manifestDigest: row.manifest_digest,
    launched: row.launched === 1,
    startsAt: row.starts_at,
    parent: row.parent,
    // Read when asked for: it holds the manifest, and most look at the rest alone.
    get start() {
      return JSON.parse(row.start) as Json;
    },
  };
}
