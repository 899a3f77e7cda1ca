export const demandClasses = ['smooth', 'erratic', 'intermittent', 'lumpy'] as const;

export type DemandClass = (typeof demandClasses)[number];

// Where Croston's method begins to beat plain smoothing (Syntetos, Boylan, Croston 2005).
const longestInterval = 1.32;
const largestVariation = 0.49;

export interface Demand {
  class: DemandClass;
  /** Mean number of periods from one demand to the next (ADI). */
  interval: number;
  /** Squared coefficient of variation of the sizes of demand, periods without any left out (CV²). */
  variation: number;
}

/** Sorts demand by how often it comes and how much its size varies; null where values are negative or all zero. */
export function classifyDemand(values: ArrayLike<number>): Demand | null {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let time = 0; time < values.length; time++) {
    const value = values[time]!;
    if (value < 0) return null;
    if (value === 0) continue;
    count++;
    sum += value;
    squares += value * value;
  }
  if (count === 0) return null;
  const mean = sum / count;
  const interval = values.length / count;
  const variation = Math.max(0, squares / count / mean ** 2 - 1);
  const varies = variation > largestVariation;
  if (interval > longestInterval) return { class: varies ? 'lumpy' : 'intermittent', interval, variation };
  return { class: varies ? 'erratic' : 'smooth', interval, variation };
}

/** Whether so many periods go without demand that methods for intermittent demand are called for. */
export function isIntermittent(values: ArrayLike<number>): boolean {
  const demand = classifyDemand(values);
  return demand !== null && demand.interval > longestInterval;
}
