import type { SeriesTable } from '../data-gathering/agent.ts';
import type { Forecast, SeriesForecast } from '../forecasting/agent.ts';
import type { Language } from './agent.ts';
import { showInvisible } from './visible-text.ts';
import { type Wording, wordingOf } from './wording/wording.ts';

/** What a report is made from, and the language that it speaks. */
export interface Material {
  table: SeriesTable;
  forecast: Forecast;
  language: Language;
}

/** Series ids by their place: totals that are part of nothing, totals within totals, and what has no parts. */
export interface Places {
  roots: string[];
  middles: string[];
  leaves: string[];
}

/** Where each forecast series stands; a total of which no part was forecast counts as a leaf. */
export function placeSeries({ table, forecast }: Material): Places {
  const known = new Set(forecast.series.map((series) => series.id));
  const sums = table.hierarchy.filter((sum) => sum.parts.some((part) => known.has(part)));
  const totals = new Set(sums.map((sum) => sum.total));
  const parts = new Set(sums.flatMap((sum) => sum.parts));
  const ids = [...known];
  return {
    roots: ids.filter((id) => totals.has(id) && !parts.has(id)),
    middles: ids.filter((id) => totals.has(id) && parts.has(id)),
    leaves: ids.filter((id) => !totals.has(id)),
  };
}

/** Labels fit to be shown, by series id; series of one label get their id beside it. */
export function labelSeries({ table, forecast }: Material): Map<string, string> {
  const raw = new Map([...table.series, ...forecast.series].map((series) => [series.id, series.label]));
  const count = new Map<string, number>();
  for (const label of raw.values()) count.set(label, (count.get(label) ?? 0) + 1);
  return new Map(
    [...raw].map(([id, label]) => {
      const shown = label.trim() === '' ? id : count.get(label) === 1 ? label : `${label} (${id})`;
      return [id, showInvisible(shown)];
    }),
  );
}

/** The unit of a series as shown, or null where the data states none. */
export function unitOf({ table }: Material, id: string): string | null {
  const unit = table.series.find((series) => series.id === id)?.unit ?? table.unit;
  return unit === null || unit.trim() === '' ? null : showInvisible(unit);
}

/** Whether a forecast states an interval: not where its lines are left empty. */
export function hasInterval(outlook: SeriesForecast, level: 80 | 95): boolean {
  return outlook[`lower${level}`].length > 0 && outlook[`upper${level}`].length > 0;
}

/** Why a series can't be drawn, or null if it can: figures must be finite, of one length, and in order. */
export function findFault({ table, forecast, language }: Material, id: string): string | null {
  const { faults } = wordingOf(language).reasons;
  const history = table.series.find((series) => series.id === id);
  const outlook = forecast.series.find((series) => series.id === id);
  if (!history) return faults.notInTable;
  if (!outlook) return faults.noForecast;
  if (forecast.periods.length === 0) return faults.noPeriods;
  if (!history.values.some((value) => value !== null)) return faults.noObserved;
  if (history.values.some((value) => value !== null && !Number.isFinite(value)))
    return faults.observedNotFinite;
  const bounds = ([80, 95] as const).flatMap((level) =>
    hasInterval(outlook, level) ? [outlook[`lower${level}`], outlook[`upper${level}`]] : [],
  );
  const naive = outlook.naive.length > 0 ? [outlook.naive] : [];
  const lines = [outlook.mean, ...bounds, ...naive];
  if (lines.some((line) => line.length !== forecast.periods.length))
    return faults.lengths(forecast.periods.length);
  if (lines.some((line) => line.some((value) => !Number.isFinite(value)))) return faults.forecastNotFinite;
  // Differences and sums of such figures would be infinite, and nothing could be drawn to scale.
  if ([...history.values, ...lines.flat()].some((value) => Math.abs(value ?? 0) > 1e150))
    return faults.tooLarge;
  return isNested(outlook) ? null : faults.notNested;
}

function isNested(outlook: SeriesForecast): boolean {
  const { lower80, upper80, lower95, upper95 } = outlook;
  const pairs = [
    [lower80, upper80],
    [lower95, upper95],
    [upper80, upper95],
    [lower95, lower80],
  ] as const;
  return pairs.every(
    ([inner, outer]) =>
      outer.length === 0 || inner.every((value, index) => value <= outer[index]! + 1e-9 * Math.abs(value)),
  );
}

/** What the data calls its periods, and the span over which they repeat: months and year, days and week. */
export function nameSpans({ table, language }: Material): {
  one: string;
  many: (count?: number) => string;
  span: string;
} {
  const { frequency, season } = table;
  const { phrases }: Wording = wordingOf(language);
  const perYear = { yearly: 1, quarterly: 4, monthly: 12, weekly: 52, daily: 365 }[frequency];
  const week = frequency === 'daily' && season === 7;
  const one = phrases.one(frequency);
  return {
    one,
    many: (count) => phrases.many(frequency, count),
    span:
      season === perYear
        ? phrases.year
        : week
          ? phrases.week
          : season === 1
            ? one
            : phrases.several(season, frequency),
  };
}
