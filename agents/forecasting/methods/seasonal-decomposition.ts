export type SeasonKind = 'additive' | 'multiplicative';

/** Moving average over one season, centred; the half season at either end, where none exists, is NaN. */
function centredMovingAverage(values: ArrayLike<number>, season: number): Float64Array {
  const average = new Float64Array(values.length).fill(Number.NaN);
  const half = Math.floor(season / 2);
  const even = season % 2 === 0;
  for (let index = half; index + half < values.length; index++) {
    let sum = 0;
    for (let offset = -half; offset <= half; offset++) {
      const weight = even && Math.abs(offset) === half ? 0.5 : 1;
      sum += weight * values[index + offset]!;
    }
    average[index] = sum / season;
  }
  return average;
}

/** Classical seasonal indices, index 0 for the first observation; they sum to 0, or average 1 if multiplicative. */
export function seasonalIndices(values: ArrayLike<number>, season: number, kind: SeasonKind): Float64Array {
  const trend = centredMovingAverage(values, season);
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let index = 0; index < values.length; index++) {
    const level = trend[index]!;
    if (Number.isNaN(level) || (kind === 'multiplicative' && level === 0)) continue;
    const position = index % season;
    sums[position] =
      sums[position]! + (kind === 'additive' ? values[index]! - level : values[index]! / level);
    counts[position] = counts[position]! + 1;
  }
  const neutral = kind === 'additive' ? 0 : 1;
  const indices = sums.map((sum, position) => (counts[position]! > 0 ? sum / counts[position]! : neutral));
  const mean = indices.reduce((sum, value) => sum + value, 0) / season;
  // A floor keeps a month without any business from dividing by zero when the series is adjusted.
  return indices.map((value) => (kind === 'additive' ? value - mean : Math.max(value / mean, 0.01)));
}

/** Whether the autocorrelation at one season is significant (90 %, as the Theta method tests it). */
export function isSeasonal(values: ArrayLike<number>, season: number): boolean {
  if (season < 2 || values.length < 2 * season + 1) return false;
  let mean = 0;
  for (let index = 0; index < values.length; index++) mean += values[index]! / values.length;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let index = lag; index < values.length; index++) {
      sum += (values[index]! - mean) * (values[index - lag]! - mean);
    }
    return sum;
  };
  const variance = covariance(0);
  if (variance === 0) return false;
  let squares = 0;
  for (let lag = 1; lag < season; lag++) squares += (covariance(lag) / variance) ** 2;
  const limit = 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
  return Math.abs(covariance(season) / variance) > limit;
}
