import type { OddsContent, ShareRow, SharesContent, SizesContent } from './chart-content.ts';
import { labelSeries, type Material, unitOf } from './material.ts';
import { endRange, findForecast, findSpans, measureChange, measureEnd } from './measure-series.ts';
import { type ChartPlan, most } from './plan-charts.ts';
import { readOutcomes } from './statistics.ts';
import { shortenName } from './visible-text.ts';
import { wordingOf } from './wording/wording.ts';

/** How large each series is expected to be in the last period ahead. */
export function buildSizes(plan: ChartPlan, material: Material): SizesContent {
  const { format, titles } = wordingOf(material.language);
  const labels = labelSeries(material);
  const read = (ids: readonly string[]): SizesContent['rows'] =>
    ids
      .map((id) => {
        const outlook = findForecast(material, id);
        return {
          id,
          label: labels.get(id)!,
          mean: outlook.mean.at(-1)!,
          range80: endRange(outlook, 80),
          range95: endRange(outlook, 95),
          naive: outlook.naive.at(-1) ?? null,
        };
      })
      .toSorted((a, b) => b.mean - a.mean);
  const [largest] = read(plan.peers);
  const unit = unitOf(material, plan.series[0]!);
  const period = material.forecast.periods.at(-1)!;
  return {
    kind: 'sizes',
    title: largest
      ? titles.largest(shortenName(largest.label), format.amount(largest.mean, unit), format.period(period))
      : plan.topic,
    topic: plan.topic,
    unit,
    period,
    axis: plan.axis,
    rows: read(plan.series),
  };
}

/** Parts as percent of what they add up to, before and ahead; beyond the largest the rest is one row. */
export function buildShares(plan: ChartPlan, material: Material): SharesContent {
  const { picture, titles } = wordingOf(material.language);
  const labels = labelSeries(material);
  const changes = plan.series.flatMap((id) => measureChange(id, labels.get(id)!, material) ?? []);
  const [before, after] = [
    changes.reduce((sum, bar) => sum + bar.before, 0),
    changes.reduce((sum, bar) => sum + bar.after, 0),
  ];
  const rows = changes
    .map((bar): ShareRow => ({
      id: bar.id,
      label: bar.label,
      before: (100 * bar.before) / before,
      after: (100 * bar.after) / after,
    }))
    .toSorted((a, b) => b.after - a.after);
  const moved = rows.toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))[0];
  const rest = rows.length > most.shares ? rows.splice(most.shares - 1) : [];
  const [first] = rows;
  if (rest.length > 0)
    rows.push({
      id: '',
      label: picture.rest(rest.length),
      before: rest.reduce((sum, row) => sum + row.before, 0),
      after: rest.reduce((sum, row) => sum + row.after, 0),
    });
  return {
    kind: 'shares',
    title:
      first && moved
        ? titles.shared(
            { ...first, label: shortenName(first.label) },
            { ...moved, label: shortenName(moved.label) },
          )
        : plan.topic,
    topic: plan.topic,
    whole: labels.get(plan.whole!)!,
    ...findSpans(material),
    rows,
  };
}

/** The last figure ahead of one series as outcomes that can be counted. */
export function buildOdds(plan: ChartPlan, material: Material): OddsContent {
  const { titles } = wordingOf(material.language);
  const [id] = plan.series;
  const end = measureEnd(id!, material);
  const outlook = findForecast(material, id!);
  const [range80, range95] = [endRange(outlook, 80)!, endRange(outlook, 95)!];
  const outcomes = readOutcomes(end.will, range80, range95);
  return {
    kind: 'odds',
    title: titles.chances(outcomes.filter((outcome) => outcome > end.was).length, {
      ...end,
      label: shortenName(end.label),
    }),
    topic: plan.topic,
    end,
    outcomes,
    range80,
    range95,
    naive: outlook.naive.at(-1) ?? null,
  };
}
