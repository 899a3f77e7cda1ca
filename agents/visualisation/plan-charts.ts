import type { Chart } from './agent.ts';
import { formatPeriod } from './figures.ts';
import { findFault, labelSeries, type Material, nameSpans, placeSeries, unitOf } from './material.ts';
import { fitLabels } from './visible-text.ts';

export type ChartKind = Chart['kind'];

/** What one chart is to show and how; plain JSON. */
export interface ChartPlan {
  id: string;
  kind: ChartKind;
  title: string;
  series: string[];
  /** Series drawn as one bar, as the rest of their total. */
  rest: string[];
  /** Widest label in pixels; null lets labels be as long as they are. */
  labelWidth: number | null;
  /** How many panels or label columns stand side by side on a wide page. */
  columns: number;
  revision: number;
}

export interface ChartsPlan {
  charts: ChartPlan[];
  leftOut: { label: string; reason: string }[];
}

/** Most panels, bars and rows that one chart can show and still be read. */
export const most = { outlook: 12, change: 20, trust: 24 } as const satisfies { [kind in ChartKind]: number };

/** Most series of one level that get pictures of their own: with hundreds a report would be too long to read. */
export const mostPictured = 48;

/**
 * The charts that answer a report's questions: where do the totals go, what about what they are made of, what
 * changes most, how far can it be trusted; only those of `kinds`, if given. Whether each can be read is found out once it's drawn.
 */
export function planCharts(material: Material, kinds?: readonly ChartKind[]): ChartsPlan {
  const { forecast } = material;
  const labels = labelSeries(material);
  const leftOut: ChartsPlan['leftOut'] = [];
  for (const series of forecast.series) {
    const fault = findFault(material, series.id);
    if (fault) leftOut.push({ label: labels.get(series.id)!, reason: `Not drawn: ${fault}.` });
  }
  const drawable = (ids: string[]): string[] => ids.filter((id) => findFault(material, id) === null);
  const places = placeSeries(material);
  const [roots, middles, leaves] = [places.roots, places.middles, places.leaves].map(drawable) as [
    string[],
    string[],
    string[],
  ];
  const until = forecast.periods.length > 0 ? ` to ${formatPeriod(forecast.periods.at(-1)!)}` : '';
  const { span } = nameSpans(material.table);
  const nested = roots.length + middles.length > 0;
  const nameOutlook = (id: string): string => `${fitLabels([labels.get(id)!], 600, 18)[0]!}: outlook${until}`;
  const charts: ChartPlan[] = [];
  const add = (id: string, kind: ChartKind, title: string, series: string[]): void => {
    if (series.length > 0 && (kinds?.includes(kind) ?? true))
      charts.push({ ...blank, id, kind, title, series, columns: chooseColumns(series.length) });
  };
  for (const [index, id] of roots.slice(0, 3).entries())
    add(`outlook-total-${index + 1}`, 'outlook', nameOutlook(id), [id]);
  add('outlook-totals', 'outlook', `Further totals: outlook${until}`, roots.slice(3));
  add('outlook-subtotals', 'outlook', `Subtotals: outlook${until}`, middles);
  const [only] = leaves;
  const pictured = takeLargest(leaves, material);
  const some =
    pictured.length < leaves.length ? `The ${mostPictured} largest ${nested ? 'parts' : 'series'}` : null;
  add(
    'outlook-parts',
    'outlook',
    !nested && leaves.length === 1
      ? nameOutlook(only!)
      : `${some ?? (nested ? 'Parts' : 'Series')}: outlook${until}`,
    pictured,
  );
  if (leaves.length > 1)
    add(
      'change',
      'change',
      `Change by ${nested ? 'part' : 'series'}: the last ${span} observed and the ${span} forecast`,
      addUp(material, leaves) ? leaves : pictured,
    );
  add(
    'trust',
    'trust',
    some ? 'How far to trust the forecasts shown' : 'How far to trust each forecast',
    drawable(forecast.series.map((series) => series.id)).filter(
      (id) => pictured.includes(id) || !leaves.includes(id),
    ),
  );
  return { charts, leftOut };
}

/** The largest series by what is expected of them in the end, in the order given. */
function takeLargest(ids: string[], { forecast }: Material): string[] {
  const size = new Map(forecast.series.map(({ id, mean }) => [id, Math.abs(mean.at(-1) ?? 0)]));
  const largest = new Set(ids.toSorted((a, b) => size.get(b)! - size.get(a)!).slice(0, mostPictured));
  return ids.filter((id) => largest.has(id));
}

const blank = { rest: [] as string[], labelWidth: null, revision: 0 };

function chooseColumns(panels: number): number {
  return panels === 1 ? 1 : panels <= 4 ? 2 : 3;
}

/** Whether the figures of these series may be added up: one unit, and parts of one total. */
export function addUp(material: Material, ids: readonly string[]): boolean {
  const units = new Set(ids.map((id) => unitOf(material, id)));
  if (units.size !== 1) return false;
  const parents = new Map<string, Set<string>>();
  for (const sum of material.table.hierarchy)
    for (const part of sum.parts) parents.set(part, (parents.get(part) ?? new Set()).add(sum.total));
  const above = (id: string, seen = new Set<string>()): Set<string> => {
    for (const parent of parents.get(id) ?? []) if (!seen.has(parent)) above(parent, seen.add(parent));
    return seen;
  };
  const [first, ...others] = ids.map((id) => above(id));
  return first !== undefined && [...first].some((total) => others.every((set) => set.has(total)));
}

/** `items` in as few groups of nearly equal size as keep each at `size` or less. */
export function splitEvenly<Item>(items: readonly Item[], size: number): Item[][] {
  const groups = Math.ceil(items.length / size);
  return Array.from({ length: groups }, (_, group) =>
    items.slice(
      Math.round((group * items.length) / groups),
      Math.round(((group + 1) * items.length) / groups),
    ),
  );
}
