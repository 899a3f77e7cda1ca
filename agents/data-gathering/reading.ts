import type { FailureType } from '../../contracts/failures.ts';
import { redact } from './personal-values.ts';

/** What a step of reading gives as plain JSON, since a thrown error loses its type on its way out of a worker thread. */
export type Reading<T> = { ok: true; value: T } | { ok: false; type: FailureType; message: string };

export function refuse(
  type: FailureType,
  message: string,
): { ok: false; type: FailureType; message: string } {
  return { ok: false, type, message };
}

/** Text of the data, shortened, on one line and without what could tell a person, for a message. */
export function quote(text: string): string {
  const line = redact(text.slice(0, 1000)).replaceAll(/\s+/g, ' ');
  return `"${line.length > 40 ? `${line.slice(0, 39)}…` : line}"`;
}
