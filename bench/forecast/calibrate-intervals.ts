import { countCovered, intervalScore, seasonalScale } from '../../agents/forecasting/accuracy.ts';
import { createSeriesFits } from '../../agents/forecasting/forecast-series.ts';
import {
  measureErrors,
  measureStretch,
  type ErrorProfile,
  type Level,
} from '../../agents/forecasting/methods/intervals.ts';
import { collections, readCollection } from './read-series.ts';

const windows = 4;
const scales = ['relative', 'absolute'] as const;

interface Case {
  window: string;
  scale: ErrorProfile['scale'];
  points: Float64Array;
  /** One times the factor. */
  reach: Float64Array;
  future: number[];
  unit: number;
  boundedAtZero: boolean;
}

interface Score {
  loss: number;
  covered: number;
  count: number;
}

function boundsOf({ scale, points, reach, boundedAtZero }: Case, factor: number) {
  const lower: number[] = [];
  const upper: number[] = [];
  points.forEach((value, step) => {
    const point = boundedAtZero ? Math.max(0, value) : value;
    const far = factor * reach[step]!;
    const relative = scale === 'relative' && point > 0;
    lower.push(relative ? point * Math.exp(-far) : boundedAtZero ? Math.max(0, point - far) : point - far);
    upper.push(relative ? point * Math.exp(far) : point + far);
  });
  return { lower, upper };
}

function scoreCase(entry: Case, factor: number, level: Level): Score {
  const { future, unit } = entry;
  const bounds = boundsOf(entry, factor);
  return {
    loss: intervalScore(future, bounds, level) / unit,
    covered: countCovered(future, bounds.lower, bounds.upper),
    count: future.length,
  };
}

function gatherCases(folder: string): Case[] {
  const cases: Case[] = [];
  for (const { name, season, horizon } of collections) {
    for (const { history } of readCollection(folder, { name, season, horizon }, false)) {
      for (let back = 1; back <= windows; back++) {
        const origin = history.length - back * horizon;
        if (origin < 3 * season) break;
        const values = Float64Array.from(history.slice(0, origin));
        const fits = createSeriesFits(values, { season, horizon }, 0);
        const fitted = fits.fit('combination');
        const profile = measureErrors(fitted, fits.cleaned, horizon, season);
        const stretch = measureStretch(fitted, fits.cleaned, profile, season);
        cases.push({
          window: `${name.toLowerCase()} ${back}`,
          scale: profile.scale,
          points: fitted.forecastFrom(origin, horizon),
          reach: profile.spread.map((spread) => stretch * spread),
          future: history.slice(origin, origin + horizon),
          unit: seasonalScale(values, season),
          boundedAtZero: values.every((value) => value >= 0),
        });
      }
    }
  }
  return cases;
}

/**
 * For each scale of errors and each level, the factor in agents/forecasting/methods/intervals.ts with the smallest mean
 * interval score over the last four windows of the training parts, in words. The test parts are never read for it.
 */
export function calibrateIntervals(folder: string): string {
  const cases = gatherCases(folder);
  const lines: string[] = [];
  const candidates = Array.from({ length: 131 }, (_, index) => 0.5 + 0.02 * index);
  for (const level of [95, 80] as const) {
    const coverage = new Map<string, Score>();
    for (const scale of scales) {
      const group = cases.filter((entry) => entry.scale === scale);
      const losses = candidates.map((factor) =>
        group.reduce((sum, entry) => sum + scoreCase(entry, factor, level).loss, 0),
      );
      const best = candidates[losses.indexOf(Math.min(...losses))]!;
      lines.push(`${level} %, ${scale}: ${best.toFixed(2)} (${group.length} windows)`);
      for (const entry of group) {
        const { covered, count } = scoreCase(entry, best, level);
        const known = coverage.get(entry.window) ?? { loss: 0, covered: 0, count: 0 };
        known.covered += covered;
        known.count += count;
        coverage.set(entry.window, known);
      }
    }
    const shares = [...coverage]
      .toSorted(([left], [right]) => left.localeCompare(right))
      .map(([window, { covered, count }]) => `${window}: ${((100 * covered) / count).toFixed(1)}`);
    lines.push(`  within, by window counted from the end: ${shares.join(', ')}`);
  }
  return lines.join('\n');
}
