import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { beforeAll, expect, test } from 'vitest';
import { inspectSvg } from '../../../agents/visualisation/inspect-svg.ts';
import { measureText, showInvisible } from '../../../agents/visualisation/visible-text.ts';
import { drawPlanned } from './draw-planned.ts';
import { madeUp } from './made-up.ts';

const ids = ['outlook-parts', 'sizes', 'change', 'trust'];

beforeAll(async () => void (await drawPlanned(madeUp({ labels: ['warm up', 'b'] }), 'sizes')));

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '</text><script>alert(1)</script>',
    '" onload="x',
    '\u202Egnp.exe',
    '👩‍👩‍👧‍👦🚀',
    '零售業'.repeat(30),
    ']]>--><!--',
    '{a|b}{value}\n%s',
  ),
);

test('whatever series are called, their drawings are well-formed, and hold each name as text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 2, maxLength: 3 }), async (labels) => {
      const material = madeUp({ labels, years: 3 });
      for (const id of ids) {
        const { file, narrow } = await drawPlanned(material, id, 200);
        for (const svg of [file, narrow]) {
          const errors: string[] = [];
          const tags = new Set(svg.match(/<[a-zA-Z]+/g));
          parseFragment(svg, { onParseError: ({ code }) => void errors.push(code) });
          expect(errors).toEqual([]);
          expect(tags).not.toContain('<script');
          expect(svg).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
          expect(inspectSvg(svg).broken).toBe(false);
        }
        // A name that is short enough stands in the picture as it is, once what hides is spelt out.
        const texts = inspectSvg(file).texts.map(({ text }) => text);
        for (const label of labels) {
          const shown = showInvisible(label);
          if (measureText(shown, 13.7) < 190 && shown.trim() === shown && shown !== '')
            expect(texts).toContain(shown);
        }
      }
    }),
    { numRuns: 25, seed: 31 },
  );
});
