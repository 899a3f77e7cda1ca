import type { DataShape } from './choose-chart.ts';
import { hasInterval, type Material, unitOf } from './material.ts';
import { findForecast, measureChange, valuesOf } from './measure-series.ts';

/** What the choice of a chart of these series depends on. */
export function readShape(material: Material, ids: readonly string[], parts: boolean): DataShape {
  const outlooks = ids.map((id) => findForecast(material, id));
  // Shares are of means; all else draws the figures themselves.
  const figures = parts
    ? ids.flatMap((id) => {
        const change = measureChange(id, id, material);
        return change ? [change.before, change.after] : [-1];
      })
    : outlooks.flatMap(({ mean, lower95 }) => [mean.at(-1)!, ...lower95.slice(-1)]);
  const sizes = figures.map((figure) => Math.abs(figure)).filter((size) => size > 0);
  return {
    series: ids.length,
    points: Math.max(0, ...ids.map((id) => valuesOf(material, id).filter((value) => value !== null).length)),
    least: Math.min(...figures),
    most: Math.max(...figures),
    finest: sizes.length > 0 ? Math.min(...sizes) : 1,
    units: new Set(ids.map((id) => unitOf(material, id))).size,
    parts,
    intervals: outlooks.some((outlook) => hasInterval(outlook, 80) && hasInterval(outlook, 95)),
    tested: outlooks.filter(
      ({ backtest }) => Number.isFinite(backtest.mase) && Number.isFinite(backtest.naiveMase),
    ).length,
  };
}
