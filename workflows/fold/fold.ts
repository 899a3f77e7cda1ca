import type { Outcome } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import { foldCommand, foldElapsed, foldRecallable } from './commands.ts';
import { foldDecision } from './decide.ts';
import { next } from './next.ts';
import { omit } from './records.ts';
import { foldCancelled, foldEditApplied, foldResult, foldStarted } from './results.ts';
import { foldEffectEnded, foldReserved } from './slot-transitions.ts';

/** The state after an outcome; the very same state where the outcome does not count. */
export function fold(state: State, outcome: Outcome): State {
  if (state.status !== 'open' && state.status !== 'closing') return state;
  switch (outcome.type) {
    case 'started':
      return foldStarted(state, outcome);
    case 'cancelled':
      return foldCancelled(state, outcome);
    case 'result':
      return foldResult(state, outcome);
    case 'editApplied':
      return foldEditApplied(state, outcome);
    case 'reserved':
      return foldReserved(state, outcome);
    case 'effectEnded':
      return foldEffectEnded(state, outcome);
    case 'recallable':
      return foldRecallable(state, outcome);
    case 'elapsed':
      return foldElapsed(state, outcome);
    case 'decision':
      return foldDecision(state, outcome);
    case 'close':
      return next(state).close === outcome.to ? { ...omit(state, 'closing'), status: outcome.to } : state;
    default:
      return foldCommand(state, outcome);
  }
}
