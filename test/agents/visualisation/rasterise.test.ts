import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkitten';
import { expect, test } from 'vitest';
import {
  findFonts,
  findMissing,
  nameLetters,
  suggestFont,
} from '../../../agents/visualisation/find-fonts.ts';
import { inspectSvg, type TextBox } from '../../../agents/visualisation/inspect-svg.ts';
import { rasterise } from '../../../agents/visualisation/rasterise.ts';
import { decodePng, type Pixels } from './decode-png.ts';
import { drawPlanned } from './draw-planned.ts';
import { gatherEmployment } from './employment.ts';
import { madeUp } from './made-up.ts';
import { runGraph } from './run-graph.ts';

function countInk(pixels: Pixels, box: TextBox, scale: number): number {
  let ink = 0;
  for (let y = Math.floor(box.top * scale); y < box.bottom * scale; y += 1)
    for (let x = Math.floor(box.left * scale); x < box.right * scale; x += 1)
      if (pixels.at(x, y).some((channel, at) => at < 3 && channel < 160)) ink += 1;
  return ink;
}

function write(text: string, font = 'Noto Sans', weight = 'normal'): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 40" width="200" height="40"><text x="10" y="28" style="font-size:24px;font-family:${font};font-weight:${weight};" fill="#000">${text}</text></svg>`;
}

async function picture(text: string, weight?: string): Promise<Pixels> {
  const { pictures } = await rasterise({ svg: write(text, 'Noto Sans', weight), scales: [1] });
  return decodePng(pictures[0]!.png);
}

test.each(['en', 'zh-Hant-HK', 'zh-Hant-TW'] as const)(
  'a picture in %s has the sizes asked for, paper in its corner, and ink wherever the drawing has text',
  async (language) => {
    const { file } = await drawPlanned(gatherEmployment(12, language), 'outlook-total-1');
    const { pictures, missing } = await rasterise({ svg: file, scales: [1, 2] });
    expect(missing).toEqual([]);
    const { width, height, texts } = inspectSvg(file);
    expect(pictures.map((made) => [made.width, made.height])).toEqual([
      [width, height],
      [2 * width, 2 * height],
    ]);
    const pixels = decodePng(pictures[1]!.png);
    expect([pixels.width, pixels.height]).toEqual([2 * width, 2 * height]);
    expect(pixels.at(0, 0)).toEqual([255, 255, 255, 255]);
    expect(texts.length).toBeGreaterThan(15);
    for (const box of texts)
      expect({ text: box.text, ink: countInk(pixels, box, 2) > 20 }).toEqual({ text: box.text, ink: true });
  },
);

/** Whether a point of the em is inside of a glyph's outline, as fonts fill them: by winding number. */
function isInside(font: Font, id: number, across: number, up: number): boolean {
  const edges: [number, number, number, number][] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const goTo = (toX: number, toY: number): void => {
    edges.push([x, y, toX, toY]);
    [x, y] = [toX, toY];
  };
  for (const { command, args } of font.getGlyph(id).path.commands) {
    const end = args.slice(-2) as [number, number];
    if (command === 'moveTo') {
      [x, y] = [startX, startY] = end;
    } else if (command === 'closePath') goTo(startX, startY);
    else {
      const points = [
        [x, y],
        ...Array.from({ length: args.length / 2 }, (_, at) => args.slice(2 * at, 2 * at + 2)),
      ];
      for (let step = 1; step <= 8; step += 1) goTo(...bend(points as [number, number][], step / 8));
    }
  }
  return (
    edges.reduce((winding, [x1, y1, x2, y2]) => {
      const side = (x2 - x1) * (up - y1) - (across - x1) * (y2 - y1);
      return winding + (y1 <= up && y2 > up && side > 0 ? 1 : y1 > up && y2 <= up && side < 0 ? -1 : 0);
    }, 0) !== 0
  );
}

