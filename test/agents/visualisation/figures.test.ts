import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatChange,
  formatFigure,
  formatPercent,
  formatPeriod,
  niceScale,
} from '../../../agents/visualisation/figures.ts';

test('a figure has the decimals that its size warrants', () => {
  expect(
    [143146.4, 549.84, 12.345, 0.012345, -5840.4, 0, -0.0000001].map((value) => formatFigure(value)),
  ).toEqual(['143,146', '549.8', '12.35', '0.0123', '−5,840', '0', '−0.0000001']);
  expect(formatFigure(null)).toBe('not known');
  expect(formatFigure(Number.NaN)).toBe('not known');
  expect(formatFigure(3.2e21)).toBe('3.200e+21');
});

test('a change always shows its direction', () => {
  expect([1234, -5.6, 0].map((value) => formatChange(value))).toEqual(['+1,234', '−5.6', '±0']);
  expect([1, -9.46, 0.04, null].map(formatPercent)).toEqual(['+1.0 %', '−9.5 %', '±0.0 %', 'not known']);
});

test('periods are written as people read them, and unknown ones left as they are', () => {
  expect(['2016-12', '2015-Q4', '2015-12-31', '2015-W52', '2015', '2016-13'].map(formatPeriod)).toEqual([
    'Dec 2016',
    'Q4 2015',
    '31 Dec 2015',
    '2015-W52',
    '2015',
    '2016-13',
  ]);
});

test('a scale covers all values with few even ticks', () => {
  const value = fc.double({ min: -1e12, max: 1e12, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
      const { min, max, interval } = niceScale(values, 5);
      const slack = (max - min) * 1e-6;
      expect(min).toBeLessThanOrEqual(Math.min(...values) + slack);
      expect(max).toBeGreaterThanOrEqual(Math.max(...values) - slack);
      const ticks = (max - min) / interval;
      expect(ticks).toBeGreaterThan(0.99);
      expect(ticks).toBeLessThanOrEqual(7.01);
      expect(Math.abs(ticks - Math.round(ticks))).toBeLessThan(1e-3);
    }),
  );
});
