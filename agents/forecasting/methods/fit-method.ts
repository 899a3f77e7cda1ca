import { combine } from './combination.ts';
import { fitComplexSmoothing } from './complex-smoothing.ts';
import { fitDynamicTheta } from './dynamic-theta.ts';
import { fitExponentialSmoothing } from './exponential-smoothing.ts';
import type { FittedMethod } from './fitted-method.ts';
import { fitIntermittent } from './intermittent-demand.ts';
import { fitSeasonalArima } from './seasonal-arima.ts';
import { fitSeasonalNaive } from './seasonal-naive.ts';

type Fit = (values: Float64Array, season: number) => FittedMethod;

/** For series that are there in every period; the combination forecast best on every data set that was held out. */
export const methodNames = ['combination', 'ets', 'ces', 'arima', 'theta', 'naive'] as const;

/** For demand that many periods go without. */
export const intermittentNames = ['sba', 'tsb', 'croston'] as const;

export type IntermittentName = (typeof intermittentNames)[number];

export type MethodName = (typeof methodNames)[number] | IntermittentName;

// With a free first season of this size a fit no longer ends in reasonable time.
const longestSmoothedSeason = 60;

const fits: Record<Exclude<MethodName, 'combination'>, Fit> = {
  ets: fitExponentialSmoothing,
  ces: fitComplexSmoothing,
  arima: fitSeasonalArima,
  theta: fitDynamicTheta,
  naive: fitSeasonalNaive,
  croston: (values) => fitIntermittent(values, 'croston'),
  sba: (values) => fitIntermittent(values, 'sba'),
  tsb: (values) => fitIntermittent(values, 'tsb'),
};

const members = ['ets', 'ces', 'arima', 'theta', 'naive'] as const;

export function isForIntermittent(name: MethodName): name is IntermittentName {
  return intermittentNames.some((known) => known === name);
}

/** The season that a method can use of this many values: none of it, where they are too few. */
export function usableSeason(name: MethodName, observations: number, season: number): number {
  return observations >= (name === 'naive' ? 1 : 2) * season ? season : 1;
}

/** Fits methods to one series without gaps, each once; what is too short for its season is fitted as if there were none. */
export function createFits(values: Float64Array, season: number): (name: MethodName) => FittedMethod {
  const fitted = new Map<string, FittedMethod>();
  const fitOnce = (name: Exclude<MethodName, 'combination'>, usable: number): FittedMethod => {
    const key = `${name} ${usable}`;
    const known = fitted.get(key) ?? fits[name](values, usable);
    fitted.set(key, known);
    return known;
  };
  return (name) => {
    // With three values there is nothing to choose parameters by.
    const method = values.length < 4 ? 'naive' : name;
    const usable = usableSeason(method, values.length, season);
    const smoothed = usable <= longestSmoothedSeason;
    if (method === 'combination') {
      return combine(
        members.filter((member) => member !== 'ets' || smoothed).map((member) => fitOnce(member, usable)),
      );
    }
    return fitOnce(method === 'ets' && !smoothed ? 'theta' : method, usable);
  };
}
