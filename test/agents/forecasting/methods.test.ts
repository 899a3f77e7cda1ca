import { describe, expect, test } from 'vitest';
import { forecastOne } from '../../../agents/forecasting/forecast-series.ts';
import { methodNames, type MethodName } from '../../../agents/forecasting/methods/fit-method.ts';
import { generateSeries, generateWalk } from './generated-series.ts';

function forecast(values: (number | null)[], method: MethodName, { season = 12, horizon = 12 } = {}) {
  return forecastOne({ id: 'generated', values, season, horizon, method });
}

function allFigures(result: ReturnType<typeof forecastOne>): number[] {
  const { point, spread, bounds } = result;
  return [point, spread, bounds[80].lower, bounds[80].upper, bounds[95].lower, bounds[95].upper].flat();
}

const fitted = methodNames.filter((name) => name !== 'naive');

test('seasonal naive repeats the last season, as long as is asked for', () => {
  const values = [1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24];
  expect(forecast(values, 'naive', { season: 4, horizon: 6 }).point).toEqual([21, 22, 23, 24, 21, 22]);
});

describe.each(fitted)('%s', (method) => {
  test('goes on with a trend and a season that are plain to see', () => {
    const all = generateSeries({ length: 132, level: 500, trend: 2, swing: 60, noise: 1 });
    const { point } = forecast(all.slice(0, 120), method);
    point.forEach((value, step) => expect(Math.abs(value - all[120 + step]!)).toBeLessThan(20));
  });

  test('finds the season also without a trend', () => {
    const all = generateSeries({ length: 108, swing: 30, noise: 2 });
    const { point } = forecast(all.slice(0, 96), method);
    point.forEach((value, step) => expect(Math.abs(value - all[96 + step]!)).toBeLessThan(12));
  });

  test.each([
    ['negative values', generateSeries({ length: 90, level: -40, swing: 60, noise: 10 })],
    [
      'zeros',
      generateSeries({ length: 90, level: 0, swing: 5, noise: 3 }).map((value) =>
        Math.max(0, Math.round(value)),
      ),
    ],
    ['huge values', generateSeries({ length: 90, level: 1e12, swing: 1e11, noise: 1e10 })],
    ['tiny values', generateSeries({ length: 90, level: 1e-7, swing: 1e-8, noise: 1e-9 })],
    ['a constant', generateSeries({ length: 60 })],
    ['nothing but zeros', generateSeries({ length: 60, level: 0 })],
    ['a season that repeats exactly', Array.from({ length: 60 }, (_, time) => 10 + (time % 12))],
    ['an exact line', generateSeries({ length: 60, trend: 3 })],
    ['a random walk', generateWalk(80, 7)],
    ['less than two seasons', generateSeries({ length: 20, swing: 10, noise: 1 })],
    ['five values', [3, 1, 4, 1, 5]],
    ['three values', [7, 9, 8]],
    [
      'one extreme outlier',
      generateSeries({ length: 90, noise: 1 }).map((value, time) => (time === 70 ? 1e9 : value)),
    ],
  ])('answers with ordered, finite figures for %s', (_, values) => {
    const result = forecast(values, method, { horizon: 24 });
    expect(result.point).toHaveLength(24);
    for (const figure of allFigures(result)) expect(figure).toSatisfy(Number.isFinite);
    for (let step = 0; step < 24; step++) {
      const { 80: narrow, 95: wide } = result.bounds;
      expect(wide.lower[step]).toBeLessThanOrEqual(narrow.lower[step]!);
      expect(narrow.lower[step]).toBeLessThanOrEqual(result.point[step]!);
      expect(result.point[step]).toBeLessThanOrEqual(narrow.upper[step]!);
      expect(narrow.upper[step]).toBeLessThanOrEqual(wide.upper[step]!);
    }
  });

  test('does not depend on the unit', () => {
    const values = generateSeries({ length: 96, level: 80, trend: 0.3, swing: 20, noise: 4, seed: 3 });
    const plain = forecast(values, method).point;
    const inThousands = forecast(
      values.map((value) => value * 1000),
      method,
    ).point;
    inThousands.forEach((value, step) => expect(value / 1000).toBeCloseTo(plain[step]!, 0));
  });
});

test('a history without negative values gets no negative forecast or bound', () => {
  const values = generateSeries({ length: 60, level: 30, trend: -0.5, noise: 2 }).map((value) =>
    Math.max(0, value),
  );
  const result = forecast(values, 'combination', { horizon: 36 });
  expect(result.boundedAtZero).toBe(true);
  expect(Math.min(...result.point, ...result.bounds[95].lower)).toBeGreaterThanOrEqual(0);
  expect(forecast(generateSeries({ length: 60, level: 0, noise: 2 }), 'combination').boundedAtZero).toBe(
    false,
  );
});

test('intervals hold what they say on generated series with known noise', () => {
  let inside = 0;
  let points = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const all = generateSeries({ length: 120, level: 200, trend: 0.5, swing: 30, noise: 8, seed });
    const { bounds } = forecast(all.slice(0, 108), 'combination');
    all.slice(108).forEach((value, step) => {
      points++;
      if (value >= bounds[95].lower[step]! && value <= bounds[95].upper[step]!) inside++;
    });
  }
  expect(inside / points).toBeGreaterThan(0.9);
  // Real series change their ways; intervals made for them are wide for generated ones, which don't.
  expect(inside / points).toBeLessThanOrEqual(1);
});

test('periods without a value at the end are forecast too, so that step 1 follows the table', () => {
  const values = generateSeries({ length: 100, level: 500, swing: 50, noise: 1 });
  const late = forecast([...values.slice(0, 97), null, null, null], 'combination', { horizon: 6 }).point;
  const known = forecast(values.slice(0, 97), 'combination', { horizon: 9 }).point;
  expect(late).toEqual(known.slice(3));
});

test('a series without any value, or with too few, is refused by name', () => {
  expect(() => forecast([null, null], 'combination')).toThrow(/generated holds 0 values/);
  expect(() => forecast([1, null, 2].slice(0, 1), 'combination')).toThrow(/generated holds 1 values/);
});

test('results cross between threads unchanged', () => {
  const result = forecast(generateSeries({ length: 60, swing: 10, noise: 1 }), 'combination');
  expect(structuredClone(result)).toEqual(result);
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});
