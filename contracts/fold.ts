import type { Actor, Outcome } from './outcome.ts';
import type { Checkpoint, CheckpointKind, Verb } from './checkpoint.ts';
import type { Next, State } from './state.ts';

/** What the orchestration needs of the fold; pure, synchronous, plain JSON in and out. */
export interface Fold {
  fold(state: State, outcome: Outcome): State;
  next(state: State): Next;
  /** Null, or the failure type that refuses this person at this checkpoint; `verb` is taken to approve if left out. */
  mayDecide(
    state: State,
    checkpoint: Checkpoint,
    actor: Actor,
    verb?: Verb,
  ): null | 'Decision.NotAllowed' | 'Decision.FourEyes';
}

/** What a re-run from a task comes to, if every remade artifact differs and everybody approves. */
export interface RerunPlan {
  from: string;
  /** The epoch that the re-run would have. */
  epoch: number;
  /** Tasks that run again, in an order in which they can. */
  again: string[];
  /** Tasks whose results stay. */
  stays: string[];
  /** What people are asked again. */
  asks: { kind: CheckpointKind; name: string; place: string }[];
  /** Slots that are filled today, and whether the re-run would ask about other content for them. */
  slots: { slot: string; n: number; digest: string; affected: boolean }[];
}
