import { expect, test } from 'vitest';
import { niceScale } from '../../../agents/visualisation/figures.ts';
import { inspectSvg } from '../../../agents/visualisation/inspect-svg.ts';
import type { Material } from '../../../agents/visualisation/material.ts';
import { palette } from '../../../agents/visualisation/palette.ts';
import { planCharts } from '../../../agents/visualisation/plan-charts.ts';
import { rasterise } from '../../../agents/visualisation/rasterise.ts';
import { buildPlanned, drawPlanned } from './draw-planned.ts';
import { gatherEmployment } from './employment.ts';
import { madeUp } from './made-up.ts';

/** The points of the paths and polygons whose tag matches, in the order drawn. */
function readPoints(svg: string, tag: RegExp): [number, number][][] {
  return [...svg.matchAll(/<(?:path|polygon)[^>]*>/g)]
    .map(([element]) => element)
    .filter((element) => tag.test(element))
    .map((element) => {
      const numbers = (/ (?:d|points)="([^"]*)"/.exec(element)![1]!.match(/-?[\d.]+/g) ?? []).map(Number);
      return Array.from({ length: numbers.length / 2 }, (_, at) => [numbers[2 * at]!, numbers[2 * at + 1]!]);
    });
}

const observed = new RegExp(`stroke="${palette.ink.light}" stroke-width="2" stroke-linejoin`);
const dashed = new RegExp(`stroke="${palette.forecast.light}"[^>]*stroke-dasharray`);
const band95 = new RegExp(`<polygon[^>]*fill="${palette.forecast.light}" fill-opacity="0.18"`);
const band80 = new RegExp(`<polygon[^>]*fill="${palette.forecast.light}" fill-opacity="0.3"`);

test('an outlook draws every figure where the axis says that it lies', async () => {
  const material = gatherEmployment();
  const svg = (await drawPlanned(material, 'outlook-total-1')).file;
  const values = material.table.series[0]!.values as number[];
  const forecast = material.forecast.series[0]!;
  const scale = niceScale([...values, ...forecast.lower95, ...forecast.upper95], 6);
  const ticks = inspectSvg(svg).texts.filter(({ text }) => /^1\d\d,000$/.test(text));
  const middle = ({ top, bottom }: { top: number; bottom: number }): number => (top + bottom) / 2;
  const [low, high] = [ticks.at(0)!, ticks.at(-1)!];
  expect([low.text, high.text]).toEqual([scale.min, scale.max].map((value) => value.toLocaleString('en')));
  const toFigure = (y: number): number =>
    scale.min + ((middle(low) - y) / (middle(low) - middle(high))) * (scale.max - scale.min);

  const [line] = readPoints(svg, observed);
  expect(line).toHaveLength(120);
  const tolerance = (scale.max - scale.min) / 200;
  for (const at of [0, 49, 119])
    expect(Math.abs(toFigure(line![at]![1]) - values[at]!)).toBeLessThan(tolerance);
  const lowest = line!.reduce((best, point, at) => (point[1] > line![best]![1] ? at : best), 0);
  expect(values[lowest]).toBe(Math.min(...values));

  const [ahead] = readPoints(svg, dashed).filter((points) => points.length === 13);
  expect(Math.abs(toFigure(ahead!.at(-1)![1]) - forecast.mean.at(-1)!)).toBeLessThan(tolerance);
  expect(ahead![0]).toEqual(line!.at(-1));

  for (const [tag, lower, upper] of [
    [band95, forecast.lower95, forecast.upper95],
    [band80, forecast.lower80, forecast.upper80],
  ] as const) {
    const [band] = readPoints(svg, tag);
    expect(band).toHaveLength(26);
    expect(Math.abs(toFigure(band![12]![1]) - upper.at(-1)!)).toBeLessThan(tolerance);
    expect(Math.abs(toFigure(band![13]![1]) - lower.at(-1)!)).toBeLessThan(tolerance);
  }
});

