import { isSeasonal, seasonalIndices } from './methods/seasonal-decomposition.ts';

/** One series as it arrives: evenly spaced, oldest first, null where a value is missing. */
export interface RawSeries {
  id: string;
  values: (number | null)[];
}

export interface PreparedSeries {
  /** Without gaps, from the first to the last value that is there. */
  values: Float64Array;
  /** Where the first value stands in the series as it arrived. */
  start: number;
  /** How many values were filled in. */
  filled: number;
  /** How many periods at the end of the table have no value yet. */
  missingAtEnd: number;
}

export type Unfitness =
  | { reason: 'empty' }
  | { reason: 'tooShort'; observations: number; needed: number }
  | { reason: 'constant'; value: number }
  | { reason: 'tooManyGaps'; missing: number; observations: number; longestGap: number }
  | { reason: 'ended'; periodsAgo: number }
  | { reason: 'horizonTooLong'; horizon: number; longest: number };

const largestShareMissing = 0.15;

/** The fewest observations that allow a seasonal fit and one honest test of it. */
export function countNeeded(season: number): number {
  return Math.max(10, 2 * season + 4);
}

const longestAlwaysUsed = 12;

/** The season to forecast by: none where a long one, such as 52 weeks, was not seen twice. Months do without a forecast rather than without their season. */
export function seasonToUse({ values }: Pick<RawSeries, 'values'>, season: number): number {
  const observations = values.filter(isThere).length;
  return season > longestAlwaysUsed && observations < countNeeded(season) ? 1 : season;
}

function isThere(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Straight lines through the gaps; where the series is seasonal, through those of the seasonally adjusted series. */
function fillGaps(known: (number | null)[], season: number): Float64Array {
  const interpolate = (values: (number | null)[]): Float64Array => {
    const filled = Float64Array.from(values, (value) => value ?? Number.NaN);
    let before = 0;
    for (let index = 1; index < filled.length; index++) {
      if (values[index] === null) continue;
      for (let gap = before + 1; gap < index; gap++) {
        const share = (gap - before) / (index - before);
        filled[gap] = filled[before]! + share * (filled[index]! - filled[before]!);
      }
      before = index;
    }
    return filled;
  };
  const straight = interpolate(known);
  if (!isSeasonal(straight, season)) return straight;
  const indices = seasonalIndices(straight, season, 'additive');
  const adjusted = interpolate(
    known.map((value, time) => (value === null ? null : value - indices[time % season]!)),
  );
  const positive = known.every((value) => value === null || value >= 0);
  return adjusted.map((value, time) => {
    const actual = known[time];
    if (isThere(actual)) return actual;
    const filled = value + indices[time % season]!;
    return positive ? Math.max(0, filled) : filled;
  });
}

/** Cuts off what is missing at both ends and fills the gaps between; null if nothing is there at all. */
export function prepareSeries(series: RawSeries, season: number): PreparedSeries | null {
  const first = series.values.findIndex(isThere);
  if (first < 0) return null;
  const last = series.values.findLastIndex(isThere);
  const known = series.values.slice(first, last + 1).map((value) => (isThere(value) ? value : null));
  const filled = known.filter((value) => value === null).length;
  return {
    values: filled > 0 ? fillGaps(known, season) : Float64Array.from(known, (value) => value!),
    start: first,
    filled,
    missingAtEnd: series.values.length - 1 - last,
  };
}

/** Why a series should not be forecast without asking a person; null if nothing speaks against it. */
export function findUnfitness(series: RawSeries, season: number, horizon: number): Unfitness | null {
  const prepared = prepareSeries(series, season);
  if (!prepared) return { reason: 'empty' };
  const { values, filled, missingAtEnd } = prepared;
  const observations = values.length - filled;
  const needed = countNeeded(season);
  if (observations < needed) return { reason: 'tooShort', observations, needed };
  if (values.every((value) => value === values[0])) return { reason: 'constant', value: values[0]! };
  let longestGap = 0;
  let gap = 0;
  const inside = series.values.slice(0, series.values.length - missingAtEnd);
  for (const value of inside.slice(inside.findIndex(isThere))) {
    gap = isThere(value) ? 0 : gap + 1;
    longestGap = Math.max(longestGap, gap);
  }
  if (filled > largestShareMissing * values.length || longestGap > Math.max(season, 4)) {
    return { reason: 'tooManyGaps', missing: filled, observations, longestGap };
  }
  if (missingAtEnd > Math.max(season, 4)) return { reason: 'ended', periodsAgo: missingAtEnd };
  if (horizon > values.length) return { reason: 'horizonTooLong', horizon, longest: values.length };
  return null;
}
