import { isMainThread, threadId } from 'node:worker_threads';
import { toFailure } from '../../../contracts/failures.ts';

export function whichThread(): { threadId: number; isMainThread: boolean } {
  return { threadId, isMainThread };
}

export function double(input: { values: Float64Array }): Float64Array {
  return input.values.map((value) => value * 2);
}

export async function doubleLater(input: number): Promise<number> {
  return Promise.resolve(input * 2);
}

/** Computes without a pause for so many milliseconds, or for ever. */
export function spin(milliseconds: number | null): number {
  const end = milliseconds === null ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;
  let rounds = 0;
  while (performance.now() < end) rounds++;
  return rounds;
}

export function failOfTable(): never {
  throw toFailure('Data.Unfit', 'The series is too short.', { name: 'mining' });
}

export function failWithType(): never {
  throw Object.assign(new RangeError('odd'), { type: 'My.Own' });
}

export function failWithText(): never {
  // oxlint-disable-next-line typescript/only-throw-error
  throw 'only text';
}

export function exitThread(): never {
  process.exit(3);
}

export function returnFunction(): unknown {
  return () => 1;
}

export const notAJob = 5;