test('small multiples have a line, a forecast and two bands for each series, and its name', async () => {
  const material = gatherEmployment();
  const { file, wide, narrow } = await drawPlanned(material, 'outlook-parts');
  for (const svg of [file, wide, narrow]) {
    expect(readPoints(svg, observed).filter((points) => points.length === 60)).toHaveLength(15);
    expect(readPoints(svg, dashed).filter((points) => points.length === 13)).toHaveLength(15);
    expect(readPoints(svg, band80)).toHaveLength(15);
    expect(readPoints(svg, band95)).toHaveLength(15);
  }
  const names = inspectSvg(file).texts.map(({ text }) => text);
  for (const name of ['utilities', 'government', 'professional and business services'])
    expect(names).toContain(name);
});

test('a gap in the observed figures is a gap in the line, and a lonely figure a dot', async () => {
  const material = madeUp({ labels: ['A'] });
  const { values } = material.table.series[0]!;
  values[10] = null;
  values[40] = null;
  values[42] = null;
  const svg = (await drawPlanned(material, 'outlook-parts')).file;
  const moves = [...svg.matchAll(new RegExp(`<path d="([^"]*)"[^>]*${observed.source}`, 'g'))][0]![1]!;
  expect(moves.match(/M/g)!.length).toBeGreaterThanOrEqual(3);
  expect(svg.match(new RegExp(`<path d="M1 0A1 1 [^"]*"[^>]*fill="${palette.ink.light}"`, 'g'))).toHaveLength(
    1,
  );
});

test('bars run from zero to the change, longest first, and hollow where nothing is clear', async () => {
  const material = gatherEmployment();
  const content = buildPlanned(material, 'change');
  if (content.kind !== 'change') throw new Error('This plan is for changes.');
  const svg = (await drawPlanned(material, 'change')).file;
  const bars = [
    ...svg.matchAll(
      /<path d="M([\d.]+) [\d.]+l(-?[\d.]+) 0[^"]*"[^>]*fill="(#\w+)"[^>]*stroke="(#\w+)" stroke-width="2"/g,
    ),
  ]
    .map(([, from, length, fill, stroke]) => ({ from: Number(from), length: Number(length), fill, stroke }))
    // The key has the same colours in boxes of one size.
    .slice(-content.bars.length);
  expect(bars).toHaveLength(15);
  const scale = bars[0]!.length / content.bars[0]!.change;
  for (const [index, bar] of bars.entries()) {
    const meant = content.bars[index]!;
    expect(bar.length / scale).toBeCloseTo(meant.change, -1);
    expect(bar.stroke).toBe(meant.change < 0 ? palette.fall.light : palette.rise.light);
    expect(bar.fill).toBe(meant.clear ? bar.stroke : palette.paper.light);
  }
  const starts = bars.map(({ from }) => from);
  expect(Math.max(...starts) - Math.min(...starts)).toBeLessThanOrEqual(2);
});

test('each row of the trust chart has a dot for its method and a diamond for the naive one', async () => {
  const svg = (await drawPlanned(gatherEmployment(), 'trust')).file;
  expect(svg.match(new RegExp(`<circle[^>]*fill="${palette.forecast.light}"`, 'g'))).toHaveLength(21 + 1);
  expect(svg.match(/<polygon/g)).toHaveLength(21 + 1);
});

test('a drawing can be read: no text over another or out of the picture, on a wide page and a narrow one', async () => {
  const material = gatherEmployment(24);
  for (const { id } of planCharts(material).charts)
    for (const svg of Object.values(await drawPlanned(material, id))) {
      const { overlaps, clipped, broken } = inspectSvg(svg);
      expect({ id, overlaps, clipped, broken }).toEqual({ id, overlaps: [], clipped: [], broken: false });
    }
});

