import { describe, expect, test } from 'vitest';
import { cleanSeries } from '../../../agents/forecasting/find-unusual.ts';
import { forecastOne } from '../../../agents/forecasting/forecast-series.ts';
import { generateSeries, generateWalk } from './generated-series.ts';
import { makeTable, runGraph } from './run-graph.ts';

const sound = generateSeries({ length: 96, level: 200, trend: 0.5, swing: 40, noise: 3, seed: 11 });

function spike(values: number[], at: number, value: number): number[] {
  return values.map((old, time) => (time === at ? value : old));
}

function lift(values: number[], from: number, by: number): number[] {
  return values.map((value, time) => (time < from ? value : value + by));
}

function clean(values: number[], season = 12) {
  return cleanSeries(Float64Array.from(values), season);
}

describe('an outlier', () => {
  const { values, unusual } = clean(spike(sound, 50, 600));

  test('is found, with what was seen and what was to be expected', () => {
    expect(unusual).toMatchObject([{ kind: 'outlier', at: 50, observed: 600 }]);
    expect(Math.abs(unusual[0]!.expected - sound[50]!)).toBeLessThan(15);
  });

  test('is replaced for fitting, and nothing else is touched', () => {
    values.forEach((value, time) => {
      if (time === 50) expect(value).toBeCloseTo(unusual[0]!.expected, 9);
      else expect(value).toBe(sound[time]);
    });
  });

  test('hardly moves the forecast, nor widens its interval', () => {
    const forecast = (history: number[]) =>
      forecastOne({ id: 'generated', values: history, season: 12, horizon: 12, method: 'combination' });
    const [plain, spoilt] = [forecast(sound), forecast(spike(sound, 50, 2000))];
    plain.point.forEach((value, step) => expect(Math.abs(spoilt.point[step]! - value)).toBeLessThan(8));
    const width = ({ bounds }: typeof plain) => bounds[95].upper[0]! - bounds[95].lower[0]!;
    expect(width(spoilt)).toBeLessThan(1.5 * width(plain));
    expect(spoilt.unusual).toMatchObject([{ at: 50, observed: 2000 }]);
  });

  test('is not looked for among the newest two values: they may begin a new level', () => {
    expect(clean(spike(sound, 95, 600)).unusual).toEqual([]);
    expect(clean(spike(sound, 94, 600)).unusual).toEqual([]);
    expect(clean(spike(sound, 93, 600)).unusual).toHaveLength(1);
  });
});

describe('a level that moves and stays', () => {
  const shifted = lift(sound, 60, 150);

  test('is found, with date and size', () => {
    const { unusual } = clean(shifted);
    expect(unusual).toMatchObject([{ kind: 'levelShift', at: 60 }]);
    expect(Math.abs(unusual[0]!.observed - unusual[0]!.expected - 150)).toBeLessThan(30);
  });

  test('restarts the level: what came before is moved to it, what came after stays to the digit', () => {
    const { values } = clean(shifted);
    for (let time = 60; time < 96; time++) expect(values[time]).toBe(shifted[time]);
    const before = values.slice(36, 60).reduce((sum, value) => sum + value, 0) / 24;
    expect(Math.abs(before - 380)).toBeLessThan(30);
  });

  test('does not blow up the interval', () => {
    const width = (values: number[]) => {
      const { bounds } = forecastOne({
        id: 'generated',
        values,
        season: 12,
        horizon: 6,
        method: 'combination',
      });
      return bounds[95].upper[0]! - bounds[95].lower[0]!;
    };
    expect(width(shifted)).toBeLessThan(2.5 * width(sound));
  });
});

test.each([
  ['trend, season and noise', sound],
  ['a steep trend', generateSeries({ length: 96, level: 50, trend: 20, noise: 5 })],
  ['noise alone', generateSeries({ length: 96, noise: 10, seed: 6 })],
  ['a constant', generateSeries({ length: 60 })],
  ['a season that repeats exactly', Array.from({ length: 60 }, (_, time) => 10 + (time % 12))],
  ['too few values to tell', [1, 2, 1, 2, 90, 1, 2]],
])('nothing is found in %s', (_, values) => {
  const result = clean(values);
  expect(result.unusual).toEqual([]);
  expect([...result.values]).toEqual(values);
});

test('random walks and noise are left alone, but for one in twenty', () => {
  let found = 0;
  for (let seed = 1; seed <= 100; seed++) {
    if (clean(generateWalk(96, seed), 1).unusual.length > 0) found++;
    if (clean(generateSeries({ length: 96, noise: 10, seed }), 12).unusual.length > 0) found++;
  }
  expect(found).toBeLessThanOrEqual(10);
});

test('the forecast states both, with period and size, and the table keeps what was observed', async () => {
  const table = makeTable({ spiked: spike(sound, 50, 600), moved: lift(sound, 60, 150) });
  const before = structuredClone(table);
  const { forecast } = await runGraph(table, 12, {
    answers: { worseThanNaive: 'proceed', intervalsTooNarrow: 'proceed' },
  });
  const notes = forecast.notes.join('\n');
  expect(notes).toMatch(/spiked: 2014-03 stands out: 600 where about [12]\d\d(\.\d)? was to be expected/);
  expect(notes).toMatch(/moved: the level moved from about [\d.]+ to about [\d.]+ in 2015-01 and stayed/);
  expect(table).toEqual(before);
});
