import { fitMethod, type MethodName } from './methods/fit-method.ts';
import { boundsAround, measureErrors, measureStretch, type Level } from './methods/intervals.ts';
import { prepareSeries, type RawSeries } from './prepare-series.ts';

export interface ForecastRequest extends RawSeries {
  /** Periods after which the pattern repeats: 12 for months, 1 for none. */
  season: number;
  horizon: number;
  method: MethodName;
}

interface Bounds {
  lower: number[];
  upper: number[];
}

/** Everything by step: entry 0 is the first period after the table's last one. */
export interface MethodForecast {
  id: string;
  method: MethodName;
  /** What was fitted, such as `ETS(M,Ad,M)`. */
  description: string;
  point: number[];
  bounds: Record<Level, Bounds>;
  /** What the seasonal naive method says. */
  naive: number[];
  /** Root mean square error measured at each step, in units of the series. */
  spread: number[];
  /** The history has no negative value, so neither the forecast nor its bounds have one. */
  boundedAtZero: boolean;
  /** Gaps that were filled in before fitting. */
  filled: number;
}

/** Below this there is not even an error to measure, and an interval would be made up. */
export const fewestValues = 3;

/** Forecasts one series with 80 and 95 % intervals; throws RangeError if it holds fewer than three values. */
export function forecastOne(request: ForecastRequest): MethodForecast {
  const { id, season, horizon, method } = request;
  const prepared = prepareSeries(request, season);
  if (!prepared || prepared.values.length < fewestValues) {
    throw new RangeError(
      `Series ${id} holds ${prepared?.values.length ?? 0} values; a forecast needs ${fewestValues}.`,
    );
  }
  const { values, filled, missingAtEnd } = prepared;
  const steps = missingAtEnd + horizon;
  const fitted = fitMethod(method, values, season);
  const path = fitted.forecastFrom(values.length, steps);
  const profile = measureErrors(fitted, values, steps, season);
  const stretch = measureStretch(fitted, values, profile, season);
  const boundedAtZero = values.every((value) => value >= 0);
  const bound = (value: number) => (boundedAtZero ? Math.max(0, value) : value);

  const result: MethodForecast = {
    id,
    method,
    description: fitted.description,
    point: [],
    bounds: { 80: { lower: [], upper: [] }, 95: { lower: [], upper: [] } },
    naive: [...fitMethod('naive', values, season).forecastFrom(values.length, steps).subarray(missingAtEnd)],
    spread: [],
    boundedAtZero,
    filled,
  };
  for (let step = missingAtEnd; step < steps; step++) {
    const point = bound(path[step]!);
    result.point.push(point);
    const spread = profile.spread[step]!;
    result.spread.push(profile.scale === 'relative' ? spread * Math.abs(point) : spread);
    for (const level of [80, 95] as const) {
      const [lower, upper] = boundsAround(point, profile, step, level, stretch);
      result.bounds[level].lower.push(bound(lower));
      result.bounds[level].upper.push(bound(upper));
    }
  }
  return result;
}
