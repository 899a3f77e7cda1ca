import type {
  ChangeBar,
  ChangeContent,
  ChartContent,
  OutlookContent,
  Panel,
  TrustContent,
} from './chart-content.ts';
import { meanOf } from './figures.ts';
import type { SeriesForecast } from '../forecasting/agent.ts';
import { labelSeries, type Material, unitOf } from './material.ts';
import type { ChartPlan } from './plan-charts.ts';

/** The figures that a planned chart shows. */
export function buildContent(plan: ChartPlan, material: Material): ChartContent {
  switch (plan.kind) {
    case 'outlook':
      return buildOutlook(plan, material);
    case 'change':
      return buildChange(plan, material);
    case 'trust':
      return buildTrust(plan, material);
  }
}

function buildOutlook(plan: ChartPlan, material: Material): OutlookContent {
  const { table, forecast } = material;
  const labels = labelSeries(material);
  // With too long a past the part ahead, which the chart is about, would be too narrow to read.
  const shown = Math.max(
    5 * table.season,
    4 * forecast.horizon,
    plan.series.length === 1 ? 10 * table.season : 0,
  );
  const valuesOf = (id: string): (number | null)[] => table.series.find((series) => series.id === id)!.values;
  // Where observation ended early, the picture reaches back to it.
  const ended = Math.min(...plan.series.map((id) => valuesOf(id).findLastIndex((value) => value !== null)));
  const from = Math.max(0, Math.min(table.periods.length - shown, ended - table.season));
  const panels = plan.series.map((id): Panel => {
    const outlook = findForecast(material, id);
    return {
      id,
      label: labels.get(id)!,
      unit: unitOf(material, id),
      periods: table.periods.slice(from),
      history: valuesOf(id).slice(from),
      forecastPeriods: forecast.periods,
      mean: outlook.mean,
      lower80: outlook.lower80,
      upper80: outlook.upper80,
      lower95: outlook.lower95,
      upper95: outlook.upper95,
      edited: outlook.edited,
    };
  });
  return { kind: 'outlook', title: plan.title, panels };
}

function findForecast(material: Material, id: string): SeriesForecast {
  return material.forecast.series.find((series) => series.id === id)!;
}

interface Pair {
  observed: number;
  mean: number;
  lower80: number;
  upper80: number;
}

/**
 * The last season forecast beside the same periods of the last season observed; with less than a season ahead, only
 * the periods that are forecast. Periods that were not observed count on neither side.
 */
function pairPeriods({ table, forecast }: Material, id: string): (Pair & { was: string; will: string })[] {
  const season = Math.max(1, table.season);
  const values = table.series.find((series) => series.id === id)!.values;
  const outlook = forecast.series.find((series) => series.id === id)!;
  const first = Math.max(0, forecast.periods.length - season);
  return forecast.periods.slice(first).flatMap((will, offset) => {
    const ahead = first + offset;
    const past = table.periods.length - season + (ahead % season);
    const observed = values[past];
    if (observed === null || observed === undefined) return [];
    const pair = {
      observed,
      mean: outlook.mean[ahead]!,
      lower80: outlook.lower80[ahead]!,
      upper80: outlook.upper80[ahead]!,
    };
    return [{ ...pair, was: table.periods[past]!, will }];
  });
}

function buildChange(plan: ChartPlan, material: Material): ChangeContent {
  const { table, forecast } = material;
  const labels = labelSeries(material);
  const units = new Set(plan.series.map((id) => unitOf(material, id)));
  const measure = units.size === 1 ? 'absolute' : 'percent';
  const omitted: ChangeContent['omitted'] = [];
  const bars: ChangeBar[] = [];
  for (const id of plan.series) {
    const bar = measureChange(id, labels.get(id)!, material);
    if (!bar)
      omitted.push({ label: labels.get(id)!, reason: 'nothing ahead has a like period that was observed' });
    else if (measure === 'percent' && bar.percent === null)
      omitted.push({ label: bar.label, reason: 'a change in percent needs a positive figure to start from' });
    else bars.push(bar);
  }
  const rank = (bar: ChangeBar): number => (measure === 'percent' ? bar.percent! : bar.change);
  const kept = bars.filter((bar) => !plan.rest.includes(bar.id)).toSorted((a, b) => rank(b) - rank(a));
  const rest = bars.filter((bar) => plan.rest.includes(bar.id));
  if (rest.length > 0) kept.push(addBars(rest));
  const season = Math.max(1, table.season);
  const first = Math.max(0, forecast.periods.length - season);
  const ahead = forecast.periods.slice(first);
  const past = ahead
    .map((_, offset) => table.periods.length - season + ((first + offset) % season))
    .toSorted((a, b) => a - b);
  return {
    kind: 'change',
    title: plan.title,
    measure,
    unit: measure === 'absolute' ? ([...units][0] ?? null) : null,
    before: { from: table.periods[past[0]!] ?? '', to: table.periods[past.at(-1)!] ?? '' },
    after: { from: ahead[0] ?? '', to: ahead.at(-1) ?? '' },
    bars: kept,
    omitted,
  };
}

/** What a series is expected to change by, or null where nothing can be compared. */
export function measureChange(id: string, label: string, material: Material): ChangeBar | null {
  const pairs = pairPeriods(material, id);
  const before = meanOf(pairs.map((pair) => pair.observed));
  const after = meanOf(pairs.map((pair) => pair.mean));
  const last = pairs.at(-1);
  if (before === null || after === null || !last) return null;
  const change = after - before;
  return {
    id,
    label,
    before,
    after,
    change,
    percent: before > 0 ? (100 * change) / before : null,
    clear: last.observed < last.lower80 || last.observed > last.upper80,
  };
}

function addBars(bars: ChangeBar[]): ChangeBar {
  const sum = (pick: (bar: ChangeBar) => number): number => bars.reduce((total, bar) => total + pick(bar), 0);
  const before = sum((bar) => bar.before);
  const change = sum((bar) => bar.change);
  return {
    id: '',
    label: `The other ${bars.length} together`,
    before,
    after: sum((bar) => bar.after),
    change,
    percent: before > 0 ? (100 * change) / before : null,
    // Intervals of single series can't be added up, so nothing is claimed for their sum.
    clear: false,
  };
}

function buildTrust(plan: ChartPlan, material: Material): TrustContent {
  const labels = labelSeries(material);
  const omitted: TrustContent['omitted'] = [];
  const rows: TrustContent['rows'] = [];
  for (const id of plan.series) {
    const { method, backtest, trust } = findForecast(material, id);
    const label = labels.get(id)!;
    if (!Number.isFinite(backtest.mase) || !Number.isFinite(backtest.naiveMase))
      omitted.push({ label, reason: 'its backtest gave no finite error' });
    else rows.push({ id, label, method, ...pickBacktest(backtest), trust });
  }
  return { kind: 'trust', title: plan.title, rows: rows.toSorted((a, b) => a.mase - b.mase), omitted };
}

function pickBacktest({
  mase,
  naiveMase,
  coverage95,
  origins,
}: SeriesForecast['backtest']): SeriesForecast['backtest'] {
  return { mase, naiveMase, coverage95, origins };
}
