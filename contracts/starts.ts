import type { Lineage, Version } from './artifact.ts';
import type { Manifest } from './manifest.ts';
import type { Bookkeeping } from './ports.ts';
import type { AttemptTerms, RunAgentInput, RunArguments, StartArguments } from './messages.ts';

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

/** What the workflow of an isolated attempt starts from. */
export interface IsolatedStart extends AttemptTerms {
  kind: 'task';
  input: RunAgentInput;
}

/** What the default workflow is called with: a run's start, a schedule's, or an isolated attempt's. */
export type WorkflowArguments =
  | RunArguments
  | [start: ScheduledStart, act?: undefined]
  | [start: IsolatedStart, act?: undefined];

/** One time of a schedule: `time` in ISO 8601, to the second. */
export type ReserveScheduledInput = Omit<ScheduledStart, 'kind' | 'ends'> & { time: string };

/** A run whose row stands in the store, and what its workflow is started with. */
export interface ReservedStart {
  run: string;
  process: string;
  key: string | null;
  start: StartArguments;
}

/** Whose task a run is. `redo` grows with each request to make it anew. */
export interface ParentTask {
  run: string;
  task: string;
  attempt: number;
  redo: number;
}

/** What the run of a task is started with, beside its inputs. */
export interface NestedStart {
  manifest: Manifest;
  parent: ParentTask;
  startedBy: string;
  trusted: string[];
  /** Of the request to make it anew. */
  words?: string;
}

export interface BeginNestedInput {
  /** Of the run whose task it is. */
  process: string;
  nested: NestedStart;
  /** By input field. */
  inputs: { [field: string]: Version };
  book?: Bookkeeping;
}

export interface AdoptOutputsInput {
  task: string;
  element?: string;
  /** By the artifact that it becomes. */
  outputs: { [artifact: string]: Version };
  produces: Manifest['tasks'][string]['produces'];
  lineage: Lineage;
}

/** How the id of an isolated attempt's workflow begins. */
export function childPrefix(
  run: string,
  epoch: number,
  { task, attempt }: { task: string; attempt: number },
): string {
  return `${run}/${epoch}/${task}/${attempt}/`;
}
