import { describe, expect, test } from 'vitest';
import { cumulativeError, pinballLoss } from '../../../agents/forecasting/accuracy.ts';
import { backtestMethods } from '../../../agents/forecasting/backtest-series.ts';
import { classifyDemand, isIntermittent } from '../../../agents/forecasting/classify-demand.ts';
import { forecastOne } from '../../../agents/forecasting/forecast-series.ts';
import { intermittentNames } from '../../../agents/forecasting/methods/fit-method.ts';
import { boundsOfDemand, fitIntermittent } from '../../../agents/forecasting/methods/intermittent-demand.ts';
import { generateDemand, generateSeries } from './generated-series.ts';
import { makeTable, runGraph } from './run-graph.ts';

describe('classes of demand', () => {
  test.each([
    ['smooth', [10, 12, 9, 11, 10, 8]],
    ['erratic', [1, 30, 2, 40, 1, 3]],
    ['intermittent', [0, 10, 0, 0, 12, 0, 11, 0]],
    ['lumpy', [0, 1, 0, 0, 40, 0, 2, 0]],
  ] as const)('%s', (expected, values) => {
    expect(classifyDemand(values)!.class).toBe(expected);
  });

  test('by the figures that are stated: periods from demand to demand, and squared variation of sizes', () => {
    // By hand: four demands in ten periods; sizes 2, 4, 6, 8 have mean 5 and variance 5.
    const demand = classifyDemand([0, 2, 0, 4, 0, 0, 6, 0, 0, 8])!;
    expect(demand.interval).toBe(2.5);
    expect(demand.variation).toBeCloseTo(5 / 25, 12);
  });

  test('is nothing to say where values are negative or nothing was ever asked for', () => {
    expect(classifyDemand([0, 0, 0])).toBeNull();
    expect(classifyDemand([0, -1, 5])).toBeNull();
    expect(isIntermittent([0, 0, 5, 0])).toBe(true);
    expect(isIntermittent([3, 0, 5, 4, 3, 2])).toBe(false);
  });
});

describe('errors for demand with zeros', () => {
  test('cumulative: forecasting nothing is not rewarded, as it is by absolute errors', () => {
    const actual = [0, 0, 4, 0];
    // By hand: gaps 0, 0, 4/3, 4/4.
    expect(cumulativeError(actual, [0, 0, 0, 0])).toBeCloseTo(Math.sqrt((16 / 9 + 1) / 4), 12);
    expect(cumulativeError(actual, [1, 1, 1, 1])).toBeLessThan(1);
    expect(cumulativeError([2, 2], [2, 2])).toBe(0);
  });

  test('pinball: bounds that miss cost more than bounds that are wide', () => {
    const around = (reach: number) => ({ lower: [10 - reach], upper: [10 + reach] });
    const loss = (actual: number, reach: number) =>
      pinballLoss([actual], { 80: around(reach), 95: around(reach) });
    // By hand, hit in the middle: (0.1 + 0.1 + 0.025 + 0.025) x 4 / 4.
    expect(loss(10, 4)).toBeCloseTo(0.25, 12);
    expect(loss(20, 4)).toBeGreaterThan(loss(20, 8));
    expect(loss(10, 4)).toBeLessThan(loss(10, 8));
  });
});

describe.each(intermittentNames)('%s', (method) => {
  const values = generateDemand({ length: 160, chance: 0.3, size: 12, seed: 3 });

  test('finds the rate of steady demand', () => {
    const { point } = forecastOne({ id: 'generated', values, season: 1, horizon: 6, method });
    expect(point[0]).toBeGreaterThan(0.6 * 0.3 * 12);
    expect(point[0]).toBeLessThan(1.4 * 0.3 * 12);
    expect(new Set(point).size).toBe(1);
  });

  test.each([
    ['hardly any demand', values.map((value, time) => (time === 20 ? value + 5 : 0))],
    ['one enormous demand', values.map((value, time) => (time === 90 ? 1e9 : value))],
    ['demand in every period', values.map((value) => value + 1)],
    ['demand only in the first period', values.map((_, time) => (time === 0 ? 7 : 0))],
  ])('is never negative and in order with %s', (_, history) => {
    const { point, bounds } = forecastOne({
      id: 'generated',
      values: history,
      season: 12,
      horizon: 4,
      method,
    });
    point.forEach((value, step) => {
      const { 80: narrow, 95: wide } = bounds;
      const ordered = [
        0,
        wide.lower[step]!,
        narrow.lower[step]!,
        value,
        narrow.upper[step]!,
        wide.upper[step]!,
      ];
      expect(ordered).toEqual(ordered.toSorted((left, right) => left - right));
      expect(wide.upper[step]).toSatisfy(Number.isFinite);
    });
  });
});

