/** What an agent says of how far it is: a text alone, or with how much is done, of how much where that is known. */
export type Progress = string | { text?: string; done?: number; of?: number };

/** What of it is kept. */
export interface ProgressSaid {
  text: string;
  done: number | null;
  of: number | null;
}

/** Characters of a text. */
export const progressTextAtMost = 300;

/**
 * What an agent said, whatever it handed in: a text that is too long is cut off, numbers that make no sense (negative,
 * not finite, more done than there is) are left out. Null where nothing is left.
 */
export function readProgress(given: unknown): ProgressSaid | null {
  if (typeof given === 'string') return given === '' ? null : { text: cut(given), done: null, of: null };
  if (typeof given !== 'object' || given === null) return null;
  const { text: words, done: count, of: total } = given as { text?: unknown; done?: unknown; of?: unknown };
  const text = typeof words === 'string' ? cut(words) : '';
  const done = isCount(count) ? count : null;
  const of = done !== null && isCount(total) && total > 0 && total >= done ? total : null;
  return text === '' && done === null ? null : { text, done, of };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function cut(text: string): string {
  if (text.length <= progressTextAtMost) return toStorable(text);
  // First by units, so that the length of what was handed in costs nothing.
  const characters = Array.from(text.slice(0, progressTextAtMost * 2));
  if (characters.length <= progressTextAtMost && text.length <= progressTextAtMost * 2)
    return toStorable(text);
  return toStorable(`${characters.slice(0, progressTextAtMost - 1).join('')}…`);
}

/** No database takes every text: NUL ends one in SQLite, and Postgres refuses it; halves of characters are no UTF-8. */
function toStorable(text: string): string {
  return text.replaceAll('\0', '\u{fffd}').toWellFormed();
}
