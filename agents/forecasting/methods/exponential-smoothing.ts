import type { FittedMethod } from './fitted-method.ts';
import { minimiseSquares, squash, stretch } from './least-squares.ts';
import { seasonalIndices } from './seasonal-decomposition.ts';

interface Form {
  error: 'A' | 'M';
  trend: 'N' | 'A' | 'Ad';
  season: 'N' | 'A' | 'M';
}

interface Parameters {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
  level: number;
  slope: number;
}

interface States {
  level: Float64Array;
  trend: Float64Array;
  /** The index in force at time t; entries from an origin on are the newest of each season. */
  seasonal: Float64Array;
}

interface Candidate {
  form: Form;
  point: Float64Array;
  aicc: number;
}

const phiRange = [0.8, 0.98] as const;
const shareRange = [1e-4, 0.9999] as const;

/** Order: alpha, level, then (trend) beta's share of alpha and slope, then (damped) phi, then (season) gamma's share. */
function unpack(form: Form, point: Float64Array): Parameters {
  const share = (index: number) => squash(point[index]!, ...shareRange);
  const trended = form.trend !== 'N';
  const damped = form.trend === 'Ad';
  const alpha = share(0);
  return {
    alpha,
    level: point[1]!,
    beta: trended ? alpha * share(2) : 0,
    slope: trended ? point[3]! : 0,
    phi: damped ? squash(point[4]!, ...phiRange) : 1,
    gamma: form.season === 'N' ? 0 : (1 - alpha) * share(2 + (trended ? 2 : 0) + (damped ? 1 : 0)),
  };
}

/** Copies the fitted first season out of the parameters; its last index follows from the others. */
function unpackSeason(form: Form, point: Float64Array, season: number, into: Float64Array): void {
  if (form.season === 'N') return;
  const first = point.length - (season - 1);
  let rest = form.season === 'A' ? 0 : season;
  for (let index = 0; index < season - 1; index++) {
    into[index] = point[first + index]!;
    rest -= point[first + index]!;
  }
  into[season - 1] = rest;
}

/**
 * Runs the recursions and writes residuals whose sum of squares, in logarithm and times n, is twice the
 * negative log likelihood up to a constant, for additive and multiplicative errors alike.
 */
function filter(
  values: Float64Array,
  season: number,
  form: Form,
  { alpha, beta, gamma, phi, level: firstLevel, slope }: Parameters,
  residuals: Float64Array,
  states: States,
): boolean {
  const multiplicativeError = form.error === 'M';
  const multiplicativeSeason = form.season === 'M';
  const hasSeason = form.season !== 'N';
  const { seasonal } = states;
  let level = firstLevel;
  let trend = slope;
  let logarithms = 0;
  for (let time = 0; time < values.length; time++) {
    states.level[time] = level;
    states.trend[time] = trend;
    const damped = phi * trend;
    const base = level + damped;
    const index = hasSeason ? seasonal[time]! : 0;
    const expected = multiplicativeSeason ? base * index : base + index;
    const residual = values[time]! - expected;
    if (multiplicativeError) {
      if (!(expected > 0)) return false;
      residuals[time] = residual / expected;
      logarithms += Math.log(expected);
    } else residuals[time] = residual;
    if (multiplicativeSeason) {
      if (!(base > 0 && index > 0)) return false;
      const step = residual / index;
      level = base + alpha * step;
      trend = damped + beta * step;
      seasonal[time + season] = index + (gamma * residual) / base;
    } else {
      level = base + alpha * residual;
      trend = damped + beta * residual;
      if (hasSeason) seasonal[time + season] = index + gamma * residual;
    }
  }
  states.level[values.length] = level;
  states.trend[values.length] = trend;
  if (multiplicativeError) {
    const scale = Math.exp(logarithms / values.length);
    for (let time = 0; time < values.length; time++) residuals[time] = residuals[time]! * scale;
  }
  return true;
}

function startLine(values: Float64Array, season: number, form: Form, indices: Float64Array) {
  const count = Math.min(values.length, Math.max(10, 2 * season));
  let sum = 0;
  let moment = 0;
  for (let time = 0; time < count; time++) {
    const index = form.season === 'N' ? 0 : indices[time % season]!;
    const adjusted = form.season === 'M' ? values[time]! / index : values[time]! - index;
    sum += adjusted;
    moment += adjusted * (time + 1);
  }
  const middle = (count + 1) / 2;
  const slope = count > 1 ? (moment - sum * middle) / ((count * (count * count - 1)) / 12) : 0;
  const mean = sum / count;
  return form.trend === 'N' ? { level: mean, slope: 0 } : { level: mean - slope * middle, slope };
}

