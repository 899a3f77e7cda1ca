/** A total and the parts that add up to it, by id; parts can be totals themselves, in any arrangement. */
export interface Sum {
  total: string;
  parts: string[];
}

/**
 * How much each series gives way when totals and parts differ: by its measured error variance, by the number
 * of parts it stands for, or not at all where parts exist (totals are added up anew).
 */
export const reconciliationNames = ['variance', 'structural', 'bottomUp'] as const;

export type ReconciliationName = (typeof reconciliationNames)[number];

export interface ReconcileRequest {
  series: { id: string; point: number[]; spread: number[]; boundedAtZero: boolean }[];
  sums: Sum[];
  by: ReconciliationName;
  /** Figures that must stay as they are, because a person set them. */
  fixed?: { id: string; step: number }[];
}

export interface Reconciled {
  series: { id: string; point: number[] }[];
  /** Sums that were made to hold; the others name a series that is not there. */
  applied: Sum[];
  leftOut: Sum[];
  /** The largest difference that remains between a total and its parts, as a share of the largest figure of the step. */
  largestGap: number;
}

interface Row {
  total: number;
  parts: number[];
}

function gapOf(row: Row, values: Float64Array): number {
  let parts = 0;
  for (const part of row.parts) parts += values[part]!;
  return values[row.total]! - parts;
}

/**
 * Moves the values onto the plane where all sums hold, along the weighted shortest way: minimum trace
 * reconciliation with a diagonal matrix (Wickramasuriya, Athanasopoulos, Hyndman 2019), one sum at a time, so that
 * sums that follow from others do no harm. A series of weight 0 does not move.
 */
function project(values: Float64Array, weights: Float64Array, rows: Row[]): void {
  const size = values.length;
  const covariance = Array.from({ length: size }, (_, index) => {
    const row = new Float64Array(size);
    row[index] = weights[index]!;
    return row;
  });
  const direction = new Float64Array(size);
  for (const row of rows) {
    let before = weights[row.total]!;
    for (const part of row.parts) before += weights[part]!;
    for (let index = 0; index < size; index++) {
      const line = covariance[index]!;
      let sum = line[row.total]!;
      for (const part of row.parts) sum -= line[part]!;
      direction[index] = sum;
    }
    const freedom = gapOf(row, direction);
    if (!(freedom > 1e-9 * before)) continue;
    const gap = gapOf(row, values);
    for (let index = 0; index < size; index++) {
      const gain = direction[index]! / freedom;
      if (gain === 0) continue;
      values[index] = values[index]! - gain * gap;
      const line = covariance[index]!;
      for (let other = 0; other < size; other++) line[other] = line[other]! - gain * direction[other]!;
    }
  }
}

/** How many series without parts each series stands for. */
function countLeaves(rows: Row[], size: number): Float64Array {
  const counts = new Float64Array(size).fill(0);
  const count = (index: number, above: Set<number>): number => {
    if (counts[index]! > 0) return counts[index]!;
    const row = rows.find(({ total }) => total === index);
    let leaves = 1;
    if (row && !above.has(index)) {
      const path = new Set(above).add(index);
      leaves = row.parts.reduce((sum, part) => sum + count(part, path), 0);
    }
    counts[index] = leaves;
    return leaves;
  };
  for (let index = 0; index < size; index++) count(index, new Set());
  return counts;
}

function weigh(request: ReconcileRequest, rows: Row[]): Float64Array {
  const { series, by } = request;
  if (by === 'variance') {
    return Float64Array.from(series, ({ spread }) => {
      return spread.reduce((sum, value) => sum + value * value, 0) / spread.length;
    });
  }
  const leaves = countLeaves(rows, series.length);
  if (by === 'structural') return leaves;
  // Totals give way so much more readily than parts that in effect only they move.
  return leaves.map((count, index) => (rows.some(({ total }) => total === index) ? count * 1e6 : 1));
}

/** Above this, as a share, totals and parts do not add up; what is below it is rounding. */
export const largestGapAllowed = 1e-9;

/** Below it, a number has fewer digits the smaller it is, so that shares of it mean nothing. */
const smallestNormal = 2 ** -1022;

/** The largest difference between a total and its parts, as a share of the largest figure of the step. */
export function largestGap(series: { id: string; point: number[] }[], sums: Sum[]): number {
  const points = new Map(series.map(({ id, point }) => [id, point]));
  const whole = sums.filter(({ total, parts }) => [total, ...parts].every((id) => points.has(id)));
  let largest = 0;
  for (let step = 0; step < (series[0]?.point.length ?? 0); step++) {
    const size = series.reduce((most, { point }) => Math.max(most, Math.abs(point[step]!)), 0);
    for (const { total, parts } of whole) {
      const sum = parts.reduce((left, part) => left + points.get(part)![step]!, 0);
      const gap = Math.abs(points.get(total)![step]! - sum) / Math.max(size, smallestNormal);
      // What is not a number never adds up.
      largest = Number.isNaN(gap) ? Infinity : Math.max(largest, gap);
    }
  }
  return largest;
}

/** Makes totals and parts add up at every step; whether it succeeded, `largestGap` says. */
export function reconcileForecasts(request: ReconcileRequest): Reconciled {
  const { series, sums } = request;
  const position = new Map(series.map(({ id }, index) => [id, index]));
  const isWhole = ({ total, parts }: Sum) =>
    parts.length > 0 && [total, ...parts].every((id) => position.has(id));
  const applied = sums.filter(isWhole);
  const rows = applied.map(({ total, parts }) => ({
    total: position.get(total)!,
    parts: parts.map((part) => position.get(part)!),
  }));
  const weights = weigh(request, rows);
  const fixed = new Set(request.fixed?.map(({ id, step }) => `${step} ${id}`));
  const result = series.map(({ id }) => ({ id, point: [] as number[] }));
  for (let step = 0; step < (series[0]?.point.length ?? 0); step++) {
    const start = Float64Array.from(series, ({ point }) => point[step]!);
    const free = weights.map((weight, index) => (fixed.has(`${step} ${series[index]!.id}`) ? 0 : weight));
    let values = start.slice();
    project(values, free, rows);
    // What would fall below zero is held at zero, and the others make up for it.
    for (let round = 0; round < series.length; round++) {
      const below = series.findIndex(({ boundedAtZero }, index) => boundedAtZero && values[index]! < 0);
      if (below < 0) break;
      series.forEach(({ boundedAtZero }, index) => {
        if (!boundedAtZero || !(values[index]! < 0)) return;
        start[index] = 0;
        free[index] = 0;
      });
      values = start.slice();
      project(values, free, rows);
    }
    values.forEach((value, index) => result[index]!.point.push(value));
  }
  return {
    series: result,
    applied,
    leftOut: sums.filter((sum) => !isWhole(sum)),
    largestGap: largestGap(result, applied),
  };
}
