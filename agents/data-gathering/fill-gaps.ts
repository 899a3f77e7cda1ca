export type FillMethod = 'linear' | 'seasonal';

/** A run of rows without a value; `end` is the row after it. */
export interface Gap {
  start: number;
  end: number;
}

export function findGaps(values: readonly (number | null)[]): Gap[] {
  const gaps: Gap[] = [];
  values.forEach((value, row) => {
    if (value !== null) return;
    const last = gaps.at(-1);
    if (last?.end === row) last.end = row + 1;
    else gaps.push({ start: row, end: row + 1 });
  });
  return gaps;
}

/**
 * Values for a gap between two observed rows: along the straight line (`linear`), or along the straight line of
 * the changes on the season before, or after where none lies before (`seasonal`); null where rows are missing for it.
 */
export function fillGap(
  values: readonly (number | null)[],
  gap: Gap,
  method: FillMethod,
  season: number,
): number[] | null {
  if (method === 'linear') return fillLine(values, gap);
  for (const lag of [season, -season]) {
    const others = values.slice(Math.max(0, gap.start - 1 - lag), Math.max(0, gap.end + 1 - lag));
    const own = values.slice(gap.start - 1, gap.end + 1);
    if (gap.start - 1 - lag < 0 || others.length < own.length) continue;
    const changes = own.map((value, at) => {
      const other = others[at] ?? null;
      return value === null || other === null ? null : value - other;
    });
    const line = fillLine(changes, { start: 1, end: own.length - 1 });
    const filled = line?.map((change, at) => {
      const other = others[at + 1] ?? null;
      return other === null ? null : other + change;
    });
    if (filled && filled.every((value) => value !== null)) return filled;
  }
  return null;
}

function fillLine(values: readonly (number | null)[], { start, end }: Gap): number[] | null {
  const before = values[start - 1] ?? null;
  const after = values[end] ?? null;
  if (before === null || after === null) return null;
  const step = (after - before) / (end - start + 1);
  return Array.from({ length: end - start }, (_, at) => before + step * (at + 1));
}

/**
 * The method that fills known values best when each is left out in turn, over all columns: one method for the whole
 * table, because both keep sums only where every column is filled alike.
 */
export function chooseFillMethod(
  columns: readonly (readonly (number | null)[])[],
  season: number,
): FillMethod {
  if (season < 2) return 'linear';
  let linear = 0;
  let seasonal = 0;
  for (const values of columns) {
    const size = meanSize(values);
    if (size === 0) continue;
    values.forEach((value, row) => {
      if (value === null) return;
      const without = values.slice(Math.max(0, row - season - 1), row + season + 2);
      const at = row - Math.max(0, row - season - 1);
      without[at] = null;
      const line = fillGap(without, { start: at, end: at + 1 }, 'linear', season)?.[0];
      const wave = fillGap(without, { start: at, end: at + 1 }, 'seasonal', season)?.[0];
      if (line === undefined || wave === undefined) return;
      linear += Math.abs(line - value) / size;
      seasonal += Math.abs(wave - value) / size;
    });
  }
  return seasonal < linear ? 'seasonal' : 'linear';
}

function meanSize(values: readonly (number | null)[]): number {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? 0 : present.reduce((sum, value) => sum + Math.abs(value), 0) / present.length;
}
