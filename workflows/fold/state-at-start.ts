import type { ContinuedArguments } from '../../contracts/continued.ts';
import type { StartArguments } from '../../contracts/messages.ts';
import type { State } from '../../contracts/state.ts';
import { initialState } from './initial-state.ts';
import { restart } from './restart.ts';

export function stateAtStart(start: StartArguments | ContinuedArguments): State {
  if (start.kind === 'new') return initialState(start);
  return start.kind === 'again' ? restart(start.state) : start.state;
}
