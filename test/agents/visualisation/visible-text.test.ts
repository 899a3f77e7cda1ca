import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapText } from '../../../agents/visualisation/chart-frame.ts';
import {
  escapeText,
  fitLabels,
  measureText,
  showInvisible,
} from '../../../agents/visualisation/visible-text.ts';

test('characters that hide or turn text round are spelt out', () => {
  expect(showInvisible('a\u202Eb\u0000c\u200Bd\u2066e\uFEFFf\ng\uD800')).toBe(
    'a[U+202E]b[U+0000]c[U+200B]d[U+2066]e[U+FEFF]f[U+000A]g[U+D800]',
  );
  expect(showInvisible('零售業 – café 👩‍👩‍👧')).toBe('零售業 – café 👩‍👩‍👧');
});

test('no text gets out of an attribute or an element', () => {
  expect(escapeText(`<script>"x" & 'y'</script>`)).toBe(
    '&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line no-control-regex
      expect(escapeText(text)).not.toMatch(/[<>"'\u0000-\u001F\u202A-\u202E]/);
    }),
  );
});

test('labels that are cut fit, and stay different from one another', () => {
  const long = 'Trade, transportation and utilities in the whole country, seasonally adjusted';
  const fitted = fitLabels([`${long} A`, `${long} B`, `${long} A`, 'short'], 140, 12);
  expect(new Set(fitted).size).toBe(4);
  expect(fitted[3]).toBe('short');
  for (const label of fitted) expect(measureText(label, 12)).toBeLessThanOrEqual(140);
  expect(fitted[0]).toMatch(/^Trade, trans.*….* A$/);
});

test('wrapped text keeps every word and no line is too wide', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(words, (parts) => {
      const lines = wrapText(parts.join(' '), 120, 12);
      expect(lines.join('').replaceAll(' ', '')).toBe(parts.join(''));
      for (const line of lines) expect(measureText(line, 12)).toBeLessThanOrEqual(120);
    }),
  );
});
