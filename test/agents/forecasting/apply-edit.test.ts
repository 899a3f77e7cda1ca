import { beforeAll, describe, expect, test } from 'vitest';
import { Forecast } from '../../../agents/forecasting/agent.ts';
import { applyEdit } from '../../../agents/forecasting/apply-edit.ts';
import { generateSeries } from './generated-series.ts';
import { makeTable, runGraph } from './run-graph.ts';

let base: Forecast;

beforeAll(async () => {
  const a = generateSeries({ length: 72, level: 300, swing: 30, noise: 5, seed: 2 });
  const b = generateSeries({ length: 72, level: 500, trend: 1, swing: 20, noise: 8, seed: 3 });
  const table = makeTable({ total: a.map((value, time) => value + b[time]!), a, b, other: a }, [
    { total: 'total', parts: ['a', 'b'] },
  ]);
  base = (await runGraph(table, 6, { answers: { worseThanNaive: 'proceed', intervalsTooNarrow: 'proceed' } }))
    .forecast;
});

function find(forecast: Forecast, id: string) {
  return forecast.series.find((series) => series.id === id)!;
}

test('a figure set by hand stays as given, sums hold again, and nothing else moves', () => {
  const before = structuredClone(base);
  const edited = applyEdit(base, {
    set: [{ series: 'a', period: '2016-02', value: 400 }],
    reason: 'a new contract',
  });
  expect(Forecast.parse(edited)).toEqual(edited);
  expect(find(edited, 'a').mean[1]).toBe(400);
  expect(find(edited, 'a').edited).toBe(true);
  expect(find(edited, 'total').mean[1]).toBeCloseTo(400 + find(edited, 'b').mean[1]!, 6);
  for (const { id, mean, edited: changed } of edited.series) {
    const old = find(base, id).mean;
    if (id !== 'a') expect(changed).toBe(false);
    mean.forEach((value, step) => step !== 1 && expect(value).toBe(old[step]));
  }
  expect(find(edited, 'other')).toEqual(find(base, 'other'));
  expect(edited.notes.at(-1)).toBe('Set by hand: a 2016-02 = 400. Reason given: a new contract');
  expect(base).toEqual(before);
});

test('the interval moves along with its figure', () => {
  const edited = find(applyEdit(base, { set: [{ series: 'a', period: '2016-01', value: 350 }] }), 'a');
  const old = find(base, 'a');
  expect(edited.upper95[0]! - 350).toBeCloseTo(old.upper95[0]! - old.mean[0]!, 9);
  expect(350 - edited.lower80[0]!).toBeCloseTo(old.mean[0]! - old.lower80[0]!, 9);
});

describe('is refused, with what is wrong:', () => {
  const set = (series: string, period: string, value: number) => ({ series, period, value });
  test.each([
    ['no figures', { set: [] }, /set/],
    ['a figure that is none', { set: [{ series: 'a', period: '2016-01', value: 'many' }] }, /value/],
    ['an unknown series', { set: [set('c', '2016-01', 1)] }, /No series "c"/],
    ['another period', { set: [set('a', '2015-12', 1)] }, /2016-01 to 2016-06/],
    ['two figures for one place', { set: [set('a', '2016-01', 1), set('a', '2016-01', 2)] }, /to 1 and to 2/],
    [
      'figures that can not add up',
      { set: [set('total', '2016-01', 500), set('a', '2016-01', 200), set('b', '2016-01', 200)] },
      /contradict/,
    ],
  ])('%s', (_, delta, message) => {
    expect(() => applyEdit(base, delta)).toThrow(message);
    expect(() => applyEdit(base, delta)).toThrow(expect.objectContaining({ type: 'Agent.EditFailed' }));
  });
});
