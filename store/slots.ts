import { toFailure } from '../contracts/failures.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Json } from '../contracts/json.ts';
import type { SlotVerb } from '../contracts/outcome.ts';
import type { Commit, Reserved, SlotReservation, SlotRow, Store } from '../contracts/ports.ts';
import { assertLive } from './runs.ts';
import type { Database, Tables, Writing } from './tables.ts';

type Row = Tables['slots'];
type Settle = NonNullable<Commit['settle']>;
type Held = Pick<SlotReservation, 'run' | 'slot' | 'n' | 'verb' | 'tries' | 'holder'>;

/**
 * One row for each try of a slot's n and verb, under the run's lock. A later attempt of the same try takes the row
 * over when its lease has ended; a new try begins only after the earlier ones ended or lost their lease;
 * and where any try proved a success, nothing is reserved any more.
 */
export async function reserveSlot(tx: Writing, wanted: SlotReservation, now: number): Promise<Reserved> {
  const tries = await readTries(tx, wanted);
  const row = tries.find((one) => one.tries === wanted.tries);
  const ended = row && row.status !== 'reserved' ? row : tries.find((one) => one.status === 'success');
  if (ended) return { kind: 'ended', row: toSlotRow(ended) };
  const newer = tries.findLast((one) => one.tries > wanted.tries);
  if (newer) return { kind: newer.status === 'reserved' ? 'leased' : 'ended', row: toSlotRow(newer) };
  const open = tries.filter((one) => one.status === 'reserved');
  const held = open.find((one) => one.holder !== wanted.holder && one.lease_ends_milliseconds > now);
  if (held) return { kind: 'leased', row: toSlotRow(held) };
  await abandon(
    tx,
    open.filter((one) => one.tries < wanted.tries),
  );
  const mine: Row = {
    ...keyOf(wanted),
    epoch: wanted.epoch,
    digest: wanted.digest,
    holder: wanted.holder,
    lease_ends_milliseconds: now + wanted.lease,
    called: row?.called === 1 || wanted.called ? 1 : 0,
    status: 'reserved',
    receipt: null,
    failure: null,
  };
  if (row) await update(tx, row, mine);
  else await tx.insertInto('slots').values(mine).execute();
  return { kind: 'mine', row: toSlotRow(mine), before: row?.called === 1 };
}

/** Whoever gave up a try without ending it left open whether it happened. */
async function abandon(tx: Writing, rows: Row[]): Promise<void> {
  for (const row of rows)
    await update(tx, row, {
      status: row.called ? 'uncertain' : 'refused',
      failure: canonicalJson({
        type: row.called ? 'Effect.Uncertain' : 'Effect.Refused',
        message: 'Its attempt ended without saying what became of it.',
      }),
    });
}

export async function markSlotCalled(tx: Writing, held: Held, liveEpoch: number): Promise<void> {
  const tries = await readTries(tx, held);
  const row = tries.find((one) => one.tries === held.tries);
  if (!row || !holds(held, row, tries)) throw lost(held);
  assertLive(held.run, row.epoch, liveEpoch);
  await update(tx, row, { called: 1 });
}

/** `alone`: whether the commit holds nothing else. */
export async function settleSlot(
  tx: Writing,
  settle: Settle,
  liveEpoch: number,
  alone: boolean,
): Promise<void> {
  const tries = await readTries(tx, settle);
  const receipt = settle.receipt === undefined ? null : canonicalJson(settle.receipt);
  const failure = settle.failure ? canonicalJson(settle.failure) : null;
  const end = { status: settle.end, receipt, failure };
  if (tries.some((one) => isEnd(end, one) && (one.tries === settle.tries || end.status === 'success')))
    return;
  const row = tries.find((one) => one.tries === settle.tries);
  if (!row) throw lost(settle);
  if (settle.end === 'success') {
    // The ledger already tells another end of this try: outcomes that came along would contradict it.
    if (row.status !== 'reserved' && !alone) throw lost(settle);
    if (row.status === 'success') return;
  } else {
    if (!holds(settle, row, tries)) throw lost(settle);
    assertLive(settle.run, row.epoch, liveEpoch);
  }
  await update(tx, row, { ...end, holder: settle.holder });
}

/** Who met the end of a slot's call may say it again: it changes nothing. */
function isEnd(end: Pick<Row, 'status' | 'receipt' | 'failure'>, row: Row): boolean {
  return row.status === end.status && row.receipt === end.receipt && row.failure === end.failure;
}

function holds(held: Held, row: Row, tries: Row[]): boolean {
  const mine = row.status === 'reserved' && row.holder === held.holder;
  return mine && !tries.some((one) => one.status === 'success' || one.tries > row.tries);
}

export function createSlots(db: Database): Store['slots'] {
  return {
    async list(run) {
      const rows = await db
        .selectFrom('slots')
        .selectAll()
        .where('run', '=', run)
        .orderBy('slot')
        .orderBy('n')
        .orderBy('verb')
        .orderBy('tries')
        .execute();
      return rows.map(toSlotRow);
    },
  };
}

function keyOf({
  run,
  slot,
  n,
  verb,
  tries,
}: Omit<Held, 'holder'>): Pick<Row, 'run' | 'slot' | 'n' | 'verb' | 'tries'> {
  return { run, slot, n, verb, tries };
}

function readTries(tx: Writing, at: Omit<Held, 'holder' | 'tries'>): Promise<Row[]> {
  return tx
    .selectFrom('slots')
    .selectAll()
    .where('run', '=', at.run)
    .where('slot', '=', at.slot)
    .where('n', '=', at.n)
    .where('verb', '=', at.verb)
    .orderBy('tries')
    .execute();
}

async function update(tx: Writing, row: Row, to: Partial<Row>): Promise<void> {
  await tx
    .updateTable('slots')
    .set(to)
    .where('run', '=', row.run)
    .where('slot', '=', row.slot)
    .where('n', '=', row.n)
    .where('verb', '=', row.verb)
    .where('tries', '=', row.tries)
    .execute();
}

function lost({ slot, holder }: Held): Error {
  return toFailure('Effect.Leased', `${holder} does not hold slot ${slot} any more.`, { name: slot });
}

function toSlotRow(row: Row): SlotRow {
  return {
    run: row.run,
    epoch: row.epoch,
    slot: row.slot,
    n: row.n,
    verb: row.verb as SlotVerb,
    tries: row.tries,
    digest: row.digest,
    holder: row.holder,
    leaseEnds: row.lease_ends_milliseconds,
    called: row.called === 1,
    status: row.status as SlotRow['status'],
    ...(row.receipt === null ? {} : { receipt: JSON.parse(row.receipt) as Json }),
    ...(row.failure === null ? {} : { failure: JSON.parse(row.failure) as NonNullable<SlotRow['failure']> }),
  };
}
