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
  const outcomes = records
    .filter((record) => record.kind === 'outcome')
    .map(({ index, epoch, id, at, body }): RecordedOutcome => {
      const numbered = /^\d+:(\d+)$/.exec(id);
      return {
        index,
        epoch,
        at,
        seq: numbered ? Number(numbered[1]) : null,
        outcome: body as unknown as Outcome,
      };
    });
  return orderBySeq(outcomes);
}

/**
 * Activities append what rides with them, so neighbours may stand in another order than they were folded in: their
 * numbers say which. What bears no number (an effect's end, the close) fills the gaps that the numbers leave, in order.
 */
function orderBySeq(outcomes: RecordedOutcome[]): RecordedOutcome[] {
  const epochs = [...new Set(outcomes.map((one) => one.epoch))].sort((a, b) => a - b);
  return epochs.flatMap((epoch) => {
    const inEpoch = outcomes.filter((one) => one.epoch === epoch);
    const numbered = new Map(inEpoch.filter((one) => one.seq !== null).map((one) => [one.seq, one]));
    const unnumbered = inEpoch.filter((one) => one.seq === null);
    return inEpoch
      .map((_, seq) => numbered.get(seq) ?? unnumbered.shift())
      .filter((one) => one !== undefined);
  });
}

/** The state that a run starts from. */
export function startState(start: StartArguments): State {
  return start.kind === 'new' ? initialState(start) : restart(start.state);
}

/** What the ledger alone says of a run: it needs neither a server nor a worker. */
export async function readRunFromLedger(store: Store, run: string): Promise<RunView> {
  const row = await store.runs.get(run);
  if (!row) throw toFailure('Run.Unknown', `The store knows no run ${run}.`, { name: run });
  const records = await store.ledger.read(run);
  const outcomes = outcomesOf(records).filter((one) => one.epoch === row.epoch);
  let state = startState(row.start as Json as unknown as StartArguments);
  for (const { outcome } of outcomes) state = fold(state, outcome);
  const last = records.at(-1);
  const ask = next(state).ask;
  return {
    state,
    next: { ask },
    open: ask.map((checkpoint) => ({ checkpoint, digest: decisionDigest(run, state.epoch, checkpoint) })),
    head: last ? { index: last.index, hash: last.hash } : null,
    running: [],
  };
}