test('the same figures give the same bytes, and ids of their own for each chart and place', async () => {
  const material = gatherEmployment();
  const [first, second] = [
    await drawPlanned(material, 'outlook-subtotals'),
    await drawPlanned(material, 'outlook-subtotals'),
  ];
  expect(second).toEqual(first);
  const ids = [first, await drawPlanned(material, 'outlook-total-1')].flatMap((drawn) =>
    Object.values(drawn).flatMap((svg) => [...svg.matchAll(/ id="([^"]*)"/g)].map((match) => match[1])),
  );
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a label is text, whatever it holds', async () => {
  const material = madeUp({ labels: ['<script>alert(1)</script>', 'a\u202Eb {a|c}', '{value} & "x"'] });
  for (const id of ['outlook-parts', 'sizes', 'change', 'trust']) {
    const svg = (await drawPlanned(material, id)).file;
    expect(svg).not.toMatch(/<script|\u202E/);
    const texts = inspectSvg(svg).texts.map(({ text }) => text);
    for (const label of ['<script>alert(1)</script>', 'a[U+202E]b {a|c}', '{value} & "x"'])
      expect(texts).toContain(label);
  }
});

type Lines = Material['forecast']['series'][number];

function setLines(series: Lines, change: (line: number[]) => number[]): void {
  for (const line of ['mean', 'lower80', 'upper80', 'lower95', 'upper95', 'naive'] as const)
    series[line] = change(series[line]);
}

const extremes: { [shape: string]: (material: Material) => void } = {
  'constant series': ({ table, forecast }) => {
    table.series[0]!.values.fill(5);
    setLines(forecast.series[0]!, (line) => line.map(() => 5));
  },
  'zeros only': ({ table, forecast }) => {
    for (const { values } of table.series) values.fill(0);
    for (const series of forecast.series) setLines(series, (line) => line.map(() => 0));
  },
  'negative figures': ({ table, forecast }) => {
    for (const series of table.series) series.values = series.values.map((value) => -value!);
    for (const series of forecast.series) setLines(series, (line) => line.map((_, step) => -500 - step));
  },
  'one observed figure, the first': ({ table }) => void table.series[0]!.values.fill(null, 1),
  'figures of 1e149': ({ table }) => void (table.series[0]!.values[0] = 1e149),
  'figures of 1e-200': ({ table, forecast }) => {
    table.series[0]!.values = table.series[0]!.values.map((value) => value! * 1e-200);
    setLines(forecast.series[0]!, (line) => line.map((value) => value * 1e-200));
  },
  'one period ahead': ({ forecast }) => {
    forecast.horizon = 1;
    forecast.periods = forecast.periods.slice(0, 1);
    for (const series of forecast.series) setLines(series, (line) => line.slice(0, 1));
  },
  'two periods observed': ({ table }) => {
    table.periods = table.periods.slice(0, 2);
    for (const series of table.series) series.values = series.values.slice(0, 2);
  },
  'no error at all': ({ forecast }) => {
    for (const { backtest } of forecast.series) Object.assign(backtest, { mase: 0, naiveMase: 0 });
  },
  'an error of 1e100': ({ forecast }) => void (forecast.series[0]!.backtest.mase = 1e100),
};

test.each(Object.keys(extremes))('extreme figures make no broken drawing: %s', async (shape) => {
  const material = madeUp({ labels: ['A', 'B'] });
  extremes[shape]!(material);
  const { charts } = planCharts(material);
  expect(charts.length).toBeGreaterThan(1);
  for (const { id, kind } of charts) {
    // With two periods observed there may be nothing to compare.
    const content = buildPlanned(material, id);
    if (kind === 'change' && content.kind === 'change' && content.bars.length === 0) continue;
    const { file, narrow } = await drawPlanned(material, id);
    expect([id, inspectSvg(file).broken, inspectSvg(narrow).broken]).toEqual([id, false, false]);
    expect((await rasterise({ svg: file, scales: [1] })).pictures[0]!.width).toBe(960);
  }
});

test('a broken drawing is refused before it can end the process', async () => {
  const draw = (path: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 50 50" width="50" height="50"><path d="${path}" stroke="#000"/></svg>`;
  expect((await rasterise({ svg: draw('M1 1L40 40'), scales: [1] })).pictures[0]!.width).toBe(50);
  for (const path of ['M1 1L496800784 5', 'M1 1l28808594 0', 'M1 NaN', 'M1 1L5 -6e9'])
    await expect(rasterise({ svg: draw(path), scales: [1] })).rejects.toThrow('reaches out of its picture');
});

test('what is wrong with a drawing is found', async () => {
  const text = (x: number, content: string): string =>
    `<text style="font-size:12px;" y="4" transform="translate(${x} 50)">${content}</text>`;
  const svg = `<svg viewBox="0 0 200 100">${text(10, 'one label')}${text(30, 'another')}${text(190, 'outside')}<path d="M0 NaN"/></svg>`;
  expect(inspectSvg(svg)).toMatchObject({
    width: 200,
    height: 100,
    overlaps: [['one label', 'another']],
    clipped: ['outside'],
    broken: true,
  });
});
