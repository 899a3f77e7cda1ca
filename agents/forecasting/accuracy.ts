import type { Level } from './methods/intervals.ts';

/** Mean absolute change over one season: the unit of MASE (Hyndman and Koehler 2006). 0 if the season just repeats. */
export function seasonalScale(history: ArrayLike<number>, season: number): number {
  let sum = 0;
  for (let time = season; time < history.length; time++)
    sum += Math.abs(history[time]! - history[time - season]!);
  return sum / (history.length - season);
}

export function meanAbsoluteError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let sum = 0;
  for (let step = 0; step < actual.length; step++) sum += Math.abs(actual[step]! - forecast[step]!);
  return sum / actual.length;
}

/**
 * Root mean square error of demand added up since the first step, per period passed. Unlike an error period by
 * period, it can't be made small by forecasting nothing where most periods go without demand.
 */
export function cumulativeError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let gap = 0;
  let sum = 0;
  for (let step = 0; step < actual.length; step++) {
    gap += actual[step]! - forecast[step]!;
    sum += (gap / (step + 1)) ** 2;
  }
  return Math.sqrt(sum / actual.length);
}

/** Mean pinball loss of the four bounds of the 80 and 95 % intervals: small for bounds that are narrow and hold. */
export function pinballLoss(
  actual: ArrayLike<number>,
  bounds: Record<Level, { lower: ArrayLike<number>; upper: ArrayLike<number> }>,
): number {
  let sum = 0;
  for (const level of [80, 95] as const) {
    const outside = (1 - level / 100) / 2;
    for (let step = 0; step < actual.length; step++) {
      const below = actual[step]! - bounds[level].lower[step]!;
      const above = actual[step]! - bounds[level].upper[step]!;
      sum += below * (outside - (below < 0 ? 1 : 0)) + above * (1 - outside - (above < 0 ? 1 : 0));
    }
  }
  return sum / (4 * actual.length);
}

/** Mean score of one interval (Gneiting and Raftery 2007): its width, and what missed it at a price. Smaller is better. */
export function intervalScore(
  actual: ArrayLike<number>,
  { lower, upper }: { lower: ArrayLike<number>; upper: ArrayLike<number> },
  level: Level,
): number {
  let sum = 0;
  for (let step = 0; step < actual.length; step++) {
    const missed = Math.max(0, lower[step]! - actual[step]!, actual[step]! - upper[step]!);
    sum += upper[step]! - lower[step]! + (200 / (100 - level)) * missed;
  }
  return sum / actual.length;
}

/** How many of the values lie within their bounds, the bounds included. */
export function countCovered(
  actual: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  let covered = 0;
  for (let step = 0; step < actual.length; step++) {
    if (actual[step]! >= lower[step]! && actual[step]! <= upper[step]!) covered++;
  }
  return covered;
}
