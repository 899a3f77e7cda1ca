import { evidenceBits, floatSlack, resolutionOf } from './resolution.ts';

export interface Column {
  name: string;
  values: readonly (number | null)[];
}

interface Measured extends Column {
  step: number;
  /** The row of its largest value. */
  peak: number;
}

/** What an equation says of one row, and how far rounding of its terms may carry it; null where it says nothing. */
type Claim = { value: number; room: number } | null;

const MIN_ROWS = 6;
const SPARE_BITS = 12;
/** Columns up to which pairs of sources are tried. */
const MAX_FOR_PAIRS = 120;
/** Rounding steps that a multiple has to range over. */
const FINE = 100;
const RATIO_NAME = /ratio|share|rate|percent|pct|%|\bper\b|_per_|比|率/i;

/** Columns that are computed from others (changes, growth, running totals, multiples, balances, ratios), with the reason. */
export function findDerived(columns: Column[], season: number): { column: string; reason: string }[] {
  const measured = columns.map((column) => ({
    ...column,
    step: resolutionOf(column.values),
    peak: largestRow(column.values),
  }));
  const derived = new Map<string, string>();
  const sources = (of: Measured) => measured.filter((other) => other !== of && !derived.has(other.name));
  // Running totals come first: read the other way round, what they sum up would look like their change.
  for (const forms of [[runningTotal], [multiple], [change, growth], [balance, ratio]]) {
    for (const column of measured) {
      if (derived.has(column.name)) continue;
      for (const form of forms) {
        const reason = form(column, sources(column), season, measured);
        if (reason !== null) derived.set(column.name, reason);
        if (reason !== null) break;
      }
    }
  }
  return columns.flatMap(({ name }) => {
    const reason = derived.get(name);
    return reason === undefined ? [] : [{ column: name, reason }];
  });
}

function runningTotal(column: Measured, sources: Measured[]): string | null {
  const { values, step } = column;
  const source = sources.find((other) =>
    holds(
      column,
      sources.length,
      (row) => {
        const before = row === 0 ? 0 : (values[row - 1] ?? null);
        const added = other.values[row] ?? null;
        return before === null || added === null
          ? null
          : { value: before + added, room: step + other.step / 2 };
      },
      true,
    ),
  );
  return source ? `is the running total of ${source.name}` : null;
}

function multiple(column: Measured, sources: Measured[], _season: number, all: Measured[]): string | null {
  const before = new Set(all.slice(0, all.indexOf(column)));
  for (const source of sources) {
    if (!before.has(source)) continue;
    const same = holds(column, sources.length, (row) => {
      const value = source.values[row] ?? null;
      return value === null ? null : { value, room: 0 };
    });
    if (same) return `repeats ${source.name}`;
    const size = source.values[source.peak] ?? 0;
    const there = column.values[source.peak] ?? null;
    if (size === 0 || there === null) continue;
    const factor = there / size;
    const rounding = column.step / 2 + (Math.abs(factor) * source.step) / 2;
    const error = rounding / Math.abs(size);
    // Columns that rise and fall together look proportional as long as rounding hides the rest.
    if (spreadOf(column.values) < FINE * 2 * rounding) continue;
    const fits = holds(column, sources.length, (row) => {
      const value = source.values[row] ?? null;
      return value === null ? null : { value: factor * value, room: rounding + Math.abs(value) * error };
    });
    if (fits) return `is ${source.name} times ${toPrecision(factor, error)}`;
  }
  return null;
}

function lagsOf(season: number): { lag: number; against: string }[] {
  const near = { lag: 1, against: 'the period before' };
  return season > 1 ? [near, { lag: season, against: 'the same season before' }] : [near];
}

function change(column: Measured, sources: Measured[], season: number): string | null {
  for (const { lag, against } of lagsOf(season)) {
    const source = sources.find((other) =>
      holds(column, sources.length * 2, (row) => {
        const now = other.values[row] ?? null;
        const before = other.values[row - lag] ?? null;
        return now === null || before === null
          ? null
          : { value: now - before, room: column.step / 2 + other.step };
      }),
    );
    if (source) return `is the change of ${source.name} on ${against}`;
  }
  return null;
}

