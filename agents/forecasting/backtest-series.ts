import { countCovered, meanAbsoluteError, seasonalScale } from './accuracy.ts';
import { forecastOne, type ForecastRequest } from './forecast-series.ts';
import type { MethodName } from './methods/fit-method.ts';
import { fitSeasonalNaive } from './methods/seasonal-naive.ts';
import { prepareSeries } from './prepare-series.ts';

export interface Backtest {
  id: string;
  method: MethodName;
  /** How many origins were forecast from, each with a fit of its own on what was known then; 0: too short to test. */
  origins: number;
  /** Steps ahead that were tested; fewer than were asked for where the history is short. */
  horizon: number;
  /** Mean absolute scaled error; null without a test, or where a season repeats the one before exactly. */
  mase: number | null;
  /** The seasonal naive forecast's, from the same origins. */
  naiveMase: number | null;
  /** Mean absolute errors, in units of the series. */
  error: number | null;
  naiveError: number | null;
  /** Share of the held-out values within the interval. */
  coverage80: number | null;
  coverage95: number | null;
}

const mostOrigins = 4;

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Where to forecast from, newest last: spread over at most the newer half, never before two seasons are known. */
function chooseOrigins(observations: number, season: number, horizon: number) {
  const earliest = Math.max(2 * season, 6, Math.floor(observations / 2));
  const tested = Math.min(horizon, observations - earliest);
  if (tested < 1) return { origins: [], tested: 0 };
  const latest = observations - tested;
  const count = Math.min(mostOrigins, latest - earliest + 1);
  const stride = count > 1 ? Math.max(1, Math.min(tested, Math.floor((latest - earliest) / (count - 1)))) : 0;
  return {
    origins: Array.from({ length: count }, (_, index) => latest - stride * (count - 1 - index)),
    tested,
  };
}

/** Rolling-origin backtest of one method beside the seasonal naive forecast. */
export function backtestOne(request: ForecastRequest): Backtest {
  const { id, method, season } = request;
  const values = prepareSeries(request, season)?.values ?? new Float64Array();
  const { origins, tested } = chooseOrigins(values.length, season, request.horizon);
  const scaled: number[] = [];
  const naiveScaled: number[] = [];
  const errors: number[] = [];
  const naiveErrors: number[] = [];
  let covered80 = 0;
  let covered95 = 0;
  for (const origin of origins) {
    const history = values.slice(0, origin);
    const actual = values.slice(origin, origin + tested);
    const { point, bounds } = forecastOne({ ...request, horizon: tested, values: [...history] });
    const error = meanAbsoluteError(actual, point);
    const naiveError = meanAbsoluteError(
      actual,
      fitSeasonalNaive(history, season).forecastFrom(origin, tested),
    );
    errors.push(error);
    naiveErrors.push(naiveError);
    const scale = seasonalScale(history, season);
    if (scale > 0) {
      scaled.push(error / scale);
      naiveScaled.push(naiveError / scale);
    }
    covered80 += countCovered(actual, bounds[80].lower, bounds[80].upper);
    covered95 += countCovered(actual, bounds[95].lower, bounds[95].upper);
  }
  const points = origins.length * tested;
  return {
    id,
    method,
    origins: origins.length,
    horizon: tested,
    mase: scaled.length > 0 ? mean(scaled) : null,
    naiveMase: scaled.length > 0 ? mean(naiveScaled) : null,
    error: points > 0 ? mean(errors) : null,
    naiveError: points > 0 ? mean(naiveErrors) : null,
    coverage80: points > 0 ? covered80 / points : null,
    coverage95: points > 0 ? covered95 / points : null,
  };
}

export type Verdict = 'trusted' | 'worseThanNaive' | 'intervalsTooNarrow' | 'untested';

const least95 = 0.7;

/** How far to trust a method on the series it was tested on; only `trusted` may go ahead without a person. */
export function judgeBacktest(backtest: Backtest): Verdict {
  const { error, naiveError, coverage95 } = backtest;
  if (error === null || naiveError === null || coverage95 === null) return 'untested';
  // Where the naive forecast itself is the method, it can't be worse than itself.
  if (error > naiveError) return 'worseThanNaive';
  return coverage95 < least95 ? 'intervalsTooNarrow' : 'trusted';
}
