import type { RunArguments, StartArguments } from './messages.ts';

/** What a schedule's workflow starts from. */
export interface ScheduledStart {
  kind: 'scheduled';
  schedule: string;
  process: string;
  /** Digest of the input, which lies in the store. */
  input: string;
  startedBy: string;
  trusted: string[];
  /** What becomes of the run where the schedule's workflow is terminated. */
  ends: 'abandon' | 'cancel';
}

/** What the default workflow is called with: a run's start, or a schedule's. */
export type WorkflowArguments = RunArguments | [start: ScheduledStart];

/** One time of a schedule: `time` in ISO 8601, to the second. */
export type ReserveScheduledInput = Omit<ScheduledStart, 'kind' | 'ends'> & { time: string };

/** A run whose row stands in the store, and what its workflow is started with. */
export interface ReservedStart {
  run: string;
  process: string;
  key: string | null;
  start: StartArguments;
}
