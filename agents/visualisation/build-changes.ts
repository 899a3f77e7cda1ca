import type {
  ChangeBar,
  ChangeContent,
  Omission,
  RelationContent,
  SpreadContent,
  TrustContent,
} from './chart-content.ts';
import { niceScale } from './figures.ts';
import { labelSeries, type Material, nameSpans, unitOf } from './material.ts';
import { findForecast, findSpans, measureChange } from './measure-series.ts';
import type { ChartPlan } from './plan-charts.ts';
import { correlateRanks, quantileOf } from './statistics.ts';
import { shortenName } from './visible-text.ts';
import { type Wording, wordingOf } from './wording/wording.ts';

export function buildChange(plan: ChartPlan, material: Material): ChangeContent {
  const wording = wordingOf(material.language);
  const units = new Set(plan.peers.map((id) => unitOf(material, id)));
  const measure = units.size === 1 ? 'absolute' : 'percent';
  const { bars, omitted } = measureChanges(plan.series, material, measure === 'percent');
  const ranked = rankChanges(bars, measure);
  const kept = ranked.filter((bar) => !plan.rest.includes(bar.id));
  const rest = bars.filter((bar) => plan.rest.includes(bar.id));
  if (rest.length > 0) kept.push(addBars(rest, wording.picture.rest(rest.length)));
  const all = rankChanges(measureChanges(plan.peers, material, measure === 'percent').bars, measure);
  return {
    kind: 'change',
    title: titleChanges(all, measure, wording) ?? plan.topic,
    topic: plan.topic,
    measure,
    unit: measure === 'absolute' ? ([...units][0] ?? null) : null,
    ...findSpans(material),
    bars: kept,
    omitted,
  };
}

/** The changes of these series, and why some have none. */
export function measureChanges(
  ids: readonly string[],
  material: Material,
  inPercent: boolean,
): { bars: ChangeBar[]; omitted: Omission[] } {
  const labels = labelSeries(material);
  const omitted: Omission[] = [];
  const bars = ids.flatMap((id) => {
    const label = labels.get(id)!;
    const bar = measureChange(id, label, material);
    if (!bar) omitted.push({ label, reason: 'noLikePeriod' });
    else if (inPercent && bar.percent === null) omitted.push({ label, reason: 'noPositiveStart' });
    else return [bar];
    return [];
  });
  return { bars, omitted };
}

function rankChanges(bars: readonly ChangeBar[], measure: 'absolute' | 'percent'): ChangeBar[] {
  const rank = (bar: ChangeBar): number => (measure === 'percent' ? bar.percent! : bar.change);
  return bars.toSorted((a, b) => rank(b) - rank(a));
}

/** Whether the ends of ranked changes are a rise and a fall, rises alone, or falls alone. */
export function compareEnds(top: ChangeBar, bottom: ChangeBar): 'both' | 'rise' | 'fall' {
  return top.change > 0 && bottom.change < 0 ? 'both' : top.change > 0 ? 'rise' : 'fall';
}

function titleChanges(
  ranked: readonly ChangeBar[],
  measure: 'absolute' | 'percent',
  { format, phrases, titles }: Wording,
): string | null {
  const [top, bottom] = [ranked[0], ranked.at(-1)];
  if (!top || !bottom) return null;
  const tell = (bar: ChangeBar): string =>
    phrases.aside(
      shortenName(bar.label),
      measure === 'percent' ? format.percent(bar.percent) : format.change(bar.change),
    );
  if (top === bottom) return titles.oneChange(tell(top));
  return titles.changes(tell(top), tell(bottom), compareEnds(top, bottom));
}

function addBars(bars: ChangeBar[], label: string): ChangeBar {
  const sum = (pick: (bar: ChangeBar) => number): number => bars.reduce((total, bar) => total + pick(bar), 0);
  const before = sum((bar) => bar.before);
  const change = sum((bar) => bar.change);
  return {
    id: '',
    label,
    before,
    after: sum((bar) => bar.after),
    change,
    percent: before > 0 ? (100 * change) / before : null,
    // Intervals of single series can't be added up, so nothing is claimed for their sum.
    clear: false,
  };
}

/** Bins so that most changes fall into a dozen of even width; the few far out are counted in the outermost. */
export function buildSpread(plan: ChartPlan, material: Material): SpreadContent {
  const { bars, omitted } = measureChanges(plan.series, material, true);
  const values = bars
    .map(({ label, percent }) => ({ label, percent: percent! }))
    .toSorted((a, b) => a.percent - b.percent);
  const sorted = values.map(({ percent }) => percent);
  const { titles } = wordingOf(material.language);
  if (sorted.length === 0)
    return {
      kind: 'spread',
      title: plan.topic,
      topic: plan.topic,
      values,
      bins: [],
      open: { below: false, above: false },
      omitted,
    };
  const { min, max, interval } = niceScale([quantileOf(sorted, 0.02), quantileOf(sorted, 0.98)], 12);
  const count = Math.max(1, Math.round((max - min) / interval));
  const bins = Array.from({ length: count }, (_, at) => ({
    from: min + at * interval,
    to: min + (at + 1) * interval,
    count: 0,
  }));
  for (const percent of sorted)
    bins[Math.min(count - 1, Math.max(0, Math.floor((percent - min) / interval)))]!.count += 1;
  return {
    kind: 'spread',
    title: titles.spreadOut(sorted.length, quantileOf(sorted, 0.25), quantileOf(sorted, 0.75)),
    topic: plan.topic,
    values,
    bins,
    open: { below: sorted[0]! < min, above: sorted.at(-1)! > max },
    omitted,
  };
}

export function buildRelation(plan: ChartPlan, material: Material): RelationContent {
  const { bars, omitted } = measureChanges(plan.series, material, true);
  const points = bars.map(({ id, label, after, percent }) => ({ id, label, size: after, percent: percent! }));
  const correlation = correlateRanks(points.map(({ size, percent }) => [size, percent]));
  return {
    kind: 'relation',
    title: wordingOf(material.language).titles.related(correlation),
    topic: plan.topic,
    unit: plan.series.length > 0 ? unitOf(material, plan.series[0]!) : null,
    axis: plan.axis === 'log' && points.every(({ size }) => size > 0) ? 'log' : 'linear',
    points: points.toSorted((a, b) => b.size - a.size),
    correlation,
    omitted,
  };
}

export function buildTrust(plan: ChartPlan, material: Material): TrustContent {
  const { titles } = wordingOf(material.language);
  const labels = labelSeries(material);
  const omitted: Omission[] = [];
  const rows = plan.series.flatMap((id) => {
    const { method, backtest, trust } = findForecast(material, id);
    const label = labels.get(id)!;
    const { mase, naiveMase, coverage95, origins } = backtest;
    if (Number.isFinite(mase) && Number.isFinite(naiveMase))
      return [{ id, label, method, mase, naiveMase, coverage95, origins, trust }];
    omitted.push({ label, reason: 'noFiniteError' });
    return [];
  });
  const better = rows.filter(({ mase, naiveMase }) => mase < naiveMase).length;
  const poor = rows.filter(({ trust }) => trust === 'poor').length;
  return {
    kind: 'trust',
    title: rows.length > 0 ? titles.trusted(better, rows.length, nameSpans(material).span, poor) : plan.topic,
    topic: plan.topic,
    rows: rows.toSorted((a, b) => a.mase - b.mase),
    omitted,
  };
}
