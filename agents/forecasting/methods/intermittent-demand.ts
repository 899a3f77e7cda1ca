import type { FittedMethod } from './fitted-method.ts';
import type { Level } from './intervals.ts';

type Variant = 'croston' | 'sba' | 'tsb';

const shares = [0.03, 0.06, 0.1, 0.15, 0.2, 0.3] as const;

const titles: Record<Variant, string> = {
  croston: 'Croston',
  sba: 'Syntetos-Boylan',
  tsb: 'Teunter-Syntetos-Babai',
};

function startOf(values: Float64Array) {
  const first = values.subarray(0, Math.max(8, Math.ceil(values.length / 3)));
  const demands = (first.some((value) => value > 0) ? first : values).filter((value) => value > 0);
  const size = demands.length > 0 ? demands.reduce((sum, value) => sum + value, 0) / demands.length : 0;
  const length = first.some((value) => value > 0) ? first.length : values.length;
  return { size, chance: demands.length / length };
}

/** The demand a period to be expected at each origin: entry t is known after the first t values. */
function runRates(values: Float64Array, variant: Variant, alpha: number, beta: number): Float64Array {
  const rates = new Float64Array(values.length + 1);
  let { size, chance } = startOf(values);
  let interval = chance > 0 ? 1 / chance : Infinity;
  let since = 1;
  const correction = variant === 'sba' ? 1 - alpha / 2 : 1;
  const rate = () => (variant === 'tsb' ? chance * size : correction * (size / interval));
  rates[0] = rate();
  values.forEach((value, time) => {
    const demanded = value > 0;
    if (demanded) {
      size += alpha * (value - size);
      interval += alpha * (since - interval);
      since = 1;
    } else since++;
    // Unlike the others, it notices that demand has stopped: its chance falls with every period without any.
    chance += beta * ((demanded ? 1 : 0) - chance);
    rates[time + 1] = rate();
  });
  return rates;
}

function squaredError(values: Float64Array, rates: Float64Array): number {
  let sum = 0;
  for (let time = 0; time < values.length; time++) sum += (values[time]! - rates[time]!) ** 2;
  return sum;
}

/**
 * Croston's method, its unbiased form by Syntetos and Boylan (2005), or that of Teunter, Syntetos and Babai (2011): a
 * steady rate of demand from the sizes of demand and how often there is any; shares chosen by squared error.
 */
export function fitIntermittent(values: Float64Array, variant: Variant): FittedMethod {
  let best = { alpha: 0, beta: 0, rates: new Float64Array() as Float64Array, error: Infinity };
  for (const alpha of shares) {
    for (const beta of variant === 'tsb' ? shares : [alpha]) {
      const rates = runRates(values, variant, alpha, beta);
      const error = squaredError(values, rates);
      if (error < best.error) best = { alpha, beta, rates, error };
    }
  }
  const { alpha, beta, rates } = best;
  return {
    description: `${titles[variant]}(${variant === 'tsb' ? `${alpha}, ${beta}` : alpha})`,
    warmUp: 1,
    forecastFrom: (origin, horizon) => new Float64Array(horizon).fill(rates[origin]!),
  };
}

const halfLife = 52;

/**
 * Quantiles of one period's demand around an expected rate: those of the history, periods without demand included and
 * newer ones weighing more. Where less is expected than there was, periods without demand become likelier; where
 * more, sizes grow. Without a shape assumed, and never below zero.
 */
export function boundsOfDemand(
  values: Float64Array,
  rate: number,
): Record<Level, [lower: number, upper: number]> & { spread: number } {
  const weights = values.map((_, time) => 0.5 ** ((values.length - 1 - time) / halfLife));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = values.reduce((sum, value, time) => sum + value * weights[time]!, 0) / total;
  const ratio = mean > 0 ? rate / mean : 1;
  const order = [...values.keys()].toSorted((left, right) => values[left]! - values[right]!);
  // One more demand, as large as the largest, stands for what was not seen yet.
  const all = total + 1;
  const thinned = Math.min(1, ratio);
  const grown = Math.max(1, ratio);
  const quantile = (share: number): number => {
    let above = thinned;
    if (share < 1 - above / all) {
      for (let index = order.length - 1; index >= 0; index--) {
        above += thinned * weights[order[index]!]!;
        if (share >= 1 - above / all) return grown * values[order[index]!]!;
      }
      return 0;
    }
    return grown * (values[order.at(-1)!] ?? 0);
  };
  const bounds = (outside: number): [number, number] => [
    Math.min(rate, quantile(outside / 2)),
    Math.max(rate, quantile(1 - outside / 2)),
  ];
  const variance = values.reduce((sum, value, time) => sum + weights[time]! * (value - mean) ** 2, 0) / total;
  return { 80: bounds(0.2), 95: bounds(0.05), spread: Math.sqrt(variance * grown) };
}
