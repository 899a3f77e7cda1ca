import type { Outcome, OutcomeOf } from './outcome.ts';
import type { LedgerHead } from './ports.ts';
import type { State } from './state.ts';

/** What a run goes on from in its next execution, in the same epoch, once the history of one has become long. */
export interface ContinuedArguments {
  kind: 'continued';
  run: string;
  state: State;
  record: CarriedRecord;
  /** The last decision at each declared checkpoint, for orders written by hand. */
  decisions: { [checkpoint: string]: OutcomeOf<'decision'> };
  /** Temporal was asked to cancel the run, and it has not come to it yet. */
  cancelWanted: boolean;
}

/** Where the record of a run stands: the number of its next outcome, and those not known to be recorded. */
export interface CarriedRecord {
  seq: number;
  head: LedgerHead | null;
  pending: { outcome: Outcome; recorded: boolean }[];
  desk: CarriedDesk;
}

/** Ids of checkpoints of which the desk may not know yet that they opened, or closed. */
export interface CarriedDesk {
  unopened: string[];
  unclosed: string[];
}
