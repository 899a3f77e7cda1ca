import { expect, test } from 'vitest';
import { progressTextAtMost, readProgress } from '../../contracts/progress.ts';

const text = (words: string) => ({ text: words, done: null, of: null });

test('a text is progress, alone or with how much is done', () => {
  expect(readProgress('reading')).toEqual(text('reading'));
  expect(readProgress({ text: 'reading', done: 3, of: 12 })).toEqual({ text: 'reading', done: 3, of: 12 });
  expect(readProgress({ done: 0 })).toEqual({ text: '', done: 0, of: null });
});

test('a text that is too long is cut off between characters', () => {
  expect(readProgress('x'.repeat(300))).toEqual(text('x'.repeat(300)));
  expect(readProgress('x'.repeat(50_000_000))!.text).toBe(`${'x'.repeat(progressTextAtMost - 1)}…`);
  expect(readProgress('𝒳'.repeat(300))!.text).toBe('𝒳'.repeat(300));
  expect(readProgress('𝒳'.repeat(301))!.text).toBe(`${'𝒳'.repeat(299)}…`);
});

test('what no database takes is replaced', () => {
  expect(readProgress('a\0b\ud800c')).toEqual(text('a\u{fffd}b\u{fffd}c'));
});

test.each([
  [{ text: 'a', done: Number.NaN, of: 3 }, text('a')],
  [{ text: 'a', done: -1 }, text('a')],
  [{ text: 'a', done: Number.POSITIVE_INFINITY }, text('a')],
  [{ text: 'a', of: 3 }, text('a')],
  [
    { text: 'a', done: 5, of: 3 },
    { text: 'a', done: 5, of: null },
  ],
  [
    { text: 'a', done: 0, of: 0 },
    { text: 'a', done: 0, of: null },
  ],
  [{ text: 7, done: '3', of: 12n }, null],
  [{ done: 3n }, null],
  ['', null],
  [{}, null],
  [[], null],
  [null, null],
  [undefined, null],
  [42, null],
])('of %o what makes no sense is left out', (given, kept) => {
  expect(readProgress(given)).toEqual(kept);
});
