import type { FittedMethod } from './fitted-method.ts';
import { minimiseSquares } from './least-squares.ts';
import { seasonalIndices } from './seasonal-decomposition.ts';

/** Which part of the series the complex-valued level follows: all, each season its own, or both. */
type Shape = 'none' | 'simple' | 'partial' | 'full';

/** Each array starts with the states before the first observation: 1 for the level, a season for the seasonal part. */
interface States {
  level: Float64Array;
  potential: Float64Array;
  seasonal: Float64Array;
  seasonalPotential: Float64Array;
}

interface Setup {
  shape: Shape;
  season: number;
  values: Float64Array;
  states: States;
}

const hasLevel = (shape: Shape) => shape !== 'simple';
const hasSeason = (shape: Shape) => shape !== 'none';

/** Updates the states of time `time` (0-based) for an error; used to filter and, with errors of 0, to forecast. */
function step({ shape, season, states }: Setup, time: number, error: number, point: Float64Array): void {
  if (hasLevel(shape)) {
    const level = states.level[time]!;
    const potential = states.potential[time]!;
    states.level[time + 1] = level - (1 - point[1]!) * potential + (point[0]! - point[1]!) * error;
    states.potential[time + 1] = level + (1 - point[0]!) * potential + (point[0]! + point[1]!) * error;
  }
  if (!hasSeason(shape)) return;
  const seasonal = states.seasonal[time]!;
  if (shape === 'partial') {
    states.seasonal[time + season] = seasonal + point[2]! * error;
    return;
  }
  const first = shape === 'full' ? 2 : 0;
  const real = point[first]!;
  const imaginary = point[first + 1]!;
  const potential = states.seasonalPotential[time]!;
  states.seasonal[time + season] = seasonal - (1 - imaginary) * potential + (real - imaginary) * error;
  states.seasonalPotential[time + season] = seasonal + (1 - real) * potential + (real + imaginary) * error;
}

function expected({ shape, states }: Setup, time: number): number {
  return (hasLevel(shape) ? states.level[time]! : 0) + (hasSeason(shape) ? states.seasonal[time]! : 0);
}

function runForward(setup: Setup, point: Float64Array, residuals: Float64Array): void {
  const { values } = setup;
  for (let time = 0; time < values.length; time++) {
    const error = values[time]! - expected(setup, time);
    residuals[time] = error;
    step(setup, time, error, point);
  }
}

/** Turns the series and its newest states round, so that running forward again runs back in time. */
function turnRound(setup: Setup): void {
  const { states, values, season } = setup;
  values.reverse();
  states.level[0] = states.level[values.length]!;
  states.potential[0] = states.potential[values.length]!;
  for (const array of [states.seasonal, states.seasonalPotential]) {
    const newest = array.slice(values.length, values.length + season).reverse();
    array.set(newest);
  }
}

function prepare(values: Float64Array, season: number, shape: Shape): Setup {
  const states: States = {
    level: new Float64Array(values.length + 1),
    potential: new Float64Array(values.length + 1),
    seasonal: new Float64Array(values.length + season),
    seasonalPotential: new Float64Array(values.length + season),
  };
  return { shape, season, values: values.slice(), states };
}

/** The first season's states, as a plain decomposition gives them; running there and back refines them. */
function setStart({ shape, season, states, values }: Setup, indices: Float64Array): void {
  let mean = 0;
  const count = Math.min(values.length, Math.max(season, 5));
  for (let time = 0; time < count; time++) mean += values[time]! / count;
  states.level[0] = mean;
  states.potential[0] = mean / 1.1;
  for (let index = 0; hasSeason(shape) && index < season; index++) {
    const start = shape === 'simple' ? values[index]! : indices[index]!;
    states.seasonal[index] = start;
    states.seasonalPotential[index] = start / 1.1;
  }
}

function fitShape(values: Float64Array, season: number, shape: Shape) {
  const setup = prepare(values, season, shape);
  const indices = hasSeason(shape) ? seasonalIndices(values, season, 'additive') : new Float64Array(0);
  const start = { none: [1.3, 1], simple: [1.3, 1], partial: [1.3, 1, 0.1], full: [1.3, 1, 1.3, 1] }[shape];
  const limit = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) * 1e3;
  const run = (point: Float64Array, into: Float64Array): boolean => {
    setStart(setup, indices);
    runForward(setup, point, into);
    turnRound(setup);
    runForward(setup, point, into);
    turnRound(setup);
    runForward(setup, point, into);
    return into.every((residual) => Math.abs(residual) < limit);
  };
  const { point, squares } = minimiseSquares({
    start,
    nudges: start.map(() => 1e-4),
    size: values.length,
    maxIterations: 30,
    residuals: run,
  });
  run(point, new Float64Array(values.length));
  const count = start.length + 1;
  const aicc =
    values.length * Math.log(squares + Number.MIN_VALUE) +
    2 * count +
    (2 * count * (count + 1)) / (values.length - count - 1);
  return { setup, point, aicc };
}

/** Complex exponential smoothing (Svetunkov, Kourentzes, Ord 2022), its seasonal shape chosen by corrected AIC. */
export function fitComplexSmoothing(values: Float64Array, season: number): FittedMethod {
  const seasonal = season > 1 && values.length >= 2 * season + 6;
  const shapes: Shape[] = seasonal ? ['none', 'simple', 'partial', 'full'] : ['none'];
  const fits = shapes.map((shape) => fitShape(values, season, shape));
  const { setup, point } = fits.reduce((best, fit) => (fit.aicc < best.aicc ? fit : best));
  const { shape, states } = setup;
  return {
    description: `CES(${shape})`,
    warmUp: Math.min(Math.max(season, 4), values.length),
    forecastFrom(origin, horizon) {
      const future = prepare(new Float64Array(horizon), season, shape);
      future.states.level[0] = states.level[origin]!;
      future.states.potential[0] = states.potential[origin]!;
      future.states.seasonal.set(states.seasonal.subarray(origin, origin + season));
      future.states.seasonalPotential.set(states.seasonalPotential.subarray(origin, origin + season));
      return Float64Array.from({ length: horizon }, (_, index) => {
        const value = expected(future, index);
        step(future, index, 0, point);
        return value;
      });
    },
  };
}
