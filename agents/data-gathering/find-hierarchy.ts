import { findSums, sumOf, toleranceOf } from './find-sums.ts';
import type { Series } from './find-sums.ts';
import { floatSlack, resolutionOf } from './resolution.ts';

export interface SumRelation {
  total: string;
  parts: string[];
  /** The largest distance between the total and the sum of its parts, over all rows where each was observed. */
  maxGap: number;
  /** What rounding can explain: half of a rounding step for the total and for each part. */
  tolerance: number;
}

export interface Hierarchy {
  /** Totals before their parts; a total that splits in several ways has one relation for each, fewest parts first. */
  relations: SumRelation[];
  /** Columns for which a sum could not be settled, with the reason. */
  doubtful: { column: string; reason: string }[];
}

const MAX_COVERS = 2000;

/** Finds by arithmetic which columns are totals of which others, and states each total's direct parts only. */
export function findHierarchy(series: Series[]): Hierarchy {
  const { leaves, doubtful } = findSums(series);
  const masks = new Map<number, bigint>();
  const used = new Set([...leaves.values()].flat());
  for (const leaf of used) masks.set(leaf, 1n << BigInt(leaf));
  for (const [total, parts] of leaves)
    masks.set(
      total,
      parts.reduce((mask, leaf) => mask | (1n << BigInt(leaf)), 0n),
    );
  const totals = [...leaves.keys()].sort(
    (a, b) => (leaves.get(b)?.length ?? 0) - (leaves.get(a)?.length ?? 0) || a - b,
  );
  const relations = totals.flatMap((total) =>
    directSplits(total, masks).flatMap((parts) => measure(series, total, parts) ?? []),
  );
  return { relations, doubtful };
}

/** The ways to split a total in which no two or more parts make up a column of their own. */
function directSplits(total: number, masks: Map<number, bigint>): number[][] {
  const whole = masks.get(total) ?? 0n;
  const within = [...masks].filter(([, mask]) => mask !== whole && (mask & ~whole) === 0n);
  const covers: number[][] = [];
  let steps = 0;
  const cover = (covered: bigint, parts: number[]): void => {
    if (covered === whole) {
      covers.push(parts);
      return;
    }
    const missing = whole & ~covered;
    const lowest = missing & -missing;
    for (const [part, mask] of within) {
      if ((mask & lowest) === 0n || (mask & covered) !== 0n || ++steps > MAX_COVERS) continue;
      cover(covered | mask, [...parts, part]);
    }
  };
  within.sort(([, a], [, b]) => (b > a ? 1 : -1));
  cover(0n, []);
  return covers
    .filter((parts) => !within.some(([other, mask]) => joinsSome(other, mask, parts, masks)))
    .map((parts) => parts.sort((a, b) => a - b))
    .sort((a, b) => a.length - b.length || (a[0] ?? 0) - (b[0] ?? 0));
}

/** Whether two or more of the parts make up this other column exactly. */
function joinsSome(other: number, mask: bigint, parts: number[], masks: Map<number, bigint>): boolean {
  if (parts.includes(other)) return false;
  const inside = parts.filter((part) => ((masks.get(part) ?? 0n) & mask) !== 0n);
  return inside.reduce((union, part) => union | (masks.get(part) ?? 0n), 0n) === mask;
}

/** Null where the direct parts, rounded on their own, miss the total by more than rounding explains. */
function measure(series: Series[], total: number, parts: number[]): SumRelation | null {
  const whole = series[total]?.values ?? [];
  const steps = parts.map((part) => resolutionOf(series[part]?.values ?? []));
  const tolerance = toleranceOf(resolutionOf(whole), steps);
  let maxGap = 0;
  let size = 0;
  whole.forEach((value, row) => {
    const terms = parts.map((part) => series[part]?.values[row] ?? null);
    if (value === null || terms.includes(null)) return;
    maxGap = Math.max(maxGap, Math.abs(value - sumOf(terms.map((term) => term ?? 0))));
    size = Math.max(size, Math.abs(value));
  });
  if (maxGap > tolerance + floatSlack(size)) return null;
  return {
    total: series[total]?.name ?? '',
    parts: parts.map((part) => series[part]?.name ?? ''),
    // Decimals leave dust in their sums, which is no gap.
    maxGap: maxGap <= floatSlack(size) ? 0 : Number(maxGap.toPrecision(6)),
    tolerance: Number(tolerance.toPrecision(12)),
  };
}
