import { expect, test } from 'vitest';
import { rankReconciliations, type RankRequest } from '../../../agents/forecasting/rank-reconciliations.ts';

const sums = [{ total: 'total', parts: ['a', 'b'] }];
const part = (level: number) =>
  Array.from({ length: 24 }, (_, time) => level + (time % 2 ? 1 : -1) * (1 + (time % 3)));

/** Two parts and their total, forecast from period 20 with the given errors, which each had before too. */
function makeRequest(errors: { total: number; a: number; b: number }, origin = 20): RankRequest {
  const a = part(40);
  const b = part(60);
  const total = a.map((value, time) => value + b[time]!);
  const entry = (id: 'total' | 'a' | 'b', values: number[]) => {
    const point = values.slice(origin, origin + 4).map((value) => value + errors[id]);
    const reach = (by: number) => point.map((value) => value + by);
    return {
      id,
      values,
      spread: point.map(() => Math.abs(errors[id]) || 0.01),
      boundedAtZero: true,
      forecasts: [{ origin, point, lower95: reach(-5), upper95: reach(5) }],
    };
  };
  return { season: 1, sums, series: [entry('total', total), entry('a', a), entry('b', b)] };
}

const firstOf = (request: RankRequest) => rankReconciliations(request)[0]!.by;

test('weights by measured errors come first where totals are known better than parts', () => {
  expect(firstOf(makeRequest({ total: 0, a: 8, b: 8 }))).toBe('variance');
});

test('bottom up comes first where parts are right and errors measured before say otherwise', () => {
  const request = makeRequest({ total: 30, a: 0, b: 0 });
  for (const series of request.series)
    series.spread = series.spread.map(() => (series.id === 'total' ? 1 : 3));
  const trials = rankReconciliations(request);
  expect(trials[0]!.by).toBe('bottomUp');
  expect(trials[0]!.mase).toBeCloseTo(0, 2);
  expect(trials.find(({ by }) => by === 'variance')!.mase).toBeGreaterThan(1);
});

test('the share within moved intervals is that of the reconciled forecast', () => {
  // By hand: bottom up leaves the parts right and mends the total, which lay 30 off with bounds 5 to either side.
  const trials = rankReconciliations(makeRequest({ total: 30, a: 0, b: 0 }));
  expect(trials.find(({ by }) => by === 'bottomUp')!.coverage95).toBe(1);
});

test('without a shared origin nothing is known, and the usual order stands', () => {
  const request = makeRequest({ total: 1, a: 1, b: 1 });
  request.series[0]!.forecasts = [];
  const usual = ['variance', 'structural', 'bottomUp'].map((by) => ({ by, mase: null, coverage95: null }));
  expect(rankReconciliations(request)).toEqual(usual);
  expect(rankReconciliations({ ...request, series: [] })).toEqual(usual);
});
