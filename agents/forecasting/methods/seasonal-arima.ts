import type { FittedMethod } from './fitted-method.ts';
import { minimiseSquares } from './least-squares.ts';
import { seasonalIndices } from './seasonal-decomposition.ts';

interface Orders {
  autoregressive: number;
  movingAverage: number;
  seasonalAutoregressive: number;
  seasonalMovingAverage: number;
  constant: boolean;
}

/** A lag polynomial without its leading 1: value at time t is the sum of weights times earlier entries. */
interface Lags {
  lags: number[];
  weights: number[];
}

interface Candidate {
  orders: Orders;
  point: Float64Array;
  aicc: number;
}

function difference(values: Float64Array, lag: number): Float64Array {
  return Float64Array.from(
    { length: values.length - lag },
    (_, index) => values[index + lag]! - values[index]!,
  );
}

function variance(values: ArrayLike<number>): number {
  let mean = 0;
  for (let index = 0; index < values.length; index++) mean += values[index]! / values.length;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += (values[index]! - mean) ** 2;
  return sum / values.length;
}

/** How much of the detrended variance the season explains, 0 to 1 (Wang, Smith, Hyndman 2006). */
function seasonalStrength(values: Float64Array, season: number): number {
  const indices = seasonalIndices(values, season, 'additive');
  const detrended: number[] = [];
  const remainder: number[] = [];
  for (let index = season; index + season < values.length; index++) {
    let trend = 0;
    for (let offset = -Math.floor(season / 2); offset < season - Math.floor(season / 2); offset++) {
      trend += values[index + offset]! / season;
    }
    detrended.push(values[index]! - trend);
    remainder.push(values[index]! - trend - indices[index % season]!);
  }
  const total = variance(detrended);
  return total > 0 ? Math.max(0, 1 - variance(remainder) / total) : 0;
}

/** KPSS test for a level at 5 %: true if the series wanders and should be differenced. */
function wanders(values: Float64Array): boolean {
  const count = values.length;
  let mean = 0;
  for (const value of values) mean += value / count;
  let partial = 0;
  let sumSquares = 0;
  for (const value of values) {
    partial += value - mean;
    sumSquares += partial * partial;
  }
  const window = Math.trunc((3 * Math.sqrt(count)) / 13);
  let longRun = 0;
  for (let lag = 0; lag <= window; lag++) {
    let product = 0;
    for (let index = lag; index < count; index++)
      product += (values[index]! - mean) * (values[index - lag]! - mean);
    longRun += (product / count) * (lag === 0 ? 1 : 2 * (1 - lag / (window + 1)));
  }
  return longRun > 0 && sumSquares / (count * count * longRun) > 0.463;
}

/** Partial autocorrelations to coefficients (Durbin-Levinson), so that any real numbers give a stable polynomial. */
function stabilise(point: Float64Array, first: number, count: number): number[] {
  let weights: number[] = [];
  for (let order = 0; order < count; order++) {
    const partial = 0.99 * Math.tanh(point[first + order]!);
    weights = [...weights.map((weight, index) => weight - partial * weights[order - 1 - index]!), partial];
  }
  return weights;
}

/** (1 - a(B)) (1 - b(B^season)), as the weights of what is subtracted. */
function multiply(plain: number[], seasonal: number[], season: number): Lags {
  const result: Lags = { lags: [], weights: [] };
  const add = (lag: number, weight: number) => {
    const at = result.lags.indexOf(lag);
    if (at >= 0) result.weights[at] = result.weights[at]! + weight;
    else {
      result.lags.push(lag);
      result.weights.push(weight);
    }
  };
  plain.forEach((weight, index) => add(index + 1, weight));
  seasonal.forEach((weight, index) => add((index + 1) * season, weight));
  plain.forEach((left, i) => seasonal.forEach((right, j) => add(i + 1 + (j + 1) * season, -left * right)));
  return result;
}

function unpack(orders: Orders, point: Float64Array, season: number) {
  let first = 0;
  const take = (count: number) => {
    const weights = stabilise(point, first, count);
    first += count;
    return weights;
  };
  const autoregressive = take(orders.autoregressive);
  const seasonalAutoregressive = take(orders.seasonalAutoregressive);
  const movingAverage = take(orders.movingAverage);
  const seasonalMovingAverage = take(orders.seasonalMovingAverage);
  return {
    autoregression: multiply(autoregressive, seasonalAutoregressive, season),
    averaging: multiply(movingAverage, seasonalMovingAverage, season),
    mean: orders.constant ? point[first]! : 0,
  };
}

function weigh({ lags, weights }: Lags, values: Float64Array, time: number, mean: number): number {
  let sum = 0;
  for (let index = 0; index < lags.length; index++) {
    const at = time - lags[index]!;
    // What came before the series is taken to be average.
    if (at >= 0) sum += weights[index]! * (values[at]! - mean);
  }
  return sum;
}

function filter(values: Float64Array, model: ReturnType<typeof unpack>, residuals: Float64Array): void {
  for (let time = 0; time < values.length; time++) {
    const expected =
      model.mean +
      weigh(model.autoregression, values, time, model.mean) -
      weigh(model.averaging, residuals, time, 0);
    residuals[time] = values[time]! - expected;
  }
}

