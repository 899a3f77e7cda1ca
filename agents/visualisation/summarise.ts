import { measureChange } from './build-content.ts';
import { formatChange, formatFigure, formatPercent, formatPeriod } from './figures.ts';
import { findFault, labelSeries, type Material, nameSpans, placeSeries, unitOf } from './material.ts';

/** The report in a few sentences, each figure of them computed from the data. */
export function summarise(material: Material): string[] {
  const { forecast, table } = material;
  const drawable = forecast.series.filter((series) => findFault(material, series.id) === null);
  if (drawable.length === 0) return ['No series could be forecast, so there is nothing to draw.'];
  return [
    ...summariseTotals(material),
    ...summariseChanges(material),
    ...summariseTrust(material),
    ...summariseEdits(material),
    ...(table.leftOut.length + forecast.leftOut.length > 0
      ? [
          `${count(table.leftOut.length + forecast.leftOut.length, 'column or series was', 'columns and series were')} left out; why stands below.`,
        ]
      : []),
  ];
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function summariseTotals(material: Material): string[] {
  const { forecast, table } = material;
  const labels = labelSeries(material);
  const { roots, leaves } = placeSeries(material);
  const heads = (roots.length > 0 ? roots : leaves.length <= 3 ? leaves : []).slice(0, 3);
  return heads.flatMap((id) => {
    if (findFault(material, id)) return [];
    const outlook = forecast.series.find((series) => series.id === id)!;
    const values = table.series.find((series) => series.id === id)!.values;
    const last = values.findLastIndex((value) => value !== null);
    const end = forecast.periods.length - 1;
    if (last < 0 || end < 0) return [];
    const unit = unitOf(material, id);
    const [was, will] = [values[last]!, outlook.mean[end]!];
    const percent =
      was > 0
        ? `, ${formatPercent((100 * (will - was)) / was)} on the ${formatFigure(was)} of ${formatPeriod(table.periods[last]!)}`
        : '';
    return [
      `${labels.get(id)!}: ${formatFigure(will)}${unit ? ` ${unit}` : ''} expected in ${formatPeriod(forecast.periods[end]!)}${percent}; 95 % interval ${formatFigure(outlook.lower95[end])} to ${formatFigure(outlook.upper95[end])}.`,
    ];
  });
}

function summariseChanges(material: Material): string[] {
  const labels = labelSeries(material);
  const { leaves } = placeSeries(material);
  const changes = leaves
    .filter((id) => findFault(material, id) === null)
    .flatMap((id) => measureChange(id, labels.get(id)!, material) ?? []);
  if (changes.length < 2) return [];
  const alike = new Set(leaves.map((id) => unitOf(material, id))).size === 1;
  const ranked = alike
    ? changes.toSorted((a, b) => b.change - a.change)
    : changes.filter((bar) => bar.percent !== null).toSorted((a, b) => b.percent! - a.percent!);
  const [top, bottom] = [ranked[0], ranked.at(-1)];
  if (!top || !bottom) return [];
  const tell = (bar: typeof top): string =>
    alike
      ? `${bar.label} (${formatChange(bar.change)}, ${formatPercent(bar.percent)})`
      : `${bar.label} (${formatPercent(bar.percent)})`;
  const { span } = nameSpans(material.table);
  const mean = material.table.season === 1 ? `a ${span}’s figure` : `the mean of a ${span}`;
  const clear = changes.filter((bar) => bar.clear).length;
  const extremes =
    top.change > 0 && bottom.change < 0
      ? `The largest rise of ${mean} is expected in ${tell(top)}, the largest fall in ${tell(bottom)}`
      : top.change > 0
        ? `The largest rise of ${mean} is expected in ${tell(top)}, the smallest in ${tell(bottom)}; none falls`
        : `The smallest fall of ${mean} is expected in ${tell(top)}, the largest in ${tell(bottom)}; none rises`;
  return [
    `${extremes}. Of ${changes.length} series, ${clear} ${clear === 1 ? 'ends' : 'end'} clearly away from where the last ${span} observed ended (outside the 80 % interval).`,
  ];
}

function summariseTrust(material: Material): string[] {
  const { series } = material.forecast;
  const labels = labelSeries(material);
  const tested = series.filter(
    ({ backtest }) => Number.isFinite(backtest.mase) && Number.isFinite(backtest.naiveMase),
  );
  if (tested.length === 0) return ['No forecast could be tested on the past.'];
  const better = tested.filter(({ backtest }) => backtest.mase < backtest.naiveMase).length;
  const worst = tested.toSorted((a, b) => b.backtest.mase - a.backtest.mase)[0]!;
  const poor = series.filter(({ trust }) => trust === 'poor').length;
  return [
    `Tested on the past, ${better} of ${tested.length} forecasts err less than repeating the last ${nameSpans(material.table).span} would; the largest error is that of ${labels.get(worst.id)!} (MASE ${worst.backtest.mase.toFixed(2)}). ${poor === 0 ? 'None is' : count(poor, 'is', 'are')} marked as poor.`,
  ];
}

function summariseEdits(material: Material): string[] {
  const labels = labelSeries(material);
  const edited = material.forecast.series
    .filter((series) => series.edited)
    .map((series) => labels.get(series.id)!);
  return edited.length === 0 ? [] : [`Figures edited by a person, not as computed: ${edited.join(', ')}.`];
}
