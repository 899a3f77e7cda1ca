import { expect, test } from 'vitest';
import { judgeBacktest, type MethodBacktest } from '../../../agents/forecasting/backtest-series.ts';
import { chooseLeastBad, chooseMethod, explainChoice } from '../../../agents/forecasting/choose-method.ts';
import type { MethodName } from '../../../agents/forecasting/methods/fit-method.ts';
import type { Trial } from '../../../agents/forecasting/state.ts';

function trial(method: MethodName, mase: number, changes: Partial<MethodBacktest> = {}): Trial {
  const backtest: MethodBacktest = {
    id: 'a',
    method,
    measure: 'mase',
    origins: 4,
    horizon: 12,
    mase,
    naiveMase: 1,
    pinball: 0.1,
    coverage80: 0.8,
    coverage95: 0.95,
    forecasts: [],
    ...changes,
  };
  return { backtest, verdict: judgeBacktest(backtest) };
}

test('the combination is taken while no single method is 30 % better', () => {
  const close = [trial('combination', 0.8), trial('ets', 0.57), trial('theta', 0.9)];
  expect(chooseMethod(close)).toBe('combination');
  expect(explainChoice(close, 'combination')).toBe("No single method's error was 30 % smaller.");
});

test('a single method that is 30 % better over at least three origins is taken instead', () => {
  const clear = [trial('combination', 0.8), trial('ets', 0.55)];
  expect(chooseMethod(clear)).toBe('ets');
  expect(explainChoice(clear, 'ets')).toMatch(/at least 30 % smaller than the combination's/);
  const few = [trial('combination', 0.8, { origins: 2 }), trial('ets', 0.4, { origins: 2 })];
  expect(chooseMethod(few)).toBe('combination');
});

test('a combination that is not to be trusted gives way to the best method that is', () => {
  const trials = [
    trial('combination', 1.2),
    trial('ets', 0.95),
    trial('arima', 0.9),
    trial('theta', 0.5, { coverage95: 0.4 }),
  ];
  expect(chooseMethod(trials)).toBe('arima');
  expect(explainChoice(trials, 'arima')).toMatch(/Of the methods to be trusted/);
});

test('where none is to be trusted none is chosen, and the least bad one is offered', () => {
  const trials = [trial('combination', 1.3), trial('ets', 1.1), trial('theta', 0.9, { coverage95: 0.2 })];
  expect(chooseMethod(trials)).toBeNull();
  expect(chooseLeastBad(trials).backtest.method).toBe('theta');
  expect(chooseLeastBad(trials.slice(0, 2)).backtest.method).toBe('ets');
});

test('errors of a mere fit choose nothing', () => {
  const untested = { origins: 0, coverage95: null };
  const trials = [trial('combination', 0.6, untested), trial('ets', 0.1, untested)];
  expect(chooseMethod(trials)).toBeNull();
  expect(chooseLeastBad(trials).backtest.method).toBe('combination');
});

test('for intermittent demand the loss of the intervals counts beside the error', () => {
  const cumulative = { measure: 'cumulative' as const };
  const trials = [
    trial('sba', 0.5, { ...cumulative, pinball: 0.4 }),
    trial('tsb', 0.6, { ...cumulative, pinball: 0.2 }),
    trial('combination', 0.7, { ...cumulative, pinball: 0.3 }),
  ];
  expect(chooseMethod(trials)).toBe('tsb');
});
