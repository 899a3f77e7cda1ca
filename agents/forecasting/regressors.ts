import type { FittedMethod } from './methods/fitted-method.ts';
import { solveSymmetric } from './methods/least-squares.ts';
import { findSeasonPattern } from './find-unusual.ts';

/** What moves a series beside its season, known for the future too. Positions count in the request's values. */
export interface Regressors {
  /** Longer seasons in periods, such as 365.25 for a year of days; longest last. */
  seasons: number[];
  /** Days of one name, by position; a week that holds two of them is listed twice. */
  holidays: { name: string; at: number[] }[];
}

interface Adjusted {
  /** Without what the regressors explain. */
  values: Float64Array;
  /** Puts it back into a history. */
  restore(values: Float64Array): Float64Array;
  /** Puts it back into what a method forecasts. */
  wrap(method: FittedMethod): FittedMethod;
}

const cycles = [1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 40, 60, 84] as const;
/** As if each holiday had gone by half a time more without any effect: two or three of a kind prove little. */
const holidayPenalty = 0.5;

/** Sums of products of every pair of columns, and of each with the target. */
function makeNormal(columns: Float64Array[], target: Float64Array) {
  const size = columns.length;
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const left = columns[row]!;
    for (let column = 0; column <= row; column++) {
      const right = columns[column]!;
      let sum = 0;
      for (let time = 0; time < target.length; time++) sum += left[time]! * right[time]!;
      matrix[row * size + column] = sum;
      matrix[column * size + row] = sum;
    }
    for (let time = 0; time < target.length; time++) vector[row] = vector[row]! + left[time]! * target[time]!;
  }
  return { matrix, vector };
}

function solveLeading({ matrix, vector }: ReturnType<typeof makeNormal>, count: number): Float64Array | null {
  const size = vector.length;
  const part = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    part.set(matrix.subarray(row * size, row * size + count), row * count);
    part[row * count + row] = part[row * count + row]! * (1 + 1e-9);
  }
  const solution = vector.slice(0, count);
  return solveSymmetric(part, solution) ? solution : null;
}

/** A season as a sum of sines and cosines, as many as corrected AIC allows, over `length` periods; zeros if too short. */
function fitLongSeason(target: Float64Array, season: number, length: number): Float64Array {
  const pattern = new Float64Array(length);
  const allowed = cycles.filter((count) => 2 * count <= season && 10 * count <= target.length);
  if (target.length < 2 * season || allowed.length === 0) return pattern;
  const wave = (index: number, time: number): number => {
    const angle = (2 * Math.PI * (1 + (index >> 1)) * time) / season;
    return index % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  };
  const most = 2 * allowed.at(-1)!;
  const columns = [
    new Float64Array(target.length).fill(1),
    target.map((_, time) => time / target.length - 0.5),
    ...Array.from({ length: most }, (_, index) => target.map((_, time) => wave(index, time))),
  ];
  const normal = makeNormal(columns, target);
  const squares = target.reduce((sum, value) => sum + value * value, 0);
  let best: { score: number; weights: Float64Array } | undefined;
  for (const count of [0, ...allowed]) {
    const size = 2 + 2 * count;
    const weights = solveLeading(normal, size);
    if (!weights) break;
    const explained = weights.reduce((sum, weight, index) => sum + weight * normal.vector[index]!, 0);
    const left = Math.max(squares - explained, squares * 1e-12) + Number.MIN_VALUE;
    const spare = target.length - size - 2;
    const score =
      target.length * Math.log(left) + 2 * (size + 1) + (2 * (size + 1) * (size + 2)) / Math.max(1, spare);
    if (!best || score < best.score) best = { score, weights };
  }
  const waves = best?.weights.subarray(2) ?? [];
  for (let time = 0; time < length; time++) {
    let sum = 0;
    for (let index = 0; index < waves.length; index++) sum += waves[index]! * wave(index, time);
    pattern[time] = sum;
  }
  return pattern;
}

function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted.length === 0 ? 0 : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** What each holiday adds to its day, over `length` periods; only those that came by twice before count. */
function fitHolidays(
  rest: Float64Array,
  season: number,
  length: number,
  start: number,
  holidays: Regressors['holidays'],
): Float64Array {
  const effects = new Float64Array(length);
  const columns: Float64Array[] = [];
  for (const { at } of holidays) {
    const column = new Float64Array(length);
    for (const position of at) {
      const time = position - start;
      if (time >= 0 && time < length) column[time] = column[time]! + 1;
    }
    const seen = column.subarray(0, rest.length).reduce((count, times) => count + (times > 0 ? 1 : 0), 0);
    if (seen >= 2) columns.push(column);
  }
  if (columns.length === 0) return effects;
  const reach = Math.max(3, season);
  const isHoliday = (time: number) => columns.some((column) => column[time]! > 0);
  const deviations = rest.map((value, time) => {
    const around: number[] = [];
    for (let other = Math.max(0, time - reach); other <= Math.min(rest.length - 1, time + reach); other++) {
      if (!isHoliday(other)) around.push(rest[other]!);
    }
    return value - median(around);
  });
  const known = columns.map((column) => column.subarray(0, rest.length));
  const normal = makeNormal(known, deviations);
  for (let index = 0; index < known.length; index++) {
    const at = index * known.length + index;
    normal.matrix[at] = normal.matrix[at]! + holidayPenalty;
  }
  const weights = solveLeading(normal, known.length);
  columns.forEach((column, index) => {
    for (let time = 0; time < length; time++) {
      effects[time] = effects[time]! + column[time]! * (weights?.[index] ?? 0);
    }
  });
  return effects;
}

const unchanged = (values: Float64Array): Adjusted => ({
  values,
  restore: (cleaned) => cleaned,
  wrap: (method) => method,
});

/**
 * Takes out of a history what longer seasons and holidays explain, in shares where every value is positive, and puts
 * it back into forecasts. `start` is where the history begins in the request's values.
 */
export function applyPattern(
  values: Float64Array,
  request: { season: number; horizon: number; start: number; regressors?: Regressors },
): Adjusted {
  const { season, horizon, start, regressors } = request;
  if (!regressors || (regressors.seasons.length === 0 && regressors.holidays.length === 0)) {
    return unchanged(values);
  }
  const relative = values.every((value) => value > 0);
  const rest = relative ? values.map(Math.log) : values.slice();
  const length = values.length + horizon;
  const pattern = new Float64Array(length);
  const remove = (part: Float64Array) => {
    for (let time = 0; time < length; time++) pattern[time] = pattern[time]! + part[time]!;
    for (let time = 0; time < rest.length; time++) rest[time] = rest[time]! - part[time]!;
  };
  const short = findSeasonPattern(rest, season);
  for (let time = 0; time < rest.length; time++) rest[time] = rest[time]! - short[time % season]!;
  for (const long of regressors.seasons) remove(fitLongSeason(rest, long, length));
  remove(fitHolidays(rest, season, length, start, regressors.holidays));
  const add = (value: number, time: number) =>
    relative ? value * Math.exp(pattern[time]!) : value + pattern[time]!;
  const wrap = (method: FittedMethod): FittedMethod => ({
    ...method,
    ...(method.members ? { members: method.members.map(wrap) } : {}),
    forecastFrom: (origin, steps) =>
      method.forecastFrom(origin, steps).map((value, step) => add(value, origin + step)),
  });
  return {
    values: values.map((value, time) =>
      relative ? value * Math.exp(-pattern[time]!) : value - pattern[time]!,
    ),
    restore: (cleaned) => cleaned.map(add),
    wrap,
  };
}
