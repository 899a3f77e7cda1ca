import { toFailure } from '../contracts/failures.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Json } from '../contracts/json.ts';
import { recordId } from '../contracts/outcome.ts';
import type { Commit, LedgerBatch, LedgerHead, LedgerRecord, Store } from '../contracts/ports.ts';
import { ChainCheck, chainStart, hashRecord } from './chain.ts';
import type { Engine } from './engine.ts';
import { prepareQuery } from './prepared-query.ts';
import type { Database, Tables, Writing } from './tables.ts';

export type NewRecord = NonNullable<Commit['records']>[number] | OutcomeRecord;
interface OutcomeRecord {
  run: string;
  epoch: number;
  id: string;
  kind: 'outcome';
  body: Json;
}

const page = 500;

export function recordsOf(batch: LedgerBatch): OutcomeRecord[] {
  return batch.outcomes.map((outcome, place) => ({
    run: batch.run,
    epoch: batch.epoch,
    id: recordId(outcome, batch.epoch, batch.from + place),
    kind: 'outcome',
    body: outcome as unknown as Json,
  }));
}

const selectHead = prepareQuery<{ run: string }, LedgerHead>((tx, value) =>
  tx
    .selectFrom('ledger')
    .select(['position as index', 'hash'])
    .where('run', '=', value('run'))
    .orderBy('position', 'desc')
    .limit(1),
);

const insertRecord = prepareQuery<Tables['ledger'], unknown>((tx, value) =>
  tx
    .insertInto('ledger')
    .values({
      run: value('run'),
      position: value('position'),
      epoch: value('epoch'),
      kind: value('kind'),
      id: value('id'),
      body: value('body'),
      at: value('at'),
      previous: value('previous'),
      hash: value('hash'),
    })
    .onConflict((conflict) => conflict.columns(['run', 'epoch', 'kind', 'id']).doNothing()),
);

/** Appends to one run's chain what is not there yet, under the run's lock; answers the run's head. */
export async function appendRecords(
  tx: Writing,
  engine: Engine,
  run: string,
  records: NewRecord[],
  at: string,
): Promise<LedgerHead | null> {
  let head = (await selectHead(tx, engine, { run })).rows[0] ?? null;
  for (const { epoch, id, kind, body: content } of records) {
    const body = canonicalJson(content);
    const index = (head?.index ?? -1) + 1;
    const previous = head?.hash ?? chainStart;
    const hash = hashRecord({ run, index, epoch, id, kind, body, at, previous });
    const row = { run, position: index, epoch, kind, id, body, at, previous, hash };
    if ((await insertRecord(tx, engine, row)).numAffectedRows) head = { index, hash };
    else await assertRecorded(tx, row);
  }
  return head;
}

async function assertRecorded(
  tx: Writing,
  record: Pick<Tables['ledger'], 'run' | 'epoch' | 'kind' | 'id' | 'body'>,
): Promise<void> {
  const { run, epoch, kind, id, body } = record;
  const there = await tx
    .selectFrom('ledger')
    .select(['position', 'body'])
    .where('run', '=', run)
    .where('epoch', '=', epoch)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (there.body === body) return;
  throw toFailure(
    'Ledger.Broken',
    `Record ${there.position} of run ${run} (${kind} ${id}, epoch ${epoch}) is there and says something else.`,
    { name: run },
  );
}

export function createLedger(db: Database): Store['ledger'] {
  return {
    async read(run, after) {
      const records: LedgerRecord[] = [];
      for await (const row of readRows(db, run, after))
        records.push(toRecord(row, JSON.parse(row.body) as Json));
      return records;
    },
    async verify(run, head) {
      const check = new ChainCheck(head);
      for await (const row of readRows(db, run)) check.follow(toRecord(row, row.body));
      return check.end();
    },
    async runs() {
      const rows = await db.selectFrom('ledger').select('run').distinct().orderBy('run').execute();
      return rows.map(({ run }) => run);
    },
  };
}

async function* readRows(db: Database, run: string, first?: number): AsyncGenerator<Tables['ledger']> {
  let rows: Tables['ledger'][];
  let from = first;
  do {
    const after = from;
    rows = await db
      .selectFrom('ledger')
      .selectAll()
      .where('run', '=', run)
      .$if(after !== undefined, (query) => query.where('position', '>', after as number))
      .orderBy('position')
      .limit(page)
      .execute();
    yield* rows;
    from = rows.at(-1)?.position;
  } while (rows.length === page);
}

function toRecord<Body>(row: Tables['ledger'], body: Body): Omit<LedgerRecord, 'body'> & { body: Body } {
  const { run, position, epoch, id, at, previous, hash } = row;
  const kind = row.kind as LedgerRecord['kind'];
  return { run, index: position, epoch, id, kind, body, at, previous, hash };
}
