import type { FittedMethod } from './fitted-method.ts';
import { minimiseSquares, squash, stretch } from './least-squares.ts';
import { isSeasonal, seasonalIndices, type SeasonKind } from './seasonal-decomposition.ts';

const alphaRange = [0.01, 0.99] as const;
const thetaRange = [1, 20] as const;

interface Line {
  level: number;
  mean: number;
  intercept: number;
  slope: number;
}

/** Expectation of the next value at time `time` (1-based) under theta, and the line's update once it is known. */
function expectNext(line: Line, time: number, alpha: number, theta: number): number {
  const decay = (1 - alpha) ** (time - 1);
  const weight = (1 - (1 - alpha) * decay) / alpha;
  return line.level + (1 - 1 / theta) * (decay * line.intercept + weight * line.slope);
}

function update(line: Line, time: number, value: number, alpha: number): void {
  line.level = alpha * value + (1 - alpha) * line.level;
  const mean = ((time - 1) * line.mean + value) / time;
  line.slope = ((time - 2) * line.slope + (6 * (value - line.mean)) / time) / (time + 1);
  line.intercept = mean - (line.slope * (time + 2)) / 2;
  line.mean = mean;
}

function startLine(level: number): Line {
  return { level, mean: 0, intercept: 0, slope: 0 };
}

function advance(line: Line, time: number, value: number, alpha: number): void {
  if (time > 1) return update(line, time, value, alpha);
  line.level = alpha * value + (1 - alpha) * line.level;
  line.mean = value;
  line.intercept = value;
  line.slope = 0;
}

/** Dynamic optimised Theta (Fiorucci, Pellegrini, Louzada, Petropoulos, Koehler 2016) on the seasonally adjusted series. */
export function fitDynamicTheta(values: Float64Array, season: number): FittedMethod {
  const seasonal = isSeasonal(values, season);
  const kind: SeasonKind = values.every((value) => value > 0) ? 'multiplicative' : 'additive';
  const indices = seasonal ? seasonalIndices(values, season, kind) : undefined;
  const adjusted = values.map((value, time) => {
    const index = indices?.[time % season];
    if (index === undefined) return value;
    return kind === 'multiplicative' ? value / index : value - index;
  });
  let scale = 0;
  for (let time = 1; time < adjusted.length; time++) scale += Math.abs(adjusted[time]! - adjusted[time - 1]!);
  scale = scale / (adjusted.length - 1) || 1;

  const unpack = (point: Float64Array) => ({
    level: point[0]!,
    alpha: squash(point[1]!, ...alphaRange),
    theta: squash(point[2]!, ...thetaRange),
  });
  const { point } = minimiseSquares({
    start: [adjusted[0]! / 2, stretch(0.5, ...alphaRange), stretch(2, ...thetaRange)],
    nudges: [scale * 1e-3, 1e-3, 1e-3],
    size: adjusted.length,
    maxIterations: 20,
    residuals: (candidate, into) => {
      const { level, alpha, theta } = unpack(candidate);
      const line = startLine(level);
      for (let time = 1; time <= adjusted.length; time++) {
        const value = adjusted[time - 1]!;
        // The first steps have no line yet: their errors would only describe the start.
        into[time - 1] = time > 3 ? value - expectNext(line, time, alpha, theta) : 0;
        advance(line, time, value, alpha);
      }
      return true;
    },
  });
  const { level, alpha, theta } = unpack(point);
  const line = startLine(level);
  const history: Line[] = [{ ...line }];
  adjusted.forEach((value, index) => {
    advance(line, index + 1, value, alpha);
    history.push({ ...line });
  });
  return {
    description: `Theta(${theta.toFixed(1)})`,
    warmUp: Math.min(Math.max(season, 4), values.length),
    forecastFrom(origin, horizon) {
      const future = { ...history[origin]! };
      return Float64Array.from({ length: horizon }, (_, step) => {
        const time = origin + step + 1;
        const value = expectNext(future, time, alpha, theta);
        advance(future, time, value, alpha);
        const index = indices?.[(origin + step) % season];
        if (index === undefined) return value;
        return kind === 'multiplicative' ? value * index : value + index;
      });
    },
  };
}
