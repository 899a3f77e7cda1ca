import { expect, test } from 'vitest';
import { intervalScore } from '../../../agents/forecasting/accuracy.ts';
import type { FittedMethod } from '../../../agents/forecasting/methods/fitted-method.ts';
import {
  boundsAround,
  measureErrors,
  measureStretch,
} from '../../../agents/forecasting/methods/intervals.ts';
import { generateSeries } from './generated-series.ts';

/** Always says the same, so that the errors are known. */
function constantMethod(value: number, members?: FittedMethod[]): FittedMethod {
  return {
    description: `always ${value}`,
    warmUp: 1,
    forecastFrom: (_, horizon) => new Float64Array(horizon).fill(value),
    ...(members ? { members } : {}),
  };
}

function widthOf(values: Float64Array, method = constantMethod(0)): number {
  const profile = measureErrors(method, values, 4, 4);
  const stretch = measureStretch(method, values, profile, 4);
  const [lower, upper] = boundsAround(0, profile, 0, 95, stretch);
  return upper - lower;
}

const noise = Float64Array.from(generateSeries({ length: 80, level: 0, noise: 10, seed: 5 }));

test('what was off lately counts for more than what was off long ago', () => {
  const calmer = noise.map((value, time) => (time < 40 ? value : value / 4));
  const wilder = noise.map((value, time) => (time < 40 ? value / 4 : value));
  expect(widthOf(wilder)).toBeGreaterThan(1.5 * widthOf(calmer));
});

test('an error four seasons back weighs half as much as one today', () => {
  const values = new Float64Array(40);
  values[39] = 2;
  values[23] = 2 * Math.SQRT2;
  const { spread } = measureErrors(constantMethod(0), values, 1, 4);
  const alone = values.map((value, time) => (time === 39 ? value : 0));
  // By hand: 4 x w and 8 x w / 2 are the same share of the sum of squares.
  expect(spread[0]! ** 2).toBeCloseTo(2 * measureErrors(constantMethod(0), alone, 1, 4).spread[0]! ** 2, 9);
});

test('a short history gets wider intervals than a long one with the same errors', () => {
  const errors = (length: number) => Float64Array.from({ length }, (_, time) => (time % 2 ? 5 : -5));
  const stretch = (length: number) => 1 + (10 * 4 ** 0.75) / length;
  expect(widthOf(errors(20))).toBeCloseTo((stretch(20) / stretch(80)) * widthOf(errors(80)), 6);
  // Never more than three times: what is shorter is too short to say.
  expect(widthOf(errors(8))).toBeCloseTo(widthOf(errors(10)), 6);
});

test('methods that disagree make an interval wider, those that agree narrower, by a quarter power', () => {
  const join = (apart: number) => constantMethod(0, [constantMethod(apart), constantMethod(-apart)]);
  const spread = measureErrors(constantMethod(0), noise, 4, 4).spread;
  const usual = Math.sqrt(spread.reduce((sum, value) => sum + value ** 2, 0) / spread.length) * 0.4;
  const plain = widthOf(noise);
  expect(widthOf(noise, join(usual))).toBeCloseTo(plain, 6);
  expect(widthOf(noise, join(2 * usual))).toBeCloseTo(plain * 2 ** 0.25, 6);
  // However far apart or close, no further than this.
  expect(widthOf(noise, join(100 * usual))).toBeCloseTo(plain * 2.5 ** 0.25, 6);
  expect(widthOf(noise, join(0))).toBeCloseTo(plain * 0.4 ** 0.25, 6);
});

test('a method without any error has an interval without width', () => {
  const flat = new Float64Array(40).fill(7);
  const method = constantMethod(7, [constantMethod(7), constantMethod(7)]);
  const profile = measureErrors(method, flat, 3, 4);
  expect(boundsAround(7, profile, 2, 95, measureStretch(method, flat, profile, 4))).toEqual([7, 7]);
});

test('the interval score is the width, and forty times what misses a 95 % interval', () => {
  const bounds = { lower: [0, 0, 0], upper: [10, 10, 10] };
  // By hand: 10, 10 + 40 x 2, 10 + 40 x 1.
  expect(intervalScore([5, 12, -1], bounds, 95)).toBeCloseTo((10 + 90 + 50) / 3, 9);
  expect(intervalScore([12], { lower: [0], upper: [10] }, 80)).toBeCloseTo(10 + 10 * 2, 9);
});
