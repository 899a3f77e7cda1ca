import { evidenceBits, floatSlack, resolutionOf } from './resolution.ts';

export interface Series {
  name: string;
  values: readonly (number | null)[];
}

export interface Supports {
  /** For each column that is a sum of others: the columns (by index) that are sums of none and add up to it. */
  leaves: Map<number, number[]>;
  /** Columns for which several sums fit equally well, or chance could have made the sum. */
  doubtful: { column: string; reason: string }[];
}

/** Columns up to which relations between columns are sought: a second or two of computing. */
export const MAX_RELATED = 300;
/** Rows that the search looks at; every row is checked afterwards. */
const SEARCH_ROWS = 400;
/** Multiplications that the whole search may cost: about a second. */
const MAX_WORK = 1e8;
/** Of it, the share that one column may use up. */
const LARGEST_SHARE = 0.1;
/** Bits of evidence asked for beyond one for each column that could be in or out of the sum. */
const SPARE_BITS = 10;
const MIN_ROWS = 6;

/**
 * Finds which columns are sums of others within rounding, smallest column first, by sphere decoding: each leaf adds
 * one orthogonal direction, and coefficients 0 or 1 are tried from the last leaf back while what is left stays
 * within what rounding explains. Values that are absent count against no sum; `complete` rows only are searched.
 */
export function findSums(series: Series[], maxWork = MAX_WORK): Supports {
  const result: Supports = { leaves: new Map(), doubtful: [] };
  const candidates = [...series.keys()].filter((index) => {
    const values = series[index]?.values ?? [];
    return values.some((value) => value !== null && value !== 0) && present(values) >= values.length * 0.8;
  });
  const rows = [...(series[0]?.values.keys() ?? [])].filter((row) =>
    candidates.every((index) => (series[index]?.values[row] ?? null) !== null),
  );
  if (rows.length < MIN_ROWS) return result;
  const all = new Map(candidates.map((index) => [index, rows.map((row) => series[index]?.values[row] ?? 0)]));
  const mean = new Map(
    [...all].map(([index, values]) => [index, sumOf(values.map(Math.abs)) / values.length]),
  );
  candidates.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0) || a - b);
  const stride = Math.ceil(rows.length / SEARCH_ROWS);
  const basis = new Basis([...all.values()].every((values) => values.every((value) => value >= 0)));
  let work = 0;
  for (const index of candidates) {
    const values = all.get(index) ?? [];
    const sampled = Float64Array.from(values.filter((_, row) => row % stride === 0));
    const step = resolutionOf(values);
    const verdict = decide(index, values, sampled, step);
    if (verdict.kind === 'sum') result.leaves.set(index, verdict.leaves);
    // Beside what may make it up, a doubtful column would make every sum above it ambiguous.
    else if (verdict.kind !== 'doubtful') basis.add(index, sampled, step);
    if (verdict.kind === 'doubtful' || verdict.kind === 'unsettled') {
      result.doubtful.push({ column: series[index]?.name ?? '', reason: verdict.reason });
    }
  }
  return result;

  function decide(index: number, values: number[], sampled: Float64Array, step: number): Verdict {
    const count = basis.leaves.length;
    if (count < 2 || evidenceBits(values, step, step) < count + SPARE_BITS) return { kind: 'leaf' };
    const search = basis.search(sampled, step, Math.min(maxWork * LARGEST_SHARE, maxWork - work));
    work += search.work;
    const [best, second] = search.found
      .filter((leaves) => leaves.length > 1)
      .map((leaves) => ({ leaves, ...measure(values, step, leaves) }))
      .filter(({ holds }) => holds)
      .sort((a, b) => a.rms - b.rms);
    if (!best) {
      return search.stopped
        ? { kind: 'unsettled', reason: 'the search for a sum was stopped at its limit' }
        : { kind: 'leaf' };
    }
    if (second && second.rms <= best.rms * 2 + floatSlack(mean.get(index) ?? 0)) {
      return doubt('several sums fit it equally well');
    }
    const parts = best.leaves.map((leaf) => all.get(leaf) ?? []);
    if (ownBits(values, parts, best.tolerance, step) < count + SPARE_BITS) {
      return doubt('a sum fits, but chance could have made it: too little varies beyond rounding');
    }
    return { kind: 'sum', leaves: best.leaves };
  }

  function measure(values: number[], step: number, leaves: number[]) {
    const parts = leaves.map((leaf) => all.get(leaf) ?? []);
    const tolerance = toleranceOf(
      step,
      leaves.map((leaf) => basis.stepOf(leaf)),
    );
    const gaps = values.map((value, row) => value - sumOf(parts.map((part) => part[row] ?? 0)));
    const holds = gaps.every((gap, row) => Math.abs(gap) <= tolerance + floatSlack(values[row] ?? 0));
    return { holds, tolerance, rms: Math.sqrt(sumOf(gaps.map((gap) => gap * gap)) / gaps.length) };
  }
}

type Verdict =
  | { kind: 'leaf' }
  | { kind: 'sum'; leaves: number[] }
  | { kind: 'doubtful'; reason: string }
  | { kind: 'unsettled'; reason: string };

/**
 * Bits of evidence beside what a series shares with the part most like it: columns that rise and fall together
 * differ in little but their level, and levels add up by chance.
 */
