import type { Version } from './artifact.ts';
import type { Json } from './json.ts';
import type { Manifest } from './manifest.ts';
import type { Next, State } from './state.ts';
import type { Bookkeeping, LedgerHead } from './ports.ts';
import type { EffectStart, TaskStart } from './state.ts';
import type { Lineage, Reference } from './artifact.ts';
import type { OutcomeOf, Question } from './outcome.ts';
import type { ContinuedArguments } from './continued.ts';
import type { Checkpoint } from './checkpoint.ts';
import type {
  AdoptOutputsInput,
  BeginNestedInput,
  ParentTask,
  ReservedStart,
  ReserveScheduledInput,
} from './starts.ts';

/** What an accepted act is answered with; the same act again gets the same answer. */
export interface ActAnswer {
  id: string;
  accepted: true;
  /** What was decided or commanded under this id, and by whom: an act that says otherwise bears another's id. */
  as: Json;
  /** Checkpoints that it opened: the first of them. */
  opened: { id: string; digest: string }[];
  /** How many are open after it. */
  open: number;
  status: State['status'];
}

/** What a run starts from: the first argument of its workflow. */
export type StartArguments =
  | {
      kind: 'new';
      run: string;
      manifest: Manifest;
      inputs: { [field: string]: Version };
      startedBy: string;
      trusted: string[];
      /** Before this moment (ISO 8601) nothing begins. */
      startsAt?: string;
      /** SHA-256 of the message that started it. */
      message?: string;
      /** Supplied at the start, instead of being made: by artifact. */
      pinned?: { [artifact: string]: Version };
      parent?: ParentTask;
    }
  /** A closed run taken up again; the second argument is the signed act that says from where, or its parent's task wants it. */
  | { kind: 'again'; run: string; state: State; signed: SignedText; parent?: never }
  | { kind: 'again'; run: string; state: State; signed?: never; parent: ParentTask };

/** A signed act as it is kept until its workflow is started: each member base64. */
export interface SignedText {
  data: string;
  signature: string;
  publicKey: string;
}

/** What a process workflow is called with. */
export type RunArguments = [start: StartArguments | ContinuedArguments, act?: unknown];

/** What `stateQuery` answers. */
export interface RunView {
  state: State;
  next: Pick<Next, 'ask' | 'wait'>;
  open: { checkpoint: Checkpoint; digest: string }[];
  head: LedgerHead | null;
  running: RunningTask[];
}

/** An attempt under way; `since` in milliseconds since 1970 by workflow time. */
export interface RunningTask {
  task: string;
  attempt: number;
  since: number;
  /** The id of its own workflow, where its agent is isolated. */
  workflow?: string;
}

/** What the workflow returns when it closes. */
export interface RunResult {
  run: string;
  epoch: number;
  status: State['status'];
  /** Reference by output name; absent optional outputs are left out. */
  outputs: { [artifact: string]: Version };
  head: LedgerHead | null;
}

export interface RunAgentInput extends TaskStart {
  run: string;
  epoch: number;
  process: string;
  /** Artifact names to produce; the schemas are those of the manifest. */
  produces: Manifest['tasks'][string]['produces'];
  needSchemas: Manifest['tasks'][string]['needs'];
  durability: 'task' | 'step' | 'local';
  /** Runs one superstep and no more; none where the snapshot has gone beyond `after` already. */
  step?: { after: number | undefined };
  book?: Bookkeeping;
}

/** On what terms an attempt runs: milliseconds, and how often it is tried. */
export interface AttemptTerms {
  timeout: number;
  heartbeat: number;
  tries: number;
}

export interface RunAgentOutput {
  end:
    | { kind: 'done'; artifacts: { [artifact: string]: Version } }
    | { kind: 'asks'; questions: Question[] }
    | Stepped;
  references?: Reference[];
  lineage?: Lineage;
  head: LedgerHead | null;
}

/** A graph stands after superstep `step`, before these nodes. */
export interface Stepped {
  kind: 'stepped';
  step: number;
  next: string[];
}

/** An attempt that has come to its end. */
export type TaskOutput = RunAgentOutput & { end: Exclude<RunAgentOutput['end'], Stepped> };

export interface ApplyEditInput {
  run: string;
  epoch: number;
  process: string;
  agent: string;
  task: string;
  artifact: string;
  base: Version;
  delta: unknown;
  schema: Manifest['tasks'][string]['produces'][string];
  book?: Bookkeeping;
}

export interface ApplyEditOutput {
  result: Version;
  reference: Reference;
  head: LedgerHead | null;
}

export interface PerformEffectInput extends EffectStart {
  run: string;
  epoch: number;
  process: string;
  connector: string;
  destination: Manifest['effects'][string]['destination'];
  arguments: Manifest['effects'][string]['arguments'];
  /** Milliseconds. */
  timeout: number;
  receipt?: string;
  book?: Bookkeeping;
  /** The close that success leads to, recorded with it. */
  closes?: OutcomeOf<'close'>;
}

export interface PerformEffectOutput {
  outcome: OutcomeOf<'effectEnded'>;
  head: LedgerHead | null;
  /** Whether the close was recorded with it. */
  closed: boolean;
}

export interface RecordInput {
  process: string;
  book: Bookkeeping;
  close?: State['status'];
}

/** Every side effect that the workflow may ask for; implemented in `activities/`. */
export interface Activities {
  runAgent(input: RunAgentInput): Promise<RunAgentOutput>;
  applyEdit(input: ApplyEditInput): Promise<ApplyEditOutput>;
  performEffect(input: PerformEffectInput): Promise<PerformEffectOutput>;
  record(input: RecordInput): Promise<LedgerHead | null>;
  reserveScheduled(input: ReserveScheduledInput): Promise<ReservedStart>;
  beginNested(input: BeginNestedInput): Promise<ReservedStart & { head: LedgerHead | null }>;
  adoptOutputs(input: AdoptOutputsInput): Promise<Omit<TaskOutput, 'head'>>;
}
