import type { ProgressRow } from '../contracts/ports.ts';
import type { ProgressSaid } from '../contracts/progress.ts';
import { phrase } from './language/phrase.ts';

/** How far it is, such as `40 of 120, ranking`. */
export function describeProgress({ text, done, of }: ProgressSaid): string {
  const count = done === null ? [] : [of === null ? String(done) : phrase`${done} of ${of}`];
  return [...count, ...(text === '' ? [] : [text])].join(', ');
}

export function progressLine(row: ProgressRow): string {
  return `${row.task}: ${describeProgress(row)}`;
}
