/** Everything here is generated: numbers by a seeded generator, no observations of anything. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A generated walk around `level`, rounded to `decimals`. */
export function generateWalk(random: () => number, rows: number, level: number, decimals = 0): number[] {
  let value = level;
  return Array.from({ length: rows }, () => {
    value = Math.max(level / 10, value + (random() - 0.5) * level * 0.1);
    return Number(value.toFixed(decimals));
  });
}

export function monthLabels(count: number, year = 2010): string[] {
  return Array.from(
    { length: count },
    (_, at) => `${year + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`,
  );
}

/** CSV of a period column and named columns. */
export function toCsv(
  periods: readonly string[],
  columns: { [name: string]: readonly (number | string | null)[] },
): string {
  const names = Object.keys(columns);
  const rows = periods.map((period, row) =>
    [period, ...names.map((name) => columns[name]?.[row] ?? '')].join(','),
  );
  return [['period', ...names].join(','), ...rows].join('\n');
}
