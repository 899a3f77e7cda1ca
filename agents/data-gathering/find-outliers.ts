export interface Outlier {
  row: number;
  value: number;
  /** What the usual change of the season leads one to expect, seen from the row before and the row after. */
  expected: number;
  /** How many robust standard deviations the jump to it and the jump back measure, the smaller of the two. */
  score: number;
}

/** Robust standard deviations from which a jump there and back counts. */
const THRESHOLD = 6;
const MIN_CHANGES = 12;
/** Standard deviation of a normal law over its median absolute deviation. */
const MAD_SCALE = 1.4826;

/**
 * Single values that jump away and back, so that a new level or a slump that lasts is none; the first and the last
 * value can't be told. A jump is the change from row to row less the median change at that season, in units of the
 * median absolute deviation of all such changes. (Differences from the same season a year before would show each
 * outlier a second time, a year later.)
 */
export function findOutliers(values: readonly (number | null)[], season: number): Outlier[] {
  const changes = values.map((value, row) => difference(value, values[row - 1]));
  const usual = usualChanges(changes, season);
  const jumps = changes.map((change, row) =>
    change === null ? null : change - (usual[row % usual.length] ?? 0),
  );
  const scale = deviationOf(jumps.filter((jump) => jump !== null));
  if (scale === 0) return [];
  return values.flatMap((value, row) => {
    const there = jumps[row] ?? null;
    const back = jumps[row + 1] ?? null;
    if (value === null || there === null || back === null || there * back >= 0) return [];
    const score = Math.min(Math.abs(there), Math.abs(back)) / scale;
    return score < THRESHOLD ? [] : [{ row, value, expected: value - (there - back) / 2, score }];
  });
}

/** The median change at each place in the season, or over all rows where fewer than three seasons tell. */
function usualChanges(changes: (number | null)[], season: number): number[] {
  const places = season > 1 && changes.length > season * 3 ? season : 1;
  return Array.from({ length: places }, (_, place) =>
    medianOf(
      changes.filter((change, row) => change !== null && row % places === place).map((change) => change ?? 0),
    ),
  );
}

function difference(a: number | null | undefined, b: number | null | undefined): number | null {
  return a == null || b == null ? null : a - b;
}

function deviationOf(changes: number[]): number {
  if (changes.length < MIN_CHANGES) return 0;
  const middle = medianOf(changes);
  return medianOf(changes.map((change) => Math.abs(change - middle))) * MAD_SCALE;
}

function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
