import type { Duration } from '@temporalio/common';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import type { Person } from '../client/door.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Json } from '../contracts/json.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { Connector, ConnectorCall } from '../contracts/ports.ts';
import type { Process, ProcessInput, TaskNames } from '../contracts/process-types.ts';
import type { Next, RunStatus, State } from '../contracts/state.ts';
import type { Script, ScriptedDecision } from './script.ts';

export interface SimulationOptions {
  /** Every agent of the team: its own implementation, or what stands in for it. */
  agents: readonly AgentImplementation[];
  /** By name; what is not given keeps in memory what it was asked to do. */
  connectors?: { readonly [name: string]: Connector };
  /** Language models by route. */
  models?: { readonly [route: string]: BaseChatModel };
  /** 'a-starter' unless given. */
  by?: string;
  /** What the clock shows at first: 2026-01-01 unless given. */
  at?: Date;
  /** Artifacts that are there from the start, by name. */
  supplied?: { [artifact: string]: Json };
}

export interface SimulatedEnd {
  status: RunStatus;
  /** The values of the outputs. */
  outputs: { [artifact: string]: Json };
  /** The checkpoints decided, in order. */
  decided: { name: string; verb: string; person: string }[];
}

/** A run in memory, without Temporal: the same rules, in milliseconds. Time passes only where it is told to. */
export interface Simulation<P extends Process = Process> {
  readonly state: State;
  readonly status: RunStatus;
  readonly next: Next;
  /** What is asked of people now. */
  readonly asked: Checkpoint[];
  readonly now: Date;
  /** All that has happened, in order. */
  readonly outcomes: readonly Outcome[];
  /** What connectors were called for, in order. */
  readonly performed: readonly ConnectorCall[];
  /** The value of an artifact, an input or an element (`quote/M8`) as it stands; undefined where it is not there. */
  value(name: string): Promise<Json | undefined>;
  /** Decides at the checkpoint of this name or id, then goes on as far as that leads. Throws what refuses it. */
  decide(checkpoint: string, decision: ScriptedDecision): Promise<void>;
  /** Lets time pass: '10 minutes', or milliseconds. */
  advance(time: Duration): Promise<void>;
  amend<Field extends keyof ProcessInput<P> & string>(
    field: Field,
    value: ProcessInput<P>[Field],
    by?: Person,
  ): Promise<void>;
  provide(task: TaskNames<P>, artifacts: { [artifact: string]: Json }, by?: Person): Promise<void>;
  invalidate(task: string, by?: Person): Promise<void>;
  recall(slot: string, by?: Person): Promise<void>;
  cancel(options?: { undo?: boolean; by?: Person }): Promise<void>;
  /** Of a closed run: opens it again, one epoch later, with this task's work made anew. */
  rerun(task: TaskNames<P>, by?: Person): Promise<void>;
  /** Decides by the script until the run closes; passes the time where nothing else is left. */
  finish(script?: Script): Promise<SimulatedEnd>;
}