function makeStates(length: number, season: number): States {
  return {
    level: new Float64Array(length + 1),
    trend: new Float64Array(length + 1),
    seasonal: new Float64Array(length + season),
  };
}

function fitForm(values: Float64Array, season: number, form: Form, scale: number): Candidate {
  const kind = form.season === 'M' ? 'multiplicative' : 'additive';
  const window = values.subarray(0, Math.min(values.length, 5 * season));
  const indices = form.season === 'N' ? new Float64Array(0) : seasonalIndices(window, season, kind);
  const { level, slope } = startLine(values, season, form, indices);
  const start = [stretch(0.3, ...shareRange), form.error === 'M' ? Math.max(level, scale) : level];
  const nudges = [1e-3, scale * 1e-3];
  if (form.trend !== 'N') {
    start.push(stretch(0.1, ...shareRange), slope);
    nudges.push(1e-3, scale * 1e-4);
  }
  if (form.trend === 'Ad') {
    start.push(stretch(0.95, ...phiRange));
    nudges.push(1e-3);
  }
  if (form.season !== 'N') {
    start.push(stretch(0.1, ...shareRange));
    nudges.push(1e-3);
    for (let index = 0; index < season - 1; index++) {
      start.push(indices[index]!);
      nudges.push(form.season === 'A' ? scale * 1e-3 : 1e-4);
    }
  }
  const states = makeStates(values.length, season);
  const { point, squares } = minimiseSquares({
    start,
    nudges,
    size: values.length,
    maxIterations: 20,
    residuals: (candidate, into) => {
      unpackSeason(form, candidate, season, states.seasonal);
      return filter(values, season, form, unpack(form, candidate), into, states);
    },
  });
  const count = start.length + 1;
  const spare = values.length - count - 1;
  const penalty = spare > 0 ? (2 * count * (count + 1)) / spare : Infinity;
  const likelihood = values.length * Math.log(squares + Number.MIN_VALUE);
  return { form, point, aicc: likelihood + 2 * count + penalty };
}

function listForms(values: Float64Array, season: number): Form[] {
  const positive = values.every((value) => value > 0);
  let seasons: Form['season'][] = positive ? ['A', 'M'] : ['A'];
  if (season < 2 || values.length < 2 * season + 6) seasons = ['N'];
  const forms: Form[] = [];
  for (const kind of seasons) {
    for (const trend of ['N', 'A', 'Ad'] as const) {
      if (kind !== 'M') forms.push({ error: 'A', trend, season: kind });
      if (positive) forms.push({ error: 'M', trend, season: kind });
    }
  }
  return forms;
}

/** Exponential smoothing whose error, trend (none, linear, damped) and season are chosen by corrected AIC. */
export function fitExponentialSmoothing(values: Float64Array, season: number): FittedMethod {
  let scale = 0;
  for (let time = 1; time < values.length; time++) scale += Math.abs(values[time]! - values[time - 1]!);
  scale = scale / (values.length - 1) || 1;
  let best: Candidate | undefined;
  for (const form of listForms(values, season)) {
    const candidate = fitForm(values, season, form, scale);
    if (!best || candidate.aicc < best.aicc) best = candidate;
  }
  const { form, point } = best!;
  const states = makeStates(values.length, season);
  const parameters = unpack(form, point);
  unpackSeason(form, point, season, states.seasonal);
  filter(values, season, form, parameters, new Float64Array(values.length), states);
  const { phi } = parameters;
  return {
    description: `ETS(${form.error},${form.trend},${form.season})`,
    warmUp: Math.min(season, values.length),
    forecastFrom(origin, horizon) {
      let damping = 0;
      let factor = 1;
      return Float64Array.from({ length: horizon }, (_, step) => {
        factor *= phi;
        damping += factor;
        const base = states.level[origin]! + damping * states.trend[origin]!;
        if (form.season === 'N') return base;
        const index = states.seasonal[origin + (step % season)]!;
        return form.season === 'M' ? base * index : base + index;
      });
    },
  };
}
