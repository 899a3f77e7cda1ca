import type { Commit, LedgerHead, Reserved, SlotReservation } from '../contracts/ports.ts';
import { changeDesk } from './desk.ts';
import type { Engine } from './engine.ts';
import { appendRecords, recordsOf } from './ledger.ts';
import type { NewRecord } from './ledger.ts';
import { clearProgressOf } from './progress.ts';
import { assertLive, closeRun, lockRun, noteLaunched } from './runs.ts';
import { reserveSlot, settleSlot } from './slots.ts';
import type { Writing } from './tables.ts';

/** Does all parts of a commit inside the transaction; answers the head of the batch's run, else of the first run named. */
export async function applyCommit(
  tx: Writing,
  engine: Engine,
  commit: Commit,
  now: number,
): Promise<LedgerHead | null> {
  const runs = runsOf(commit);
  const heads = new Map<string, LedgerHead | null>();
  // The same order for every writer: two that lock several runs' rows never wait for each other.
  for (const run of runs.toSorted())
    heads.set(run, await applyToRun(tx, engine, partsOf(commit, run), run, now));
  return heads.get(runs[0] ?? '') ?? null;
}

export async function applyReservation(
  tx: Writing,
  engine: Engine,
  reservation: SlotReservation,
  now: number,
): Promise<Reserved> {
  const live = await lockRun(tx, engine, reservation.run);
  assertLive(reservation.run, reservation.epoch, live.epoch);
  return reserveSlot(tx, reservation, now);
}

async function applyToRun(
  tx: Writing,
  engine: Engine,
  parts: Commit,
  run: string,
  now: number,
): Promise<LedgerHead | null> {
  const { batch, desk, settle, close } = parts;
  const at = new Date(now).toISOString();
  const live = await lockRun(tx, engine, run);
  for (const part of [batch, desk, close]) if (part) assertLive(run, part.epoch, live.epoch);
  const records: NewRecord[] = [...(batch ? recordsOf(batch) : []), ...(parts.records ?? [])];
  // First: a holder that lost its lease is told so before what it would record meets what is recorded.
  if (settle) await settleSlot(tx, settle, live.epoch, records.length === 0 && !desk && !close);
  if (batch && live.launched === 0) await noteLaunched(tx, run);
  const head = await appendRecords(tx, engine, run, records, at);
  // What a retried activity shows again may be over since.
  if (desk && live.closed_at === null) await changeDesk(tx, desk, at);
  if (batch) await clearProgressOf(tx, engine, batch);
  if (close) await closeRun(tx, close, live, at);
  return head;
}

function runsOf({ batch, records = [], desk, settle, close }: Commit): string[] {
  const parts = [batch, ...records, desk, settle, close];
  return [...new Set(parts.flatMap((part) => (part ? [part.run] : [])))];
}

function partsOf(commit: Commit, run: string): Commit {
  const { batch, records, desk, settle, close } = commit;
  return {
    ...(batch?.run === run ? { batch } : {}),
    ...(records ? { records: records.filter((record) => record.run === run) } : {}),
    ...(desk?.run === run ? { desk } : {}),
    ...(settle?.run === run ? { settle } : {}),
    ...(close?.run === run ? { close } : {}),
  };
}
