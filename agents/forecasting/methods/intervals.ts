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

// Student's t with 5 degrees of freedom: errors have heavier tails than the normal distribution's.
const quantiles = { 80: 1.476, 95: 2.571 } as const satisfies Record<Level, number>;

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
export function measureErrors(method: FittedMethod, values: Float64Array, horizon: number): ErrorProfile {
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
      absolute[step] = absolute[step]! + (actual - expected) ** 2;
      counts[step] = counts[step]! + 1;
      if (!(expected > 0)) multiplicative = false;
      if (!multiplicative) continue;
      const ratio = Math.log(actual / expected);
      relative[step] = relative[step]! + ratio ** 2;
      if (step > 0) continue;
      logarithms += Math.log(actual);
      oneStep += (actual - expected) ** 2;
      oneStepRelative += ratio ** 2;
      origins++;
    }
  }
  // The likelier of two normal models of the one-step errors: of the values, or of their logarithms.
  const isRelative =
    multiplicative &&
    0.5 * Math.log(oneStepRelative / origins) + logarithms / origins < 0.5 * Math.log(oneStep / origins);
  const sums = isRelative ? relative : absolute;
  const means = sums.map((sum, step) => (counts[step]! > 0 ? sum / counts[step]! : 0));
  for (let step = 1; step < horizon; step++) if (counts[step] === 0) means[step] = means[step - 1]!;
  const weights = counts.map((count) => Math.max(count, 1));
  return { scale: isRelative ? 'relative' : 'absolute', spread: makeMonotone(means, weights).map(Math.sqrt) };
}

/**
 * By what measured errors are stretched. They flatter a method that was fitted to the same history, the more so
 * the fewer seasons it spans: both constants were read off errors on held-out ends of training data.
 */
function stretchOf(seasons: number): number {
  return Math.min(2, 0.75 * (1 + 6 / seasons));
}

/** The bounds around one forecast, `seasons` being the length of the history. */
export function boundsAround(
  point: number,
  profile: ErrorProfile,
  step: number,
  level: Level,
  seasons: number,
): [number, number] {
  const reach = quantiles[level] * stretchOf(seasons) * profile.spread[step]!;
  if (profile.scale === 'relative' && point > 0) return [point * Math.exp(-reach), point * Math.exp(reach)];
  return [point - reach, point + reach];
}
