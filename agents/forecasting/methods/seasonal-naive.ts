import type { FittedMethod } from './fitted-method.ts';

/** Repeats the last season; the yardstick that every other method has to beat. */
export function fitSeasonalNaive(values: Float64Array, season: number): FittedMethod {
  return {
    description: season > 1 ? `seasonal naive (${season})` : 'naive',
    warmUp: season,
    forecastFrom(origin, horizon) {
      return Float64Array.from({ length: horizon }, (_, step) => values[origin - season + (step % season)]!);
    },
  };
}
