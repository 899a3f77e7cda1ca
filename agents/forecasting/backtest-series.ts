import { countCovered, meanAbsoluteError, seasonalScale } from './accuracy.ts';
import { forecastOne, type ForecastRequest } from './forecast-series.ts';
import { fitMethod, usableSeason, type MethodName } from './methods/fit-method.ts';
import { prepareSeries } from './prepare-series.ts';

export interface MethodBacktest {
  id: string;
  method: MethodName;
  /**
   * How many origins were forecast from, each with a fit of its own on what was known then. 0 where the history is
   * too short for that: the errors are then those of the fit to the history itself, which is no test.
   */
  origins: number;
  /** Steps ahead that were tested; fewer than were asked for where the history is short. */
  horizon: number;
  /** Mean absolute scaled error, and the seasonal naive method's from the same origins. */
  mase: number;
  naiveMase: number;
  /** Share of the held-out values within the interval; null where fewer than ten were held out. */
  coverage80: number | null;
  coverage95: number | null;
}

const mostOrigins = 4;
const fewestToJudgeIntervals = 10;

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

/** The unit of MASE; where the season repeats exactly, which has no such unit, the mean size of the values. */
function unitOf(history: Float64Array, season: number): number {
  const scale = history.length > season ? seasonalScale(history, season) : seasonalScale(history, 1);
  return scale || mean([...history].map(Math.abs)) || 1;
}

function errorWithinHistory(method: MethodName, values: Float64Array, season: number): number {
  const fitted = fitMethod(method, values, season);
  const errors: number[] = [];
  for (
    let origin = Math.max(1, Math.min(fitted.warmUp, values.length - 1));
    origin < values.length;
    origin++
  ) {
    errors.push(Math.abs(values[origin]! - fitted.forecastFrom(origin, 1)[0]!));
  }
  return mean(errors);
}

/** Rolling-origin backtest of one method beside the seasonal naive one. */
export function backtestOne(request: ForecastRequest): MethodBacktest {
  const { id, method, season } = request;
  const values = prepareSeries(request, season)?.values ?? new Float64Array();
  const { origins, tested } = chooseOrigins(values.length, season, request.horizon);
  const result = { id, method, origins: origins.length, horizon: tested };
  if (origins.length === 0) {
    const unit = unitOf(values, usableSeason('naive', values.length, season));
    return {
      ...result,
      mase: errorWithinHistory(method, values, season) / unit,
      naiveMase: errorWithinHistory('naive', values, season) / unit,
      coverage80: null,
      coverage95: null,
    };
  }
  const errors: number[] = [];
  const naiveErrors: number[] = [];
  const covered = { 80: 0, 95: 0 };
  for (const origin of origins) {
    const history = values.slice(0, origin);
    const actual = values.slice(origin, origin + tested);
    const { point, bounds, naive } = forecastOne({ ...request, horizon: tested, values: [...history] });
    const unit = unitOf(history, season);
    errors.push(meanAbsoluteError(actual, point) / unit);
    naiveErrors.push(meanAbsoluteError(actual, naive) / unit);
    for (const level of [80, 95] as const) {
      covered[level] += countCovered(actual, bounds[level].lower, bounds[level].upper);
    }
  }
  const points = origins.length * tested;
  const judged = points >= fewestToJudgeIntervals;
  return {
    ...result,
    mase: mean(errors),
    naiveMase: mean(naiveErrors),
    coverage80: judged ? covered[80] / points : null,
    coverage95: judged ? covered[95] / points : null,
  };
}

export type Verdict = 'trusted' | 'worseThanNaive' | 'intervalsTooNarrow' | 'untested';

const least95 = 0.7;
// Where a season repeats to the digit the naive method is exact, and any other is only all but exact.
const rounding = 1e-3;

/** How far to trust a method on the series it was tested on; only `trusted` may go ahead without a person. */
export function judgeBacktest({ origins, mase, naiveMase, coverage95 }: MethodBacktest): Verdict {
  if (origins === 0) return 'untested';
  if (mase > naiveMase + rounding) return 'worseThanNaive';
  return coverage95 !== null && coverage95 < least95 ? 'intervalsTooNarrow' : 'trusted';
}
