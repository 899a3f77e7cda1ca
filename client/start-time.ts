import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { toFailure } from '../contracts/failures.ts';

/** When a run is to begin: after so long, or at a moment with its offset from UTC. */
export interface StartTime {
  /** Milliseconds, or such as '2 hours'. */
  delay?: number | string | undefined;
  at?: string | Date | undefined;
}

/** Milliseconds that a start may lie ahead: ten years. */
const aheadAtMost = 10 * 366 * 86_400_000;
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** The moment in ISO 8601, UTC; undefined where the run begins at once. Throws `Time.Invalid`. */
export function readStartTime({ delay, at }: StartTime, now: number): string | undefined {
  if (delay !== undefined && at !== undefined)
    throw toFailure('Time.Invalid', 'A start has either a delay or a moment, not both.', { name: 'at' });
  if (delay === undefined && at === undefined) return undefined;
  const begins = delay === undefined ? readMoment(at!) : now + readDelay(delay);
  const given = String(delay ?? (at instanceof Date ? at.toISOString() : at));
  if (begins < now) throw toFailure('Time.Invalid', `${given} is over already.`, { name: given });
  if (begins - now > aheadAtMost)
    throw toFailure('Time.Invalid', `${given} lies more than ten years ahead.`, { name: given });
  return new Date(begins).toISOString();
}

function readDelay(delay: number | string): number {
  const milliseconds = tryDelay(delay);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  throw toFailure('Time.Invalid', `${JSON.stringify(delay)} is no length of time.`, { name: String(delay) });
}

function tryDelay(delay: number | string): number {
  try {
    return msToNumber(delay as Duration);
  } catch {
    return Number.NaN;
  }
}

function readMoment(at: string | Date): number {
  const text = at instanceof Date ? null : at;
  // Without its offset, a moment would mean another one on another machine.
  const time = text !== null && !moment.test(text) ? Number.NaN : new Date(at).getTime();
  if (Number.isFinite(time)) return time;
  throw toFailure('Time.Invalid', `${String(at)} is no moment with its offset from UTC.`, {
    name: String(at),
  });
}
