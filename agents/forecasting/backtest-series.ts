import { countCovered, cumulativeError, meanAbsoluteError, pinballLoss, seasonalScale } from './accuracy.ts';
import { isIntermittent } from './classify-demand.ts';
import {
  createSeriesFits,
  forecastPath,
  type ForecastRequest,
  type SeriesRequest,
} from './forecast-series.ts';
import { createFits, usableSeason, type MethodName } from './methods/fit-method.ts';
import { prepareSeries } from './prepare-series.ts';

/** What errors are measured by: step by step, or where demand is intermittent by the demand added up. */
export type Measure = 'mase' | 'cumulative';

export interface MethodBacktest {
  id: string;
  method: MethodName;
  measure: Measure;
  /**
   * How many origins were forecast from, each with a fit of its own on what was known then. 0 where the history is
   * too short for that: the errors are then those of the fit to the history itself, which is no test.
   */
  origins: number;
  /** Steps ahead that were tested; fewer than were asked for where the history is short. */
  horizon: number;
  /** Mean absolute scaled error, or cumulative error in the same unit; and the naive method's from the same origins. */
  mase: number;
  naiveMase: number;
  /** Mean pinball loss of the intervals' bounds, in the same unit; null where nothing was held out. */
  pinball: number | null;
  /** Share of the held-out values within the interval; null where fewer than ten were held out. */
  coverage80: number | null;
  coverage95: number | null;
  /** What was forecast, by origin: the position in the request's values that its first step has. */
  forecasts: { origin: number; point: number[]; lower95: number[]; upper95: number[] }[];
}

export interface BacktestRequest extends SeriesRequest {
  methods: MethodName[];
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

function errorWithinHistory(
  method: MethodName,
  values: Float64Array,
  fits: ReturnType<typeof createFits>,
): number {
  const fitted = fits(method);
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

/** Mean absolute scaled error of one method's points alone, without intervals; infinite where nothing can be tested. */
export function measurePoints({ method, ...request }: ForecastRequest): number {
  const { season } = request;
  const { values, start } = prepareSeries(request, season) ?? { values: new Float64Array(), start: 0 };
  const { origins, tested } = chooseOrigins(values.length, season, request.horizon);
  const errors = origins.map((origin) => {
    const history = values.slice(0, origin);
    const fits = createSeriesFits(history, { ...request, horizon: tested }, start);
    const actual = values.slice(origin, origin + tested);
    return meanAbsoluteError(actual, fits.fit(method).forecastFrom(origin, tested)) / unitOf(history, season);
  });
  return errors.length > 0 ? mean(errors) : Infinity;
}

/** Rolling-origin backtest of several methods beside the seasonal naive one, all from the same origins. */
export function backtestMethods(request: BacktestRequest): MethodBacktest[] {
  const { id, methods, season } = request;
  const { values, start } = prepareSeries(request, season) ?? { values: new Float64Array(), start: 0 };
  const { origins, tested } = chooseOrigins(values.length, season, request.horizon);
  const measure: Measure = isIntermittent(values) ? 'cumulative' : 'mase';
  if (origins.length === 0) {
    const unit = unitOf(values, usableSeason('naive', values.length, season));
    const fits = createFits(values, season);
    return methods.map((method) => ({
      id,
      method,
      measure,
      origins: 0,
      horizon: tested,
      mase: errorWithinHistory(method, values, fits) / unit,
      naiveMase: errorWithinHistory('naive', values, fits) / unit,
      pinball: null,
      coverage80: null,
      coverage95: null,
      forecasts: [],
    }));
  }
  const errorOf = measure === 'mase' ? meanAbsoluteError : cumulativeError;
  const histories = origins.map((origin) => {
    const history = values.slice(0, origin);
    const actual = values.slice(origin, origin + tested);
    const fits = createSeriesFits(history, { ...request, horizon: tested }, start);
    const naive = fits.fit('naive').forecastFrom(origin, tested);
    const unit = unitOf(history, season);
    return { origin, actual, fits, unit, naiveError: errorOf(actual, naive) / unit };
  });
  const points = origins.length * tested;
  const judged = points >= fewestToJudgeIntervals;
  return methods.map((method) => {
    const errors: number[] = [];
    const losses: number[] = [];
    const covered = { 80: 0, 95: 0 };
    const forecasts: MethodBacktest['forecasts'] = [];
    for (const { origin, actual, fits, unit } of histories) {
      const { point, bounds } = forecastPath(fits, method, tested);
      errors.push(errorOf(actual, point) / unit);
      losses.push(pinballLoss(actual, bounds) / unit);
      const { lower: lower95, upper: upper95 } = bounds[95];
      forecasts.push({ origin: start + origin, point, lower95, upper95 });
      for (const level of [80, 95] as const) {
        covered[level] += countCovered(actual, bounds[level].lower, bounds[level].upper);
      }
    }
    return {
      id,
      method,
      measure,
      origins: origins.length,
      horizon: tested,
      mase: mean(errors),
      naiveMase: mean(histories.map(({ naiveError }) => naiveError)),
      pinball: mean(losses),
      coverage80: judged ? covered[80] / points : null,
      coverage95: judged ? covered[95] / points : null,
      forecasts,
    };
  });
}

export function backtestOne({ method, ...request }: ForecastRequest): MethodBacktest {
  return backtestMethods({ ...request, methods: [method] })[0]!;
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
