import type { RunRow } from '../contracts/ports.ts';

/** The moment until which a run waits that was started ahead of time; null where it does not. */
export function waitsUntil({ startsAt, launched, closedAt }: RunRow, now = Date.now()): string | null {
  return startsAt !== null && !launched && closedAt === null && Date.parse(startsAt) > now ? startsAt : null;
}
