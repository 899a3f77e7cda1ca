import { backtestMethods, judgeBacktest } from '../../agents/forecasting/backtest-series.ts';
import { chooseLeastBad, chooseMethod } from '../../agents/forecasting/choose-method.ts';
import { classifyDemand, isIntermittent } from '../../agents/forecasting/classify-demand.ts';
import { forecastOne } from '../../agents/forecasting/forecast-series.ts';
import type { MethodForecast } from '../../agents/forecasting/forecast-series.ts';
import { intermittentNames } from '../../agents/forecasting/methods/fit-method.ts';
import type { MethodName } from '../../agents/forecasting/methods/fit-method.ts';
import { nextPeriods } from '../../agents/forecasting/next-periods.ts';
import { prepareSeries, seasonToUse } from '../../agents/forecasting/prepare-series.ts';
import type { Demand, Outlook } from './agents.ts';

const weeksOfYear = 52;
const regular: MethodName[] = ['combination', 'ets', 'ces', 'arima', 'theta', 'naive'];
const irregular: MethodName[] = [...intermittentNames, 'combination', 'naive'];

/**
 * Forecasts a product's weeks ahead from all that is known; and the weeks held out, from what was known before them
 * alone, by a method that was chosen on that alone too: where no season was seen twice, a steady rate of demand.
 */
export function forecastDemand({
  code,
  demand: { label, price, values, weeks, holdout },
  horizon,
  method: asked,
}: {
  code: string;
  demand: Demand;
  horizon: number;
  method?: MethodName | undefined;
}): Outlook {
  const forecast = (history: (number | null)[], steps: number): MethodForecast => {
    const series = { id: code, values: history, season: seasonToUse({ values: history }, weeksOfYear) };
    const method = asked ?? chooseFor({ ...series, horizon: steps });
    return forecastOne({ ...series, horizon: steps, method });
  };
  const known = values.slice(0, -holdout);
  const actual = values.slice(-holdout);
  const held = forecast(known, holdout);
  const ahead = forecast(values, horizon);
  const { values: filled } = prepareSeries({ id: code, values: known }, 1)!;
  const week = mean(filled);
  return {
    label,
    price,
    class: classifyDemand(filled)!.class,
    most: Math.max(...values.map((value) => value ?? 0)),
    method: ahead.method,
    weeks: nextPeriods({ frequency: 'weekly', season: 1, periods: weeks }, horizon),
    mean: round(ahead.point),
    lower80: round(ahead.bounds[80].lower),
    upper80: round(ahead.bounds[80].upper),
    test: {
      method: held.method,
      weeks: weeks.slice(-holdout),
      actual,
      forecast: round(held.point),
      lower80: round(held.bounds[80].lower),
      upper80: round(held.bounds[80].upper),
      naive: round(held.naive),
      recent: mean(filled.slice(-holdout)),
    },
    error: meanError(actual, held.point) / week,
    naiveError: meanError(actual, held.naive) / week,
  };
}

type Request = Omit<Parameters<typeof backtestMethods>[0], 'methods'>;

function chooseFor(request: Request): MethodName {
  // In four windows before those held out this was off by the least; what a few origins of so short a past would choose
  // among many methods was off by more than each of them.
  if (request.season === 1) return 'sba';
  const prepared = prepareSeries(request, request.season)!;
  const methods = isIntermittent(prepared.values) ? irregular : regular;
  const trials = backtestMethods({ ...request, methods }).map((backtest) => ({
    backtest,
    verdict: judgeBacktest(backtest),
  }));
  return chooseMethod(trials) ?? chooseLeastBad(trials).backtest.method;
}

/** Closed weeks have no error; 0 where all were closed. */
function meanError(actual: (number | null)[], forecast: number[]): number {
  const errors = actual.flatMap((value, week) => (value === null ? [] : [Math.abs(value - forecast[week]!)]));
  return errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(figures: number[]): number[] {
  return figures.map((figure) => Math.round(figure * 100) / 100);
}
