import { cleanSeries, type Unusual } from './find-unusual.ts';
import { applyPattern, type Regressors } from './regressors.ts';
import { createFits, isForIntermittent, type MethodName } from './methods/fit-method.ts';
import type { FittedMethod } from './methods/fitted-method.ts';
import { boundsOfDemand } from './methods/intermittent-demand.ts';
import { boundsAround, measureErrors, measureStretch, type Level } from './methods/intervals.ts';
import { prepareSeries, type RawSeries } from './prepare-series.ts';

/** One series and what is asked of it. */
export interface SeriesRequest extends RawSeries {
  /** Periods after which the pattern repeats: 12 for months, 1 for none. */
  season: number;
  horizon: number;
  /** What is known beforehand to move the series beside its season; none, if it is left out. */
  regressors?: Regressors;
}

export interface ForecastRequest extends SeriesRequest {
  method: MethodName;
}

interface Bounds {
  lower: number[];
  upper: number[];
}

/** Figures by step: entry 0 is the first step. */
export interface Path {
  point: number[];
  bounds: Record<Level, Bounds>;
  /** Root mean square error measured at each step, in units of the series. */
  spread: number[];
}

/** Everything by step: entry 0 is the first period after the table's last one. */
export interface MethodForecast extends Path {
  id: string;
  method: MethodName;
  /** What was fitted, such as `ETS(M,Ad,M)`. */
  description: string;
  /** What the seasonal naive method says. */
  naive: number[];
  /** The history has no negative value, so neither the forecast nor its bounds have one. */
  boundedAtZero: boolean;
  /** Gaps that were filled in before fitting. */
  filled: number;
  /** What methods were not fitted to as it stands, by position in the request's values. */
  unusual: Unusual[];
}

/** Below this there is not even an error to measure, and an interval would be made up. */
export const fewestValues = 3;

/** What every method of one series is fitted to, and the methods, each fitted once. */
export interface Fits {
  season: number;
  /** As observed, gaps filled. */
  values: Float64Array;
  cleaned: Float64Array;
  unusual: Unusual[];
  fit(name: MethodName): FittedMethod;
}

/** Cleans a history without gaps that begins at `start` of the request's values, and fits methods to it on demand. */
export function createSeriesFits(
  values: Float64Array,
  { season, horizon, regressors }: Pick<SeriesRequest, 'season' | 'horizon' | 'regressors'>,
  start: number,
): Fits {
  const adjust = applyPattern(values, { season, horizon, start, ...(regressors ? { regressors } : {}) });
  const { values: cleaned, unusual } = cleanSeries(adjust.values, season);
  const fitToCleaned = createFits(cleaned, season);
  const fitToObserved = createFits(values, season);
  return {
    season,
    values,
    cleaned: adjust.restore(cleaned),
    unusual: unusual.map((entry) => ({ ...entry, at: entry.at + start })),
    // Where demand is intermittent, a large one is no outlier; and the naive method repeats what was there.
    fit: (name) =>
      name === 'naive' || isForIntermittent(name) ? fitToObserved(name) : adjust.wrap(fitToCleaned(name)),
  };
}

/** Points and intervals of the `steps` after the history; `from` leaves out the first of them. */
export function forecastPath(fits: Fits, method: MethodName, steps: number, from = 0): Path {
  const { values, season } = fits;
  const fitted = fits.fit(method);
  const points = fitted.forecastFrom(values.length, steps);
  const boundedAtZero = values.every((value) => value >= 0);
  const bound = (value: number) => (boundedAtZero ? Math.max(0, value) : value);
  const path: Path = {
    point: [...points.subarray(from)].map(bound),
    bounds: { 80: { lower: [], upper: [] }, 95: { lower: [], upper: [] } },
    spread: [],
  };
  const add = (level: Level, [lower, upper]: [number, number]) => {
    path.bounds[level].lower.push(bound(lower));
    path.bounds[level].upper.push(bound(upper));
  };
  if (isForIntermittent(method)) {
    for (const point of path.point) {
      const { spread, ...bounds } = boundsOfDemand(values, point);
      path.spread.push(spread);
      for (const level of [80, 95] as const) add(level, bounds[level]);
    }
    return path;
  }
  const fittedTo = method === 'naive' ? values : fits.cleaned;
  const profile = measureErrors(fitted, fittedTo, steps, season);
  const stretch = measureStretch(fitted, fittedTo, profile, season);
  path.point.forEach((point, index) => {
    const spread = profile.spread[from + index]!;
    path.spread.push(profile.scale === 'relative' ? spread * Math.abs(point) : spread);
    for (const level of [80, 95] as const)
      add(level, boundsAround(point, profile, from + index, level, stretch));
  });
  return path;
}

/** Forecasts one series with 80 and 95 % intervals; throws RangeError if it holds fewer than three values. */
export function forecastOne(request: ForecastRequest): MethodForecast {
  const { id, season, horizon, method } = request;
  const prepared = prepareSeries(request, season);
  if (!prepared || prepared.values.length < fewestValues) {
    throw new RangeError(
      `Series ${id} holds ${prepared?.values.length ?? 0} values; a forecast needs ${fewestValues}.`,
    );
  }
  const { values, filled, missingAtEnd, start } = prepared;
  const steps = missingAtEnd + horizon;
  const fits = createSeriesFits(values, { ...request, horizon: steps }, start);
  return {
    id,
    method,
    description: fits.fit(method).description,
    ...forecastPath(fits, method, steps, missingAtEnd),
    naive: [...fits.fit('naive').forecastFrom(values.length, steps).subarray(missingAtEnd)],
    boundedAtZero: values.every((value) => value >= 0),
    filled,
    unusual: isForIntermittent(method) || method === 'naive' ? [] : fits.unusual,
  };
}
