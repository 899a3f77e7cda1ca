import { decisionDigest } from '../contracts/checkpoint.ts';
import type { Json } from '../contracts/json.ts';
import type { RunView, StartArguments } from '../contracts/messages.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { LedgerRecord, Store } from '../contracts/ports.ts';
import type { State } from '../contracts/state.ts';
import { toFailure } from '../contracts/failures.ts';
import { fold } from '../workflows/fold/fold.ts';
import { initialState } from '../workflows/fold/initial-state.ts';
import { next } from '../workflows/fold/next.ts';
import { restart } from '../workflows/fold/restart.ts';
import { orderOutcomes } from './order-outcomes.ts';

/** One outcome as the ledger has it. */
export interface RecordedOutcome {
  index: number;
  epoch: number;
  /** Its number in its epoch, where it bears one. */
  seq: number | null;
  at: string;
  outcome: Outcome;
}

/** A run's outcomes in the order in which they were folded. */
export function outcomesOf(records: LedgerRecord[]): RecordedOutcome[] {
  const outcomes = records.filter((record) => record.kind === 'outcome').map(toRecordedOutcome);
  const epochs = [...new Set(outcomes.map((one) => one.epoch))].sort((a, b) => a - b);
  return epochs.flatMap((epoch) => orderOutcomes(outcomes.filter((one) => one.epoch === epoch)).ordered);
}

export function toRecordedOutcome({ index, epoch, id, at, body }: LedgerRecord): RecordedOutcome {
  const numbered = /^\d+:(\d+)$/.exec(id);
  return {
    index,
    epoch,
    at,
    seq: numbered ? Number(numbered[1]) : null,
    outcome: body as unknown as Outcome,
  };
}

/** The state that a run starts from. */
export function startState(start: StartArguments): State {
  return start.kind === 'new' ? initialState(start) : restart(start.state);
}

/** What a ledger says of a run. */
export interface RecordedRun extends RunView {
  /** Whether no outcome is missing among those of this epoch: what one activity carries may arrive after what a later one does. */
  complete: boolean;
}

/** What the ledger alone says of a run: it needs neither a server nor a worker. */
export async function readRunFromLedger(store: Store, run: string): Promise<RecordedRun> {
  const row = await store.runs.get(run);
  if (!row) throw toFailure('Run.Unknown', `The store knows no run ${run}.`, { name: run });
  const records = await store.ledger.read(run);
  const { ordered, complete } = orderOutcomes(outcomesOf(records).filter((one) => one.epoch === row.epoch));
  let state = startState(row.start as Json as unknown as StartArguments);
  for (const { outcome } of ordered) state = fold(state, outcome);
  const last = records.at(-1);
  const { ask, wait } = next(state);
  return {
    state,
    next: { ask, wait },
    open: ask.map((checkpoint) => ({ checkpoint, digest: decisionDigest(run, state.epoch, checkpoint) })),
    head: last ? { index: last.index, hash: last.hash } : null,
    running: [],
    complete,
  };
}