function ownBits(values: number[], parts: number[][], tolerance: number, step: number): number {
  const target = Float64Array.from(values);
  const level = Math.max(0, Math.log2(Math.abs(sumOf(values) / values.length) / (2 * tolerance + step)));
  const own = parts.map((part) => {
    const other = Float64Array.from(part);
    const share = dot(target, other) / (dot(other, other) || 1);
    return evidenceBits(
      values.map((value, row) => value - share * (part[row] ?? 0)),
      tolerance,
      step,
    );
  });
  return level + Math.min(...own);
}

function doubt(reason: string): Verdict {
  return { kind: 'doubtful', reason };
}

/** How far a total may lie from the sum of its parts where each was rounded on its own: half a step of each. */
export function toleranceOf(totalStep: number, partSteps: number[]): number {
  return (totalStep + sumOf(partSteps)) / 2;
}

export function sumOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function present(values: readonly (number | null)[]): number {
  return values.filter((value) => value !== null).length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += (a[row] ?? 0) * (b[row] ?? 0);
  return sum;
}

interface Search {
  found: number[][];
  work: number;
  stopped: boolean;
}

/** The columns found to be sums of none, with an orthogonal basis of their span (leaf k = sum of R[k][j] q_j). */
class Basis {
  readonly leaves: number[] = [];
  readonly #steps: number[] = [];
  readonly #columns: Float64Array[] = [];
  /** Null for a leaf that lies in the span of those before it. */
  readonly #directions: (Float64Array | null)[] = [];
  readonly #coordinates: number[][] = [];
  readonly #nonNegative: boolean;

  constructor(nonNegative: boolean) {
    this.#nonNegative = nonNegative;
  }

  stepOf(leaf: number): number {
    return this.#steps[this.leaves.indexOf(leaf)] ?? 0;
  }

  add(index: number, values: Float64Array, step: number): void {
    const { coordinates, rest } = this.#project(values);
    const length = Math.sqrt(dot(rest, rest));
    const independent = length > 1e-9 * Math.sqrt(dot(values, values));
    this.leaves.push(index);
    this.#steps.push(step);
    this.#columns.push(values);
    this.#directions.push(independent ? rest.map((value) => value / length) : null);
    this.#coordinates.push([...coordinates, independent ? length : 0]);
  }

  /** Every set of leaves whose sum can differ from the target by rounding only, as far as the sampled rows tell. */
  search(target: Float64Array, targetStep: number, maxWork: number): Search {
    const count = this.leaves.length;
    const { coordinates, rest } = this.#project(target);
    const outside = dot(rest, rest);
    const openSteps = prefixSums(this.#steps);
    const probes = spread(target.length, 8);
    const open = probes.map((row) => prefixSums(this.#columns.map((column) => column[row] ?? 0)));
    const chosen: number[] = [];
    const result: Search = { found: [], work: 0, stopped: false };
    const slack = floatSlack(target.reduce((most, value) => Math.max(most, Math.abs(value)), 0));

    const descend = (level: number, spent: number, left: number[], probe: number[], steps: number): void => {
      if (result.work > maxWork) result.stopped = true;
      if (result.stopped || result.found.length >= 64) return;
      result.work += count + target.length / 8;
      const tolerance = (targetStep + steps + (openSteps[level] ?? 0)) / 2 + slack;
      if (spent > target.length * tolerance * tolerance) return;
      if (this.#nonNegative) {
        const off = probe.some(
          (value, at) => value < -tolerance || value > (open[at]?.[level] ?? 0) + tolerance,
        );
        if (off) return;
      }
      if (level === 0) {
        result.found.push(chosen.map((position) => this.leaves[position] ?? 0).sort((a, b) => a - b));
        return;
      }
      const position = level - 1;
      const own = this.#coordinates[position] ?? [];
      const size = own[position] ?? 0;
      const here = left[position] ?? 0;
      // The branch that explains more comes first, so that a true sum is found before the search may be stopped.
      for (const take of Math.abs(here - size) < Math.abs(here) ? [true, false] : [false, true]) {
        const off = take ? here - size : here;
        if (take) chosen.push(position);
        descend(
          position,
          spent + off * off,
          take ? left.map((value, at) => (at < position ? value - (own[at] ?? 0) : value)) : left,
          take ? probe.map((value, at) => value - (this.#columns[position]?.[probes[at] ?? 0] ?? 0)) : probe,
          steps + (take ? (this.#steps[position] ?? 0) : 0),
        );
        if (take) chosen.pop();
      }
    };
    descend(
      count,
      outside,
      coordinates,
      probes.map((row) => target[row] ?? 0),
      0,
    );
    return result;
  }

  #project(values: Float64Array): { coordinates: number[]; rest: Float64Array } {
    const coordinates = this.#directions.map(() => 0);
    const rest = Float64Array.from(values);
    // Twice is enough: the second pass takes out what rounding let through in the first.
    for (let pass = 0; pass < 2; pass++) {
      for (const [at, direction] of this.#directions.entries()) {
        if (direction === null) continue;
        const share = dot(direction, rest);
        coordinates[at] = (coordinates[at] ?? 0) + share;
        for (let row = 0; row < rest.length; row++)
          rest[row] = (rest[row] ?? 0) - share * (direction[row] ?? 0);
      }
    }
    return { coordinates, rest };
  }
}

/** Entry k is the sum of the first k values. */
function prefixSums(values: number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

function spread(length: number, count: number): number[] {
  const last = length - 1;
  return [...new Set(Array.from({ length: count }, (_, at) => Math.round((at * last) / (count - 1))))];
}
