import { expect, test } from 'vitest';
import { meanAbsoluteError, seasonalScale } from '../../../agents/forecasting/accuracy.ts';
import { backtestOne, judgeBacktest } from '../../../agents/forecasting/backtest-series.ts';
import type { MethodName } from '../../../agents/forecasting/methods/fit-method.ts';
import { generateSeries, generateWalk } from './generated-series.ts';

function backtest(
  values: (number | null)[],
  method: MethodName = 'combination',
  { season = 12, horizon = 12 } = {},
) {
  return backtestOne({ id: 'generated', values, season, horizon, method });
}

test('MASE is the mean absolute error in units of the mean change over a season', () => {
  // By hand: changes over a season of 2 are 2, 2, 4, 4, so the unit is 3; errors are 3 and 6, so MASE is 1.5.
  const history = [1, 5, 3, 7, 7, 11];
  expect(seasonalScale(history, 2)).toBe(3);
  expect(meanAbsoluteError([10, 8], [7, 14]) / seasonalScale(history, 2)).toBe(1.5);
});

test('a backtest of the naive method is its own yardstick, figure by figure', () => {
  const result = backtest(generateWalk(120, 3), 'naive');
  expect(result.mase).toBe(result.naiveMase);
  expect(judgeBacktest(result)).not.toBe('worseThanNaive');
});

test('what comes after an origin has no influence on the forecasts from it', () => {
  const values = generateSeries({ length: 120, swing: 20, noise: 5 });
  const spoil = (from: number) => values.map((value, time) => (time < from ? value : value + 1000));
  const [plain, last, both] = [backtest(values), backtest(spoil(119)), backtest(spoil(118))];
  // One value of 48 was moved by 1000, which the forecasts could not see: by hand, the error grows by 1000 / 48 units.
  const unit = seasonalScale(values.slice(0, 108), 12);
  expect(last.origins * last.horizon).toBe(48);
  expect((last.mase - plain.mase) * unit).toBeCloseTo(1000 / 48, 0);
  expect((both.mase - plain.mase) * unit).toBeCloseTo(2000 / 48, 0);
});

test('a clear trend is trusted: the naive forecast lags behind', () => {
  const result = backtest(generateSeries({ length: 120, level: 500, trend: 3, swing: 40, noise: 2 }));
  expect(result.mase!).toBeLessThan(result.naiveMase! / 2);
  expect(result.origins).toBe(4);
  expect(judgeBacktest(result)).toBe('trusted');
});

test('a short history is tested over fewer steps; one too short is called untested', () => {
  expect(backtest(generateSeries({ length: 30, swing: 20, noise: 2 })).horizon).toBe(6);
  const untested = backtest(generateSeries({ length: 24, swing: 20, noise: 2 }));
  expect(untested).toMatchObject({ origins: 0, coverage95: null });
  expect(untested.naiveMase).toBe(1);
  expect(judgeBacktest(untested)).toBe('untested');
});

test('a season that repeats exactly has an error of 0 and a verdict', () => {
  const values = Array.from({ length: 60 }, (_, time) => 10 + (time % 12));
  const result = backtest(values, 'naive');
  expect(result).toMatchObject({ mase: 0, naiveMase: 0, coverage95: 1 });
  expect(judgeBacktest(result)).toBe('trusted');
});

test('intervals are not judged by fewer than ten values', () => {
  const result = backtest(generateSeries({ length: 26, swing: 20, noise: 2 }));
  expect(result.origins * result.horizon).toBeLessThan(10);
  expect(result.coverage95).toBeNull();
});

test('a method that loses to the naive one, and one whose intervals miss, are told apart', () => {
  const sample = backtest(generateSeries({ length: 120, swing: 20, noise: 5 }));
  expect(judgeBacktest({ ...sample, mase: 2, naiveMase: 1 })).toBe('worseThanNaive');
  expect(judgeBacktest({ ...sample, mase: 1, naiveMase: 2, coverage95: 0.5 })).toBe('intervalsTooNarrow');
});
