import { isSeasonal, seasonalIndices } from './methods/seasonal-decomposition.ts';

/** A value that fits neither what was before nor what came after, or a level that moved and stayed. */
export interface Unusual {
  kind: 'outlier' | 'levelShift';
  /** Position in the values; of a shift, the first one on the new level. */
  at: number;
  /** What was observed there, and what was to be expected; for a shift, the levels after and before. */
  observed: number;
  expected: number;
}

export interface Cleaned {
  /** Outliers replaced, and what came before a shift moved onto the newest level. */
  values: Float64Array;
  unusual: Unusual[];
}

// In robust standard deviations. On the ends of training data, fitting to what they leave forecast as well or better.
const outlierLimit = 6;
const shiftLimit = 7;
const mostShifts = 3;
const fewestValues = 16;
const neighboursEachSide = 3;

function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Standard deviation as the median of absolute values has it, which outliers leave alone. */
function robustDeviation(values: ArrayLike<number>): number {
  return 1.4826 * median(Float64Array.from(values, Math.abs));
}

/** What the values of one season have in common: medians, so that one strange year does not show; zeros if nothing. */
export function findSeasonPattern(values: Float64Array, season: number): Float64Array {
  if (!isSeasonal(values, season)) return new Float64Array(season);
  const means = seasonalIndices(values, season, 'additive');
  const rest = values.map((value, time) => value - means[time % season]!);
  const level = rest.map((_, time) => median(rest.subarray(Math.max(0, time - season), time + season + 1)));
  const pattern = means.map((_, position) =>
    median(values.map((value, time) => value - level[time]!).filter((_, time) => time % season === position)),
  );
  const centre = pattern.reduce((sum, value) => sum + value, 0) / season;
  return pattern.map((value) => value - centre);
}

function expectAt(adjusted: Float64Array, at: number): number {
  const around: number[] = [];
  for (let offset = -neighboursEachSide; offset <= neighboursEachSide; offset++) {
    const value = adjusted[at + offset];
    if (offset !== 0 && value !== undefined) around.push(value);
  }
  return median(around);
}

/** By how much a value stands out from what is before it as well as from what is after it; 0 from one side only. */
function standOut(adjusted: Float64Array, at: number): number {
  const before = adjusted[at]! - median(adjusted.subarray(Math.max(0, at - neighboursEachSide), at));
  const after = adjusted[at]! - median(adjusted.subarray(at + 1, at + 1 + neighboursEachSide));
  return before * after > 0 ? Math.min(Math.abs(before), Math.abs(after)) : 0;
}

/** Positions that stand out; at the ends, where a level may as well begin or have ended, values are left. */
function findOutliers(adjusted: Float64Array): number[] {
  const deviation = robustDeviation(adjusted.map((value, time) => value - expectAt(adjusted, time)));
  if (!(deviation > 0)) return [];
  const found: number[] = [];
  for (let time = 2; time < adjusted.length - 2; time++) {
    if (standOut(adjusted, time) > outlierLimit * deviation) found.push(time);
  }
  // Where much is strange, strangeness is the series' way.
  return found.length <= Math.max(1, 0.03 * adjusted.length) ? found : [];
}

/** The likeliest place at which the level moved at once and stayed; null if it moved no more than usual. */
function findShift(
  adjusted: Float64Array,
  season: number,
): { at: number; before: number; after: number } | null {
  const window = Math.max(8, Math.min(season, 24));
  const near = 3;
  const changes = adjusted.subarray(1).map((value, index) => value - adjusted[index]!);
  const noise = robustDeviation(changes) / Math.SQRT2;
  if (!(noise > 0)) return null;
  let best: { at: number; before: number; after: number } | null = null;
  let most = shiftLimit * noise;
  for (let at = window; at + window <= adjusted.length; at++) {
    const before = median(adjusted.subarray(at - window, at));
    const after = median(adjusted.subarray(at, at + window));
    const jump = median(adjusted.subarray(at, at + near)) - median(adjusted.subarray(at - near, at));
    const shift = after - before;
    // A trend moves the level too, but not within a few steps.
    if (Math.abs(shift) <= most || jump / shift < 0.7 || jump / shift > 1.4) continue;
    const step = Math.abs(adjusted[at]! - adjusted[at - 1]!);
    if (step < 0.5 * Math.abs(shift)) continue;
    most = Math.abs(shift);
    best = { at, before, after };
  }
  return best;
}

/**
 * Finds single values and moves of the level that no season or trend explains, and gives the values that methods
 * should be fitted to. What is measured and judged stays what was observed.
 */
export function cleanSeries(values: Float64Array, season: number): Cleaned {
  if (values.length < Math.max(fewestValues, 2 * season)) return { values, unusual: [] };
  const relative = values.every((value) => value > 0);
  const onScale = relative ? values.map(Math.log) : values.slice();
  const offScale = (value: number) => (relative ? Math.exp(value) : value);
  const pattern = findSeasonPattern(onScale, season);
  const adjusted = onScale.map((value, time) => value - pattern[time % season]!);
  const unusual: Unusual[] = [];
  for (const at of findOutliers(adjusted)) {
    const expected = offScale(expectAt(adjusted, at) + pattern[at % season]!);
    unusual.push({ kind: 'outlier', at, observed: values[at]!, expected });
  }
  const outliers = unusual.map(({ at }) => at);
  for (const at of outliers) adjusted[at] = expectAt(adjusted, at);
  for (let round = 0; round < mostShifts; round++) {
    const shift = findShift(adjusted, season);
    if (!shift) break;
    unusual.push({
      kind: 'levelShift',
      at: shift.at,
      observed: offScale(shift.after),
      expected: offScale(shift.before),
    });
    for (let time = 0; time < shift.at; time++) adjusted[time] = adjusted[time]! + shift.after - shift.before;
  }
  if (unusual.length === 0) return { values, unusual };
  const cleaned = adjusted.map((value, time) => offScale(value + pattern[time % season]!));
  const firstKept = Math.max(0, ...unusual.filter(({ kind }) => kind === 'levelShift').map(({ at }) => at));
  // What was not touched stays to the digit.
  for (let time = firstKept; time < values.length; time++) {
    if (!outliers.includes(time)) cleaned[time] = values[time]!;
  }
  return { values: cleaned, unusual: unusual.toSorted((left, right) => left.at - right.at) };
}
