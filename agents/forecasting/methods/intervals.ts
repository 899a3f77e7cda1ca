import type { FittedMethod } from './fitted-method.ts';

/** How far a method's forecasts have been off, by step ahead. */
export interface ErrorProfile {
  /** Whether errors grow with the level: then `spread` is of the logarithm, else in units of the series. */
  scale: 'absolute' | 'relative';
  /** Root mean square error at 1, 2, … steps ahead; never decreasing. */
  spread: Float64Array;
}

export type Level = 80 | 95;

const mostOrigins = 120;

/** An error this many seasons ago counts half: series grow calmer or wilder. */
const halfLifeSeasons = 4;
const shortestHalfLife = 16;

/**
 * By how much the spread is multiplied to hold a level: what gives the smallest interval score on held-out ends of
 * training data (bench/forecast.ts --calibrate). Errors of logarithms flatter less than those in units.
 */
const factors: Record<ErrorProfile['scale'], Record<Level, number>> = {
  relative: { 80: 0.98, 95: 1.62 },
  absolute: { 80: 1.36, 95: 2.5 },
};

/** How far joined methods usually are apart, in units of the spread. */
const usualDisagreement = 0.4;

/** Averages neighbours that fall back until the sequence no longer decreases (pool adjacent violators). */
function makeMonotone(values: Float64Array, weights: Float64Array): Float64Array {
  const blocks: { sum: number; weight: number; count: number }[] = [];
  values.forEach((value, index) => {
    blocks.push({ sum: value * weights[index]!, weight: weights[index]!, count: 1 });
    while (blocks.length > 1) {
      const last = blocks.at(-1)!;
      const previous = blocks.at(-2)!;
      if (previous.sum / previous.weight <= last.sum / last.weight) break;
      previous.sum += last.sum;
      previous.weight += last.weight;
      previous.count += last.count;
      blocks.pop();
    }
  });
  return Float64Array.from(
    blocks.flatMap(({ sum, weight, count }) => Array<number>(count).fill(sum / weight)),
  );
}

/** Forecasts from each of the last origins of the history and measures the errors step by step. */
export function measureErrors(
  method: FittedMethod,
  values: Float64Array,
  horizon: number,
  season: number,
): ErrorProfile {
  const halfLife = Math.max(shortestHalfLife, halfLifeSeasons * season);
  const absolute = new Float64Array(horizon);
  const relative = new Float64Array(horizon);
  const counts = new Float64Array(horizon);
  const positive = values.every((value) => value > 0);
  let logarithms = 0;
  let oneStep = 0;
  let oneStepRelative = 0;
  let origins = 0;
  let multiplicative = positive;
  const first = Math.max(
    1,
    Math.min(values.length - 1, Math.max(method.warmUp, values.length - mostOrigins)),
  );
  for (let origin = first; origin < values.length; origin++) {
    const reach = Math.min(horizon, values.length - origin);
    const path = method.forecastFrom(origin, reach);
    for (let step = 0; step < reach; step++) {
      const actual = values[origin + step]!;
      const expected = path[step]!;
      const weight = 0.5 ** ((values.length - origin - step) / halfLife);
      absolute[step] = absolute[step]! + weight * (actual - expected) ** 2;
      counts[step] = counts[step]! + weight;
      if (!(expected > 0)) multiplicative = false;
      if (!multiplicative) continue;
      const ratio = Math.log(actual / expected);
      relative[step] = relative[step]! + weight * ratio ** 2;
      if (step > 0) continue;
      logarithms += weight * Math.log(actual);
      oneStep += weight * (actual - expected) ** 2;
      oneStepRelative += weight * ratio ** 2;
      origins += weight;
    }
  }
  // The likelier of two normal models of the one-step errors: of the values, or of their logarithms.
  const isRelative =
    multiplicative &&
    0.5 * Math.log(oneStepRelative / origins) + logarithms / origins < 0.5 * Math.log(oneStep / origins);
  const sums = isRelative ? relative : absolute;
  const means = sums.map((sum, step) => (counts[step]! > 0 ? sum / counts[step]! : 0));
  for (let step = 1; step < horizon; step++) if (counts[step] === 0) means[step] = means[step - 1]!;
  const weights = counts.map((count) => Math.max(count, 1e-9));
  return { scale: isRelative ? 'relative' : 'absolute', spread: makeMonotone(means, weights).map(Math.sqrt) };
}

/**
 * By what measured errors are stretched. They flatter a method that was fitted to the same history, the more so the
 * shorter it is for its season, and methods that are far apart know less than those that agree.
 */
export function measureStretch(
  method: FittedMethod,
  values: Float64Array,
  { scale, spread }: ErrorProfile,
  season: number,
): number {
  const byLength = Math.min(3, 1 + (10 * season ** 0.75) / values.length);
  if (!method.members) return byLength;
  const horizon = spread.length;
  const paths = method.members.map((member) => member.forecastFrom(values.length, horizon));
  const joined = method.forecastFrom(values.length, horizon);
  let apart = 0;
  let usual = 0;
  for (let step = 0; step < horizon; step++) {
    const points = paths.map((path) => path[step]!).filter(Number.isFinite);
    const mean = points.reduce((sum, point) => sum + point, 0) / points.length;
    apart += points.reduce((sum, point) => sum + (point - mean) ** 2, 0) / points.length;
    usual += (scale === 'relative' ? spread[step]! * joined[step]! : spread[step]!) ** 2;
  }
  const disagreement = usual > 0 ? Math.sqrt(apart / usual) / usualDisagreement : 1;
  return byLength * Math.min(2.5, Math.max(0.4, disagreement)) ** 0.25;
}

/** The bounds around one forecast; `stretch` as `measureStretch` has it. */
export function boundsAround(
  point: number,
  profile: ErrorProfile,
  step: number,
  level: Level,
  stretch: number,
): [number, number] {
  const reach = factors[profile.scale][level] * stretch * profile.spread[step]!;
  if (profile.scale === 'relative' && point > 0) return [point * Math.exp(-reach), point * Math.exp(reach)];
  return [point - reach, point + reach];
}
