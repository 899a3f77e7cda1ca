import { performance } from 'node:perf_hooks';
import {
  countCovered,
  intervalScore,
  meanAbsoluteError,
  seasonalScale,
} from '../../agents/forecasting/accuracy.ts';
import { forecastOne } from '../../agents/forecasting/forecast-series.ts';
import type { MethodName } from '../../agents/forecasting/methods/fit-method.ts';
import type { TestSeries } from './read-series.ts';

export interface Measured {
  mase: number;
  maseMedian: number;
  coverage80: number;
  coverage95: number;
  /** Mean score of the 95 % intervals, in the unit of MASE. */
  score95: number;
  millisecondsMedian: number;
  millisecondsMost: number;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Forecasts each series on this one thread and compares with what came after. */
export function measureMethod(
  series: TestSeries[],
  season: number,
  horizon: number,
  method: MethodName,
): Measured {
  const mase: number[] = [];
  const scores: number[] = [];
  const times: number[] = [];
  let covered80 = 0;
  let covered95 = 0;
  for (const { id, history, future } of series) {
    const start = performance.now();
    const { point, bounds } = forecastOne({ id, values: history, season, horizon, method });
    times.push(performance.now() - start);
    mase.push(meanAbsoluteError(future, point) / seasonalScale(history, season));
    scores.push(intervalScore(future, bounds[95], 95) / seasonalScale(history, season));
    covered80 += countCovered(future, bounds[80].lower, bounds[80].upper);
    covered95 += countCovered(future, bounds[95].lower, bounds[95].upper);
  }
  const points = series.length * horizon;
  return {
    mase: mean(mase),
    maseMedian: median(mase),
    coverage80: covered80 / points,
    coverage95: covered95 / points,
    score95: mean(scores),
    millisecondsMedian: median(times),
    millisecondsMost: Math.max(...times),
  };
}
