import type { SeriesForecast } from '../forecasting/agent.ts';
import type { ChangeBar, End } from './chart-content.ts';
import { meanOf } from './figures.ts';
import { hasInterval, labelSeries, type Material, unitOf } from './material.ts';

export function findForecast(material: Material, id: string): SeriesForecast {
  return material.forecast.series.find((series) => series.id === id)!;
}

export function valuesOf(material: Material, id: string): (number | null)[] {
  return material.table.series.find((series) => series.id === id)!.values;
}

/** The mean of the last season observed: what an index calls 100. */
export function measureBase(material: Material, id: string): number | null {
  const values = valuesOf(material, id);
  const last = values.findLastIndex((value) => value !== null);
  const from = Math.max(0, last + 1 - Math.max(1, material.table.season));
  return meanOf(values.slice(from, last + 1).filter((value) => value !== null));
}

/** A bound of an interval at the end of the forecast; null where none is stated. */
export function endRange(outlook: SeriesForecast, level: 80 | 95): [number, number] | null {
  if (!hasInterval(outlook, level)) return null;
  return [outlook[`lower${level}`].at(-1)!, outlook[`upper${level}`].at(-1)!];
}

/** The last figure ahead beside the like period of the last season observed, or else the last that was observed. */
export function measureEnd(id: string, material: Material): End {
  const { table, forecast } = material;
  const outlook = findForecast(material, id);
  const values = valuesOf(material, id);
  const ahead = forecast.periods.length - 1;
  const season = Math.max(1, table.season);
  const like = table.periods.length - season + (ahead % season);
  const at = (values[like] ?? null) === null ? values.findLastIndex((value) => value !== null) : like;
  const was = values[at]!;
  const range = endRange(outlook, 80);
  return {
    id,
    label: labelSeries(material).get(id)!,
    unit: unitOf(material, id),
    was,
    wasPeriod: table.periods[at]!,
    will: outlook.mean[ahead]!,
    period: forecast.periods[ahead]!,
    clear: range !== null && (was < range[0] || was > range[1]),
  };
}

/** From and to of the last season ahead, and of the periods observed that are like it. */
export function findSpans({ table, forecast }: Material): {
  before: { from: string; to: string };
  after: { from: string; to: string };
} {
  const season = Math.max(1, table.season);
  const first = Math.max(0, forecast.periods.length - season);
  const ahead = forecast.periods.slice(first);
  const past = ahead
    .map((_, offset) => table.periods.length - season + ((first + offset) % season))
    .toSorted((a, b) => a - b);
  return {
    before: { from: table.periods[past[0]!] ?? '', to: table.periods[past.at(-1)!] ?? '' },
    after: { from: ahead[0] ?? '', to: ahead.at(-1) ?? '' },
  };
}

/**
 * The last season forecast beside the same periods of the last season observed; with less than a season ahead, only
 * the periods that are forecast. Periods that were not observed count on neither side.
 */
function pairPeriods(material: Material, id: string): { observed: number; mean: number; ahead: number }[] {
  const { table, forecast } = material;
  const season = Math.max(1, table.season);
  const values = valuesOf(material, id);
  const { mean } = findForecast(material, id);
  const first = Math.max(0, forecast.periods.length - season);
  return forecast.periods.slice(first).flatMap((_, offset) => {
    const ahead = first + offset;
    const observed = values[table.periods.length - season + (ahead % season)];
    return observed === null || observed === undefined ? [] : [{ observed, mean: mean[ahead]!, ahead }];
  });
}

/** What a series is expected to change by, or null where nothing can be compared. */
export function measureChange(id: string, label: string, material: Material): ChangeBar | null {
  const pairs = pairPeriods(material, id);
  const before = meanOf(pairs.map((pair) => pair.observed));
  const after = meanOf(pairs.map((pair) => pair.mean));
  const last = pairs.at(-1);
  if (before === null || after === null || !last) return null;
  const change = after - before;
  const outlook = findForecast(material, id);
  return {
    id,
    label,
    before,
    after,
    change,
    percent: before > 0 ? (100 * change) / before : null,
    clear:
      hasInterval(outlook, 80) &&
      (last.observed < outlook.lower80[last.ahead]! || last.observed > outlook.upper80[last.ahead]!),
  };
}
