import { setTimeout } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';

/** Milliseconds before the second try; doubled from try to try, up to the most. */
const pause = { first: 100, most: 2000 };

/**
 * The store, or a part of it, tried again for so many milliseconds where it is unavailable: a disk that is full for a
 * moment, or locked, must not use up a task's tries. Each of its operations may be repeated. Ends early where the
 * activity is cancelled.
 */
export function makePatient<T extends object>(part: T, milliseconds: number): T {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member === 'function')
        return async (...given: unknown[]): Promise<unknown> =>
          patiently(async () => (await Reflect.apply(member, target, given)) as unknown, milliseconds);
      return typeof member === 'object' && member !== null ? makePatient(member, milliseconds) : member;
    },
  });
}

async function patiently<T>(work: () => Promise<T>, milliseconds: number): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (let rest = pause.first; ; rest = Math.min(rest * 2, pause.most)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== 'Store.Unavailable') throw error;
      const { cancellationSignal: signal } = Context.current();
      if (signal.aborted || performance.now() + rest > deadline) throw error;
      await setTimeout(rest, undefined, { signal }).catch(() => {});
      if (signal.aborted) throw error;
    }
  }
}
