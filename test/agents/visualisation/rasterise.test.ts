import { expect, test } from 'vitest';
import { buildContent } from '../../../agents/visualisation/build-content.ts';
import { drawChart } from '../../../agents/visualisation/draw-chart.ts';
import { inspectSvg, type TextBox } from '../../../agents/visualisation/inspect-svg.ts';
import { planCharts } from '../../../agents/visualisation/plan-charts.ts';
import { hasLettersBeyond, rasterise } from '../../../agents/visualisation/rasterise.ts';
import { decodePng, type Pixels } from './decode-png.ts';
import { gatherEmployment } from './employment.ts';

const material = gatherEmployment();
const plan = planCharts(material).charts[0]!;
const { file } = drawChart({ ...plan, alt: 'in words', content: buildContent(plan, material) });

function countInk(pixels: Pixels, box: TextBox, scale: number): number {
  let ink = 0;
  for (let y = Math.floor(box.top * scale); y < box.bottom * scale; y += 1)
    for (let x = Math.floor(box.left * scale); x < box.right * scale; x += 1)
      if (pixels.at(x, y).some((channel, at) => at < 3 && channel < 160)) ink += 1;
  return ink;
}

test('a picture has the size asked for, paper in its corner, and ink wherever the drawing has text', () => {
  const { png, width, height } = rasterise({ svg: file, scale: 2 });
  const pixels = decodePng(png);
  const { width: drawn, height: high, texts } = inspectSvg(file);
  expect([pixels.width, pixels.height]).toEqual([2 * drawn, 2 * high]);
  expect([width, height]).toEqual([pixels.width, pixels.height]);
  expect(pixels.at(0, 0)).toEqual([255, 255, 255, 255]);
  expect(texts.length).toBeGreaterThan(15);
  for (const box of texts)
    expect({ text: box.text, ink: countInk(pixels, box, 2) > 20 }).toEqual({ text: box.text, ink: true });
});

test('text is drawn as letters: other words give another picture of the same size', () => {
  const write = (text: string): string =>
    rasterise({
      svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 40" width="200" height="40"><text x="10" y="25" font-size="14" font-family="Noto Sans">${text}</text></svg>`,
      scale: 1,
    }).png;
  expect(write('observed')).not.toBe(write('forecast'));
  expect(write('observed')).not.toBe(write(''));
  expect(write('observed')).toBe(write('observed'));
});

test('letters that the fonts along lack are noticed', () => {
  expect(hasLettersBeyond('Größe – Ελλάδα, Россия: +1.2 % ≥ 95')).toBe(false);
  expect(hasLettersBeyond('零售業')).toBe(true);
});
