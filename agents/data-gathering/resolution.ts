/** The largest power of ten that every value is a multiple of: the step to which the values are rounded. */
export function resolutionOf(values: readonly (number | null)[]): number {
  for (let power = 6; power > -10; power--) {
    const step = 10 ** power;
    if (values.every((value) => value === null || isMultiple(value, step))) return step;
  }
  return 0;
}

function isMultiple(value: number, step: number): boolean {
  const ratio = value / step;
  return Math.abs(ratio - Math.round(ratio)) <= 1e-9 * Math.max(1, Math.abs(ratio));
}

/** Room for the binary form of decimals in a comparison of values of this size. */
export function floatSlack(size: number): number {
  return Math.abs(size) * 1e-11;
}

/** What rounding alone puts into values, their changes, and the changes of those, as multiples of itself. */
const NOISE = [1, Math.sqrt(2), Math.sqrt(6)];

/**
 * Bits that a series carries beyond its rounding: what an equation that holds on every row within `tolerance`
 * would have to match by chance. In a series that turns often each row counts by its distance from the middle;
 * in a smooth one level and trend count once, then only departures from them, so that a trend is no proof.
 */
export function evidenceBits(values: readonly number[], tolerance: number, step: number): number {
  const rough = countTurns(values) > values.length / 5;
  const middle = [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  let bits = 0;
  values.forEach((value, row) => {
    const order = rough ? 0 : Math.min(row, 2);
    const before = values[row - 1] ?? 0;
    const news = rough
      ? value - middle
      : ([value, value - before, value - 2 * before + (values[row - 2] ?? 0)][order] ?? 0);
    const room = (NOISE[order] ?? 1) * 2 * tolerance + step;
    if (room > 0) bits += Math.max(0, Math.log2(Math.abs(news) / room));
    else if (news !== 0) bits += 30;
  });
  return bits;
}

function countTurns(values: readonly number[]): number {
  let turns = 0;
  for (let row = 2; row < values.length; row++) {
    const [a, b, c] = [values[row - 2] ?? 0, values[row - 1] ?? 0, values[row] ?? 0];
    if ((b - a) * (c - b) < 0) turns += 1;
  }
  return turns;
}
