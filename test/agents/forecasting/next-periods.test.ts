import { expect, test } from 'vitest';
import { nextPeriods } from '../../../agents/forecasting/next-periods.ts';

test.each([
  ['yearly', 1, '2015', ['2016', '2017', '2018']],
  ['quarterly', 4, '2015-Q3', ['2015-Q4', '2016-Q1', '2016-Q2']],
  ['monthly', 12, '2015-11', ['2015-12', '2016-01', '2016-02']],
  // 2015 has 53 ISO weeks, 2016 has 52.
  ['weekly', 52, '2015-W52', ['2015-W53', '2016-W01', '2016-W02']],
  ['weekly', 52, '2016-W51', ['2016-W52', '2017-W01', '2017-W02']],
  ['daily', 7, '2016-02-27', ['2016-02-28', '2016-02-29', '2016-03-01']],
  // A Thursday, in a table of working days.
  ['daily', 5, '2016-12-29', ['2016-12-30', '2017-01-02', '2017-01-03']],
] as const)('after a %s table (season %i) that ends with %s', (frequency, season, last, expected) => {
  expect(nextPeriods({ frequency, season, periods: [last] }, 3)).toEqual(expected);
});
