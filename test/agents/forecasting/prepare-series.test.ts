import { describe, expect, test } from 'vitest';
import { countNeeded, findUnfitness, prepareSeries } from '../../../agents/forecasting/prepare-series.ts';
import { generateSeries } from './generated-series.ts';

const sound = generateSeries({ length: 60, level: 100, swing: 20, noise: 2 });

function unfitness(values: (number | null)[], season = 12, horizon = 12) {
  return findUnfitness({ id: 'generated', values }, season, horizon);
}

function withGap(from: number, to: number): (number | null)[] {
  return sound.map((value, time) => (time >= from && time < to ? null : value));
}

describe('a series is unfit when', () => {
  test('it holds nothing', () => expect(unfitness([null, null])).toEqual({ reason: 'empty' }));
  test('it is shorter than two seasons and a test', () => {
    const values = sound.slice(0, 27);
    expect(unfitness(values)).toEqual({ reason: 'tooShort', observations: 27, needed: countNeeded(12) });
    expect(unfitness(sound.slice(0, countNeeded(12)))).toBeNull();
  });
  test('it never changes', () => {
    expect(unfitness(generateSeries({ length: 40, level: 5 }))).toEqual({ reason: 'constant', value: 5 });
  });
  test('too much is missing', () => {
    const values = sound.map((value, time) => (time % 4 === 1 ? null : value));
    expect(unfitness(values)).toMatchObject({ reason: 'tooManyGaps', missing: 15 });
  });
  test('one gap is longer than a season', () => {
    const long = generateSeries({ length: 200, swing: 20, noise: 2 });
    const values = long.map((value, time) => (time >= 50 && time < 64 ? null : value));
    expect(unfitness(values)).toMatchObject({ reason: 'tooManyGaps', longestGap: 14 });
  });
  test('it ended long before the table', () => {
    const values = [...sound, ...Array<null>(14).fill(null)];
    expect(unfitness(values)).toEqual({ reason: 'ended', periodsAgo: 14 });
  });
  test('the horizon exceeds the history', () => {
    expect(unfitness(sound, 12, 61)).toEqual({ reason: 'horizonTooLong', horizon: 61, longest: 60 });
  });
});

test('few gaps, a late start and NaN do not make a series unfit', () => {
  expect(unfitness(withGap(20, 23))).toBeNull();
  expect(unfitness([null, null, ...sound])).toBeNull();
  expect(unfitness(sound.map((value, time) => (time === 9 ? Number.NaN : value)))).toBeNull();
});

test('gaps are filled along the season, known values stay', () => {
  const prepared = prepareSeries({ id: 'generated', values: withGap(20, 24) }, 12)!;
  expect(prepared).toMatchObject({ filled: 4, missingAtEnd: 0 });
  prepared.values.forEach((value, time) => {
    if (time < 20 || time >= 24) expect(value).toBe(sound[time]);
    else expect(Math.abs(value - sound[time]!)).toBeLessThan(10);
  });
});

test('filling never turns a series without negative values negative', () => {
  const values = sound.map((value, time) => (time % 12 === 9 ? 0 : Math.max(0, value - 80)));
  const prepared = prepareSeries(
    { id: 'generated', values: values.map((v, time) => (time === 33 ? null : v)) },
    12,
  )!;
  expect(Math.min(...prepared.values)).toBeGreaterThanOrEqual(0);
});