function growth(column: Measured, sources: Measured[], season: number): string | null {
  for (const { lag, against } of lagsOf(season)) {
    for (const scale of [100, 1]) {
      const source = sources.find((other) =>
        holds(column, sources.length * 4, (row) => {
          const now = other.values[row] ?? null;
          const before = other.values[row - lag] ?? null;
          return now === null || before === null ? null : growthClaim(now, before, scale, column, other);
        }),
      );
      if (source)
        return `is the growth of ${source.name} on ${against}${scale === 100 ? ', in percent' : ''}`;
    }
  }
  return null;
}

function growthClaim(now: number, before: number, scale: number, column: Measured, other: Measured): Claim {
  if (before === 0) return null;
  const quotient = now / before;
  const room = column.step / 2 + (scale * other.step * (1 + Math.abs(quotient))) / (2 * Math.abs(before));
  return { value: scale * (quotient - 1), room };
}

/** A balance goes below zero; a difference that does not makes one column the sum of two, which is a hierarchy. */
function balance(column: Measured, sources: Measured[]): string | null {
  if (sources.length > MAX_FOR_PAIRS || !column.values.some((value) => value !== null && value < 0))
    return null;
  const tests = sources.length ** 2;
  for (const whole of sources) {
    const part = sources.find(
      (other) =>
        other !== whole &&
        holds(column, tests, (row) => {
          const [a, b] = [whole.values[row] ?? null, other.values[row] ?? null];
          return a === null || b === null
            ? null
            : { value: a - b, room: (column.step + whole.step + other.step) / 2 };
        }),
    );
    if (part) return `is ${whole.name} less ${part.name}`;
  }
  return null;
}

/** Of price, quantity and revenue each is a ratio or product: only the one named so, or written finer, is derived. */
function ratio(column: Measured, sources: Measured[]): string | null {
  if (sources.length > MAX_FOR_PAIRS) return null;
  const tests = sources.length ** 2 * 2;
  for (const whole of sources) {
    for (const scale of [1, 100]) {
      const base = sources.find(
        (other) =>
          other !== whole &&
          (RATIO_NAME.test(column.name) || column.step < Math.min(whole.step, other.step)) &&
          holds(column, tests, (row) => {
            const [a, b] = [whole.values[row] ?? null, other.values[row] ?? null];
            if (a === null || b === null || b === 0) return null;
            const room =
              column.step / 2 + (scale * (whole.step + Math.abs(a / b) * other.step)) / (2 * Math.abs(b));
            return { value: (scale * a) / b, room };
          }),
      );
      if (base) return `is ${whole.name} divided by ${base.name}${scale === 100 ? ', in percent' : ''}`;
    }
  }
  return null;
}

/** As many digits as its error leaves certain. */
function toPrecision(factor: number, error: number): number {
  const digits = error > 0 ? Math.ceil(Math.log10(Math.abs(factor) / error)) : 6;
  return Number(factor.toPrecision(Math.min(6, Math.max(1, digits))));
}

/** Whether a claim holds on every row that it speaks of, on enough rows, and says more than chance among `tests` tries. */
function holds(column: Measured, tests: number, claim: (row: number) => Claim, fromStart = false): boolean {
  const claimed: number[] = [];
  let widest = 0;
  for (let row = 0; row < column.values.length; row++) {
    const value = column.values[row] ?? null;
    const claims = value === null ? null : claim(row);
    if (value === null || claims === null) {
      if (fromStart && row === 0) return false;
      continue;
    }
    if (Math.abs(value - claims.value) > claims.room + floatSlack(Math.abs(value) + Math.abs(claims.value)))
      return false;
    claimed.push(value);
    widest = Math.max(widest, claims.room);
  }
  if (claimed.length < Math.max(MIN_ROWS, column.values.length * 0.5)) return false;
  return evidenceBits(claimed, widest, column.step) >= SPARE_BITS + Math.log2(tests + 1);
}

function spreadOf(values: readonly (number | null)[]): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least;
}

function largestRow(values: readonly (number | null)[]): number {
  let best = 0;
  let size = -1;
  values.forEach((value, row) => {
    if (value === null || Math.abs(value) <= size) return;
    size = Math.abs(value);
    best = row;
  });
  return best;
}
