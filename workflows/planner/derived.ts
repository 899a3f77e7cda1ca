import type { TaskStart } from '../../contracts/state.ts';

/** Everything that is ready at once. */
export function chooseDerived(ready: TaskStart[]): TaskStart[] {
  return ready;
}