/** The point of a line or a Bézier curve at a share of its way (de Casteljau). */
function bend(points: [number, number][], share: number): [number, number] {
  if (points.length === 1) return points[0]!;
  return bend(
    points
      .slice(1)
      .map(([x, y], at): [number, number] => [
        points[at]![0] + (x - points[at]![0]) * share,
        points[at]![1] + (y - points[at]![1]) * share,
      ]),
    share,
  );
}

/** How much of a picture's 24 px letter at (10, 28) agrees with a glyph's outline: 1 where all of it does. */
function compareGlyph(pixels: Pixels, font: Font, id: number): number {
  const unit = font.unitsPerEm / 24;
  let [both, either] = [0, 0];
  for (let row = 0; row < 30; row += 1)
    for (let column = 0; column < 24; column += 1) {
      const [across, up] = [(column + 0.5) * unit, (24 - row - 0.5) * unit];
      const outlined = isInside(font, id, across, up);
      const inked = pixels.at(10 + column, 4 + row)[0] < 128;
      if (outlined && inked) both += 1;
      if (outlined || inked) either += 1;
    }
  return both / either;
}

test.each(['零', '售', '業', '預', '測', '邨', '埗', '嘅'])(
  '%s is drawn as itself, and not as .notdef',
  async (letter) => {
    const path = fileURLToPath(
      import.meta.resolve('@expo-google-fonts/noto-sans-tc/400Regular/NotoSansTC_400Regular.ttf'),
    );
    const font = create(readFileSync(path)) as Font;
    const { id } = font.glyphForCodePoint(letter.codePointAt(0)!);
    expect(id).not.toBe(0);
    const pixels = await picture(letter);
    expect(compareGlyph(pixels, font, id)).toBeGreaterThan(0.6);
    expect(compareGlyph(pixels, font, 0)).toBeLessThan(0.35);
  },
);

test('bold Chinese is bolder than regular', async () => {
  const [regular, bold] = [await picture('零售業'), await picture('零售業', 'bold')];
  const box = { text: '', left: 5, right: 195, top: 2, bottom: 38 };
  expect(countInk(bold, box, 1)).toBeGreaterThan(1.1 * countInk(regular, box, 1));
});

test('a letter that no font has is named, and no picture with a box is made of it', async () => {
  // A variant of 為 and an emoji that Noto Sans TC lacks.
  expect(await rasterise({ svg: write('以爲 🚀'), scales: [1] })).toEqual({
    pictures: [],
    missing: ['爲', '🚀'],
  });
  expect(nameLetters(['爲', '🚀'])).toBe('爲 U+7232, 🚀 U+1F680');
  // Joiners and variation selectors have no shape of their own.
  expect(findMissing('Größe – Ελλάδα, Россия: +1.2 % ≥ 95, 零\u200D售\uFE0F')).toEqual([]);
});

test('without the Chinese package its letters are missing, and the package is named', () => {
  const latin = findFonts().filter(({ path }) => !path.includes('noto-sans-tc'));
  expect(latin).toHaveLength(2);
  expect(findMissing('jobs 零售', latin)).toEqual(['零', '售']);
  expect(suggestFont(['零'], false)).toBe('npm install @expo-google-fonts/noto-sans-tc');
  expect(suggestFont(['零'], true)).toBeNull();
  expect(suggestFont(['🚀'], false)).toBeNull();
});

test('a chart whose letters no font has keeps its drawing, and the report says why it has no PNG', async () => {
  const { report, leftOut } = await runGraph(madeUp({ labels: ['Shop 🚀'] }), {
    charts: ['outlook', 'trust'],
  });
  expect(report.charts.map(({ png, png2x }) => [png, png2x])).toEqual([
    [null, null],
    [null, null],
  ]);
  expect(report.charts[0]!.svg).toContain('Shop 🚀');
  expect(leftOut[0]!.reason).toMatch(/^No PNG of this: the fonts here lack 🚀 U\+1F680\. /);
  expect(report.html).toContain('the fonts here lack 🚀 U+1F680');
});
