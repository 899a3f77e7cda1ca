import { compareEnds, measureChanges } from './build-changes.ts';
import type { ChangeBar } from './chart-content.ts';
import { findFault, labelSeries, type Material, nameSpans, placeSeries, unitOf } from './material.ts';
import { endRange, findForecast, measureEnd } from './measure-series.ts';
import { wordingOf } from './wording/wording.ts';

/** The report in a few sentences, each figure of them computed from the data. */
export function summarise(material: Material): string[] {
  const { forecast, table } = material;
  const { summary } = wordingOf(material.language);
  const drawable = forecast.series.filter((series) => findFault(material, series.id) === null);
  if (drawable.length === 0) return [summary.nothing];
  const leftOut = table.leftOut.length + forecast.leftOut.length;
  return [
    ...summariseTotals(material),
    ...summariseChanges(material),
    ...summariseTrust(material),
    ...summariseEdits(material),
    ...(leftOut > 0 ? [summary.leftOut(leftOut)] : []),
  ];
}

function summariseTotals(material: Material): string[] {
  const { format, summary } = wordingOf(material.language);
  const { roots, leaves } = placeSeries(material);
  const heads = (roots.length > 0 ? roots : leaves.length <= 3 ? leaves : []).slice(0, 3);
  return heads.flatMap((id) => {
    if (findFault(material, id)) return [];
    const range = endRange(findForecast(material, id), 95);
    return [
      summary.total(measureEnd(id, material), range && [format.figure(range[0]), format.figure(range[1])]),
    ];
  });
}

function summariseChanges(material: Material): string[] {
  const { format, phrases, summary } = wordingOf(material.language);
  const leaves = placeSeries(material).leaves.filter((id) => findFault(material, id) === null);
  const { bars: changes } = measureChanges(leaves, material, false);
  if (changes.length < 2) return [];
  const alike = new Set(leaves.map((id) => unitOf(material, id))).size === 1;
  const ranked = alike
    ? changes.toSorted((a, b) => b.change - a.change)
    : changes.filter((bar) => bar.percent !== null).toSorted((a, b) => b.percent! - a.percent!);
  const [top, bottom] = [ranked[0], ranked.at(-1)];
  if (!top || !bottom) return [];
  const tell = (bar: ChangeBar): string =>
    phrases.aside(
      bar.label,
      alike
        ? phrases.list([format.change(bar.change), format.percent(bar.percent)])
        : format.percent(bar.percent),
    );
  const { span } = nameSpans(material);
  const mean = material.table.season === 1 ? summary.figureOf(span) : summary.meanOf(span);
  return [
    phrases.sentences([
      summary.extremes(mean, tell(top), tell(bottom), compareEnds(top, bottom)),
      summary.clear(changes.length, changes.filter((bar) => bar.clear).length, span),
    ]),
  ];
}

function summariseTrust(material: Material): string[] {
  const { series } = material.forecast;
  const { phrases, summary } = wordingOf(material.language);
  const tested = series.filter(
    ({ backtest }) => Number.isFinite(backtest.mase) && Number.isFinite(backtest.naiveMase),
  );
  if (tested.length === 0) return [summary.untested];
  const better = tested.filter(({ backtest }) => backtest.mase < backtest.naiveMase).length;
  const worst = tested.toSorted((a, b) => b.backtest.mase - a.backtest.mase)[0]!;
  return [
    phrases.sentences([
      `${summary.tested(better, tested.length, nameSpans(material).span)}${summary.worst(labelSeries(material).get(worst.id)!, worst.backtest.mase.toFixed(2))}`,
      summary.poor(series.filter(({ trust }) => trust === 'poor').length),
    ]),
  ];
}

function summariseEdits(material: Material): string[] {
  const labels = labelSeries(material);
  const edited = material.forecast.series
    .filter((series) => series.edited)
    .map((series) => labels.get(series.id)!);
  return edited.length === 0 ? [] : [wordingOf(material.language).summary.edited(edited)];
}
