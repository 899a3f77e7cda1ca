import { combine } from './combination.ts';
import { fitComplexSmoothing } from './complex-smoothing.ts';
import { fitDynamicTheta } from './dynamic-theta.ts';
import { fitExponentialSmoothing } from './exponential-smoothing.ts';
import type { FittedMethod } from './fitted-method.ts';
import { fitSeasonalArima } from './seasonal-arima.ts';
import { fitSeasonalNaive } from './seasonal-naive.ts';

type Fit = (values: Float64Array, season: number) => FittedMethod;

/** In the order in which they are tried: the combination forecast best on every data set that was held out. */
export const methodNames = ['combination', 'ets', 'ces', 'arima', 'theta', 'naive'] as const;

export type MethodName = (typeof methodNames)[number];

// With a free first season of this size a fit no longer ends in reasonable time.
const longestSmoothedSeason = 60;

const fits: Record<Exclude<MethodName, 'combination'>, Fit> = {
  ets: fitExponentialSmoothing,
  ces: fitComplexSmoothing,
  arima: fitSeasonalArima,
  theta: fitDynamicTheta,
  naive: fitSeasonalNaive,
};

function listMembers(season: number): Fit[] {
  return Object.values(fits).filter(
    (fit) => fit !== fitExponentialSmoothing || season <= longestSmoothedSeason,
  );
}

/** The season that a method can use of this many values: none of it, where they are too few. */
export function usableSeason(name: MethodName, observations: number, season: number): number {
  return observations >= (name === 'naive' ? 1 : 2) * season ? season : 1;
}

/** Fits one method to a series without gaps; what is too short for its season is fitted as if there were none. */
export function fitMethod(name: MethodName, values: Float64Array, season: number): FittedMethod {
  // With three values there is nothing to choose parameters by.
  const method = values.length < 4 ? 'naive' : name;
  const usable = usableSeason(method, values.length, season);
  if (method === 'combination') return combine(listMembers(usable).map((fit) => fit(values, usable)));
  if (method === 'ets' && usable > longestSmoothedSeason) return fitDynamicTheta(values, usable);
  return fits[method](values, usable);
}
