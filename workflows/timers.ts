import { sleep } from '@temporalio/workflow';
import type { Next } from '../contracts/state.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { PlainScope } from './plain-scope.ts';

type Wait = Next['wait'][number];

/** The times in which effects can be recalled, running by Temporal's clock. */
export interface Timers {
  /** Has exactly these run: new ones are set, those overtaken are cancelled. Whether any is new to the run. */
  keep(waits: Wait[]): boolean;
}

export function createTimers(happen: (outcome: Outcome) => void): Timers {
  const running = new Map<string, PlainScope>();
  const nameOf = ({ slot, basis }: Wait): string => `${slot} ${basis}`;

  const set = ({ slot, basis }: Wait, name: string, milliseconds: number): void => {
    const scope = new PlainScope();
    running.set(name, scope);
    void scope
      .run(() => sleep(milliseconds))
      .then(
        () => {
          running.delete(name);
          happen({ type: 'elapsed', slot, basis });
        },
        // Cancelled: what it waited for is not going to happen.
        () => {},
      );
  };

  return {
    keep(waits) {
      const wanted = new Map(waits.map((wait) => [nameOf(wait), wait]));
      for (const [name, scope] of running) {
        if (wanted.has(name)) continue;
        running.delete(name);
        scope.cancel();
      }
      let isNew = false;
      for (const [name, wait] of wanted) {
        if (running.has(name)) continue;
        const { slot, basis, milliseconds } = wait;
        const until = wait.until === undefined ? Date.now() + milliseconds : Date.parse(wait.until);
        if (wait.until === undefined) {
          isNew = true;
          happen({ type: 'recallable', slot, basis, until: new Date(until).toISOString() });
        }
        set(wait, name, Math.max(1, until - Date.now()));
      }
      return isNew;
    },
  };
}
