import fc from 'fast-check';
import { expect, test } from 'vitest';
import { niceScale } from '../../../agents/visualisation/figures.ts';
import { wordingOf } from '../../../agents/visualisation/wording/wording.ts';

const {
  figure: formatFigure,
  change: formatChange,
  percent: formatPercent,
  period: formatPeriod,
} = wordingOf('en').format;

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
  expect([1, -9.46, 0.04, null].map((share) => formatPercent(share))).toEqual([
    '+1.0 %',
    '−9.5 %',
    '±0.0 %',
    'not known',
  ]);
});

test('periods are written as people read them, and unknown ones left as they are', () => {
  expect(
    ['2016-12', '2015-Q4', '2015-12-31', '2015-W52', '2015', '2016-13'].map((period) => formatPeriod(period)),
  ).toEqual(['Dec 2016', 'Q4 2015', '31 Dec 2015', 'week 52 of 2015', '2015', '2016-13']);
});

test('figures, periods and money are written as each place writes them', () => {
  const write = (language: 'zh-Hant-HK' | 'zh-Hant-TW'): string[] => {
    const { format } = wordingOf(language);
    return [
      ...['2016-12', '2015-Q4', '2015-12-31', '2015-W05', '2015', '2016-02-31x'].map((period) =>
        format.period(period),
      ),
      format.percent(-9.46),
      format.figure(null),
      format.amount(-1234.5, 'HKD'),
      format.amount(12, '萬人'),
    ];
  };
  const common = ['2015年第4季', '2015年12月31日'];
  expect(write('zh-Hant-HK')).toEqual([
    '2016年12月',
    ...common,
    '2015年第5周',
    '2015',
    '2016-02-31x',
    '−9.5%',
    '不詳',
    '−HKD\u00A01,235',
    '12 萬人',
  ]);
  expect(write('zh-Hant-TW').slice(0, 4)).toEqual([
    '2016年12月',
    '2015年第4季',
    '2015年12月31日',
    '2015年第5週',
  ]);
  expect(wordingOf('en').format.amount(1234, 'TWD')).toBe('TWD\u00A01,234');
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
