import { msToNumber } from '@temporalio/common/lib/time.js';
import type { Duration } from '@temporalio/common';
import { toFailure } from './failures.ts';

/** Milliseconds, at least 1. Throws `Process.Invalid` with `where` for what is no length of time. */
export function readDuration(duration: Duration, where: string): number {
  const milliseconds = tryDuration(duration);
  if (!Number.isFinite(milliseconds) || milliseconds < 1)
    throw toFailure(
      'Process.Invalid',
      `${where}: ${JSON.stringify(duration)} is no length of time. Write milliseconds, or such as '5 minutes'.`,
      { name: where },
    );
  return Math.round(milliseconds);
}

function tryDuration(duration: Duration): number {
  try {
    return msToNumber(duration);
  } catch {
    return Number.NaN;
  }
}
