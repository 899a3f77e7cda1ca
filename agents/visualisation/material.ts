import type { SeriesTable } from '../data-gathering/agent.ts';
import type { Forecast } from '../forecasting/agent.ts';
import { showInvisible } from './visible-text.ts';

/** What a report is made from. */
export interface Material {
  table: SeriesTable;
  forecast: Forecast;
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

/** Why a series can't be drawn, or null if it can: figures must be finite, of one length, and in order. */
export function findFault({ table, forecast }: Material, id: string): string | null {
  const history = table.series.find((series) => series.id === id);
  const outlook = forecast.series.find((series) => series.id === id);
  if (!history) return 'it is not in the table of series';
  if (!outlook) return 'it has no forecast';
  if (forecast.periods.length === 0) return 'the forecast has no periods';
  if (!history.values.some((value) => value !== null)) return 'it has no observed figures';
  if (history.values.some((value) => value !== null && !Number.isFinite(value)))
    return 'an observed figure is not a finite number';
  const lines = [outlook.lower95, outlook.lower80, outlook.mean, outlook.upper80, outlook.upper95];
  if (lines.some((line) => line.length !== forecast.periods.length))
    return `its forecast does not have ${forecast.periods.length} figures in each line`;
  if (lines.some((line) => line.some((value) => !Number.isFinite(value))))
    return 'a forecast figure is not a finite number';
  // Differences and sums of such figures would be infinite, and nothing could be drawn to scale.
  if ([...history.values, ...lines.flat()].some((value) => Math.abs(value ?? 0) > 1e150))
    return 'a figure is too large to draw';
  for (const [inner, outer] of [
    [outlook.upper80, outlook.upper95],
    [outlook.lower95, outlook.lower80],
    [outlook.lower80, outlook.upper80],
  ] as const) {
    if (inner.some((value, index) => value > outer[index]! + 1e-9 * Math.abs(value)))
      return 'its intervals do not lie within one another';
  }
  return null;
}

/** What the data calls its periods, and the span over which they repeat: months and year, days and week. */
export function nameSpans({ frequency, season }: SeriesTable): { one: string; many: string; span: string } {
  const one = { yearly: 'year', quarterly: 'quarter', monthly: 'month', weekly: 'week', daily: 'day' }[
    frequency
  ];
  const perYear = { yearly: 1, quarterly: 4, monthly: 12, weekly: 52, daily: 365 }[frequency];
  const week = frequency === 'daily' && season === 7;
  const span = season === perYear ? 'year' : week ? 'week' : season === 1 ? one : `${season} ${one}s`;
  return { one, many: `${one}s`, span };
}