function fitOrders(values: Float64Array, season: number, orders: Orders, scale: number): Candidate {
  const start: number[] = Array.from<number>({
    length:
      orders.autoregressive +
      orders.seasonalAutoregressive +
      orders.movingAverage +
      orders.seasonalMovingAverage,
  }).fill(0.1);
  const nudges = start.map(() => 1e-4);
  if (orders.constant) {
    start.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    nudges.push(scale * 1e-4);
  }
  const { point, squares } = minimiseSquares({
    start,
    nudges,
    size: values.length,
    maxIterations: 15,
    residuals: (candidate, into) => {
      filter(values, unpack(orders, candidate, season), into);
      return true;
    },
  });
  const count = start.length + 1;
  const spare = values.length - count - 1;
  const aicc =
    values.length * Math.log(squares + Number.MIN_VALUE) +
    2 * count +
    (spare > 0 ? (2 * count * (count + 1)) / spare : Infinity);
  return { orders, point, aicc };
}

function neighbours(orders: Orders, mayHaveConstant: boolean): Orders[] {
  const result: Orders[] = [];
  const limits = {
    autoregressive: 3,
    movingAverage: 3,
    seasonalAutoregressive: 1,
    seasonalMovingAverage: 1,
  } as const;
  for (const name of Object.keys(limits) as (keyof typeof limits)[]) {
    for (const change of [-1, 1]) {
      const value = orders[name] + change;
      if (value >= 0 && value <= limits[name]) result.push({ ...orders, [name]: value });
    }
  }
  if (mayHaveConstant) result.push({ ...orders, constant: !orders.constant });
  return result;
}

/** Stepwise search (after Hyndman and Khandakar 2008) for the orders with the smallest corrected AIC. */
function search(values: Float64Array, season: number, mayHaveConstant: boolean): Candidate {
  const scale = Math.sqrt(variance(values)) || 1;
  const tried = new Set<string>();
  let best: Candidate | undefined;
  const attempt = (orders: Orders): boolean => {
    const name = JSON.stringify(orders);
    if (tried.has(name)) return false;
    tried.add(name);
    const candidate = fitOrders(values, season, orders, scale);
    if (best && candidate.aicc >= best.aicc) return false;
    best = candidate;
    return true;
  };
  const seasonal = season > 1 ? 1 : 0;
  const begin = (p: number, q: number, sp: number, sq: number): Orders => ({
    autoregressive: p,
    movingAverage: q,
    seasonalAutoregressive: sp * seasonal,
    seasonalMovingAverage: sq * seasonal,
    constant: mayHaveConstant,
  });
  for (const orders of [begin(0, 0, 0, 0), begin(1, 1, 0, 1), begin(1, 0, 1, 0), begin(0, 1, 0, 1)])
    attempt(orders);
  let moved = true;
  while (moved && tried.size < 30) {
    moved = neighbours(best!.orders, mayHaveConstant)
      .filter(
        (orders) => seasonal === 1 || orders.seasonalAutoregressive + orders.seasonalMovingAverage === 0,
      )
      .some(attempt);
  }
  return best!;
}

/** Seasonal ARIMA by conditional least squares: differences by tests, orders by a stepwise search. */
export function fitSeasonalArima(values: Float64Array, season: number): FittedMethod {
  const seasonal = season > 1 && values.length >= 3 * season && seasonalStrength(values, season) > 0.5;
  const deseasoned = seasonal ? difference(values, season) : values;
  const differenced = wanders(deseasoned);
  const stationary = differenced ? difference(deseasoned, 1) : deseasoned;
  const mayHaveConstant = !(seasonal && differenced);
  const { orders, point } = search(
    stationary,
    seasonal || values.length >= 3 * season ? season : 1,
    mayHaveConstant,
  );
  const model = unpack(orders, point, season);
  const residuals = new Float64Array(stationary.length);
  filter(stationary, model, residuals);
  const lost = values.length - stationary.length;
  const {
    autoregressive: p,
    movingAverage: q,
    seasonalAutoregressive: sp,
    seasonalMovingAverage: sq,
  } = orders;
  return {
    description: `ARIMA(${p},${differenced ? 1 : 0},${q})(${sp},${seasonal ? 1 : 0},${sq})`,
    warmUp: Math.min(lost + season, values.length),
    forecastFrom(origin, horizon) {
      const known = origin - lost;
      const path = new Float64Array(known + horizon);
      path.set(stationary.subarray(0, known));
      const errors = new Float64Array(known + horizon);
      errors.set(residuals.subarray(0, known));
      const levels = new Float64Array(origin + horizon);
      levels.set(values.subarray(0, origin));
      for (let step = 0; step < horizon; step++) {
        const time = known + step;
        path[time] =
          model.mean +
          weigh(model.autoregression, path, time, model.mean) -
          weigh(model.averaging, errors, time, 0);
        const at = origin + step;
        const back = seasonal ? season : 0;
        let value = path[time]!;
        if (seasonal) value += levels[at - season]!;
        if (differenced) value += levels[at - 1]! - (back ? levels[at - 1 - season]! : 0);
        levels[at] = value;
      }
      return levels.slice(origin);
    },
  };
}
