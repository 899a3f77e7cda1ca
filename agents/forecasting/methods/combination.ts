import type { FittedMethod } from './fitted-method.ts';

/** The mean without the largest and the smallest; without any trimming below three values. */
function trimmedMean(values: number[]): number {
  if (values.length < 3) return values.reduce((sum, value) => sum + value, 0) / values.length;
  let sum = 0;
  let smallest = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    sum += value;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return (sum - smallest - largest) / (values.length - 2);
}

/** Joins methods step by step by their trimmed mean, so that one method gone astray moves nothing. */
export function combine(members: FittedMethod[]): FittedMethod {
  return {
    description: `mean of ${members.map((member) => member.description).join(', ')}`,
    warmUp: Math.max(...members.map((member) => member.warmUp)),
    members,
    forecastFrom(origin, horizon) {
      const paths = members.map((member) => member.forecastFrom(origin, horizon));
      return Float64Array.from({ length: horizon }, (_, step) =>
        trimmedMean(paths.map((path) => path[step]!).filter(Number.isFinite)),
      );
    },
  };
}