test("Croston's rate is size over interval, by hand", () => {
  // Demand of 6 in every third period: whatever the share, size 6 and interval 3 are never moved away from.
  const values = Float64Array.from({ length: 36 }, (_, time) => (time % 3 === 2 ? 6 : 0));
  expect(fitIntermittent(values, 'croston').forecastFrom(36, 1)[0]).toBeCloseTo(2, 9);
  const unbiased = fitIntermittent(values, 'sba');
  const alpha = Number(/\(([\d.]+)\)/.exec(unbiased.description)![1]);
  expect(unbiased.forecastFrom(36, 1)[0]).toBeCloseTo(2 * (1 - alpha / 2), 9);
});

test('only Teunter, Syntetos and Babai notice that demand has stopped', () => {
  const alive = generateDemand({ length: 80, chance: 0.4, size: 10, seed: 8 });
  const stopped = Float64Array.from([...alive, ...Array<number>(40).fill(0)]);
  const rate = (method: 'tsb' | 'sba') => fitIntermittent(stopped, method).forecastFrom(120, 1)[0]!;
  expect(rate('tsb')).toBeLessThan(1.3);
  expect(rate('sba')).toBeGreaterThan(2);
});

test('intervals hold what they say on generated demand, and are no wider than they need be', () => {
  let inside = 0;
  let points = 0;
  let upper = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const all = generateDemand({ length: 120, chance: 0.3, size: 10, seed });
    const { bounds } = forecastOne({
      id: 'generated',
      values: all.slice(0, 108),
      season: 1,
      horizon: 12,
      method: 'sba',
    });
    all.slice(108).forEach((value, step) => {
      points++;
      upper += bounds[95].upper[step]! / (60 * 12);
      if (value >= bounds[95].lower[step]! && value <= bounds[95].upper[step]!) inside++;
    });
  }
  expect(inside / points).toBeGreaterThan(0.94);
  expect(inside / points).toBeLessThan(0.995);
  // Sizes are 1 to 19: an upper bound above that would be made up.
  expect(upper).toBeLessThan(20);
});

test('where less is expected than there was, zero becomes likelier; where more, sizes grow', () => {
  const history = Float64Array.from({ length: 100 }, (_, time) => (time % 2 ? 10 : 0));
  expect(boundsOfDemand(history, 5)[80][1]).toBeCloseTo(10, 0);
  expect(boundsOfDemand(history, 10)[95][1]).toBeGreaterThan(18);
  expect(boundsOfDemand(history, 0.2)[80][1]).toBe(0.2);
});

test('methods are compared by demand added up, from the same origins', () => {
  const values = generateDemand({ length: 120, chance: 0.25, size: 10, seed: 4 });
  const results = backtestMethods({
    id: 'generated',
    values,
    season: 1,
    horizon: 8,
    methods: ['sba', 'tsb', 'croston'],
  });
  expect(results.map(({ measure }) => measure)).toEqual(['cumulative', 'cumulative', 'cumulative']);
  expect(
    new Set(results.map(({ forecasts }) => JSON.stringify(forecasts.map(({ origin }) => origin)))).size,
  ).toBe(1);
  for (const { mase, naiveMase, pinball } of results) {
    expect(mase).toBeLessThan(naiveMase);
    expect(pinball).toBeGreaterThan(0);
  }
});

test('the forecast names the class of each series, and takes a method made for it', async () => {
  const smooth = generateSeries({ length: 96, level: 200, trend: 1, swing: 30, noise: 5 });
  const rare = generateDemand({ length: 96, chance: 0.3, size: 10, seed: 2 });
  const { forecast } = await runGraph(makeTable({ smooth, rare }), 6, {
    answers: { worseThanNaive: 'proceed', intervalsTooNarrow: 'proceed' },
  });
  const [first, second] = forecast.series;
  expect(first).toMatchObject({ demand: 'smooth', backtest: { measure: 'mase' } });
  expect(second).toMatchObject({ demand: 'intermittent', backtest: { measure: 'cumulative' } });
  expect(second!.method).toMatch(/Croston|Teunter/);
  expect(second!.backtest.tried).toHaveLength(4);
  expect(forecast.notes.join('\n')).toMatch(
    /rare: demand is intermittent: once in [23]\.\d\d periods \(ADI\)/,
  );
  expect(Math.min(...second!.lower95)).toBeGreaterThanOrEqual(0);
});
