import { expect, test } from 'vitest';
import { buildContent } from '../../../agents/visualisation/build-content.ts';
import type { ChangeContent } from '../../../agents/visualisation/chart-content.ts';
import { placeSeries } from '../../../agents/visualisation/material.ts';
import { planCharts } from '../../../agents/visualisation/plan-charts.ts';
import { addUp, splitEvenly } from '../../../agents/visualisation/what-adds-up.ts';
import { gatherEmployment } from './employment.ts';
import { madeUp } from './made-up.ts';

test('each question gets its chart: the total, what is in between, the parts, what changes, how far to trust', () => {
  const { charts, leftOut } = planCharts(gatherEmployment());
  expect(charts.map(({ id, series }) => [id, series.length])).toEqual([
    ['outlook-total-1', 1],
    ['outlook-subtotals', 5],
    ['outlook-parts', 15],
    ['odds-1', 1],
    ['shares', 15],
    ['change', 15],
    ['trust', 21],
  ]);
  expect(charts[0]!.series).toEqual(['nonfarm']);
  expect(charts[0]!.topic).toBe('nonfarm: outlook to Dec 2016');
  expect(leftOut).toEqual([]);
});

test('only the kinds that were asked for are planned', () => {
  expect(planCharts(gatherEmployment(), ['trust', 'change']).charts.map(({ kind }) => kind)).toEqual([
    'change',
    'trust',
  ]);
});

test('one series gets one outlook and its trust, and no chart of changes to compare', () => {
  const { charts } = planCharts(madeUp({ labels: ['Visitors'] }));
  expect(charts.map(({ kind, topic }) => [kind, topic])).toEqual([
    ['outlook', 'Visitors: outlook to Dec 2022'],
    ['odds', 'Visitors: what Dec 2022 may bring'],
    ['trust', 'How far to trust each forecast'],
  ]);
});

test('a series that cannot be drawn is left out with the reason, the others are drawn', () => {
  const material = madeUp({ labels: ['A', 'B', 'C', 'D', 'E'] });
  material.forecast.series[1]!.mean[3] = Number.NaN;
  material.forecast.series[2]!.upper80[0] = 1e9;
  material.forecast.series[3]!.lower95.pop();
  material.table.series[4]!.values[0] = -1.7e308;
  const { charts, leftOut } = planCharts(material);
  expect(charts.map(({ series }) => series)).toEqual([['s1'], ['s1'], ['s1']]);
  expect(leftOut.map(({ label, reason }) => `${label}: ${reason}`)).toEqual([
    'B: Not drawn: a forecast figure is not a finite number.',
    'C: Not drawn: its intervals do not lie within one another.',
    'D: Not drawn: its forecast does not have 12 figures in each line.',
    'E: Not drawn: a figure is too large to draw.',
  ]);
});

test('a total whose parts were not forecast stands on its own', () => {
  const material = gatherEmployment();
  material.forecast.series = material.forecast.series.filter(
    ({ id }) => id === 'nonfarm' || id === 'utilities',
  );
  expect(placeSeries(material)).toEqual({ roots: [], middles: [], leaves: ['nonfarm', 'utilities'] });
});

test('only parts of one total in one unit are added up', () => {
  const material = gatherEmployment();
  expect(addUp(material, ['construction', 'government'])).toBe(true);
  material.table.series.find(({ id }) => id === 'government')!.unit = 'persons';
  expect(addUp(material, ['construction', 'government'])).toBe(false);
  expect(addUp(madeUp({ labels: ['A', 'B'] }), ['s1', 's2'])).toBe(false);
});

test('change compares the last year forecast with the same months of the last year observed', () => {
  for (const horizon of [5, 12, 18]) {
    const material = gatherEmployment(horizon);
    const plan = planCharts(material).charts.find(({ kind }) => kind === 'change')!;
    const content = buildContent(plan, material) as ChangeContent;
    const bar = content.bars.find(({ id }) => id === 'construction')!;
    const values = material.table.series.find(({ id }) => id === 'construction')!.values as number[];
    const { mean } = material.forecast.series.find(({ id }) => id === 'construction')!;
    const first = Math.max(0, horizon - 12);
    const months = Array.from({ length: horizon - first }, (_, step) => first + step);
    const average = (figures: number[]): number =>
      figures.reduce((sum, value) => sum + value) / figures.length;
    const before = average(months.map((month) => values[values.length - 12 + (month % 12)]!));
    const after = average(months.map((month) => mean[month]!));
    expect(bar.before).toBeCloseTo(before, 8);
    expect(bar.change).toBeCloseTo(after - before, 8);
    expect(bar.percent).toBeCloseTo((100 * (after - before)) / before, 8);
  }
});

test('changes in different units are compared in percent, and what has none is named', () => {
  const material = madeUp({ labels: ['A', 'B', 'C'] });
  material.table.series[0]!.unit = 'EUR';
  material.table.series[2]!.values = material.table.series[2]!.values.map(() => -1);
  const plan = planCharts(material).charts.find(({ kind }) => kind === 'change')!;
  const content = buildContent(plan, material) as ChangeContent;
  expect(content.measure).toBe('percent');
  expect(content.bars.map(({ id }) => id).toSorted()).toEqual(['s1', 's2']);
  expect(content.omitted).toEqual([{ label: 'C', reason: 'noPositiveStart' }]);
});

test('groups are nearly equal and keep the order', () => {
  const items = Array.from({ length: 15 }, (_, index) => index);
  expect(splitEvenly(items, 12).map(({ length }) => length)).toEqual([8, 7]);
  expect(splitEvenly(items, 4).flat()).toEqual(items);
});
