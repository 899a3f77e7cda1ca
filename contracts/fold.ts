import type { Actor, Outcome } from './outcome.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Next, State } from './state.ts';

/** What the orchestration needs of the fold; pure, synchronous, plain JSON in and out. */
export interface Fold {
  fold(state: State, outcome: Outcome): State;
  next(state: State): Next;
  /** Null, or the failure type that refuses this person at this checkpoint. */
  mayDecide(
    state: State,
    checkpoint: Checkpoint,
    actor: Actor,
  ): null | 'Decision.NotAllowed' | 'Decision.FourEyes';
}
