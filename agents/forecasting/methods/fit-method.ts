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

/** Fits one method to a series without gaps; fewer than two seasons of it are fitted as if there were no season. */
export function fitMethod(name: MethodName, values: Float64Array, season: number): FittedMethod {
  const usable = values.length >= 2 * season ? season : 1;
  if (values.length < 4) return fitSeasonalNaive(values, 1);
  if (name === 'combination') return combine(listMembers(usable).map((fit) => fit(values, usable)));
  if (name === 'ets' && usable > longestSmoothedSeason) return fitDynamicTheta(values, usable);
  return fits[name](values, usable);
}
