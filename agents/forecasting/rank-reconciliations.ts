import { countCovered, meanAbsoluteError, seasonalScale } from './accuracy.ts';
import type { MethodBacktest } from './backtest-series.ts';
import { reconcileForecasts, reconciliationNames, type ReconciliationName, type Sum } from './reconcile.ts';

export interface RankRequest {
  season: number;
  series: {
    id: string;
    values: (number | null)[];
    spread: number[];
    boundedAtZero: boolean;
    /** What was forecast from earlier origins. */
    forecasts: MethodBacktest['forecasts'];
  }[];
  sums: Sum[];
}

/** A way of making totals and parts add up, and how it would have done; nulls where that can't be known. */
export interface ReconciliationTrial {
  by: ReconciliationName;
  /** Mean absolute scaled error over all series, after reconciliation. */
  mase: number | null;
  /** Share of held-out values within the 95 % intervals, moved along with their forecasts. */
  coverage95: number | null;
}

/** A way further down the list has to be this much better to come first: those above it weigh what was measured. */
const leastGain = 0.01;

function tryOne(by: ReconciliationName, { season, series, sums }: RankRequest): ReconciliationTrial {
  const [first, ...others] = series.map(({ forecasts }) => forecasts.map(({ origin }) => origin));
  const shared = (first ?? []).filter((origin) => others.every((origins) => origins.includes(origin)));
  const errors: number[] = [];
  let covered = 0;
  let points = 0;
  for (const origin of shared) {
    const known = series.map((entry) => entry.forecasts.find((forecast) => forecast.origin === origin)!);
    const steps = Math.min(...known.map(({ point }) => point.length));
    const reconciled = reconcileForecasts({
      by,
      sums,
      series: series.map(({ id, spread, boundedAtZero }, index) => ({
        id,
        spread,
        boundedAtZero,
        point: known[index]!.point.slice(0, steps),
      })),
    }).series;
    series.forEach(({ values }, index) => {
      const actual = values.slice(origin, origin + steps);
      const history = values.slice(0, origin).filter((value) => value !== null);
      if (actual.some((value) => value === null) || history.length <= season) return;
      const { point, lower95, upper95 } = known[index]!;
      const after = reconciled[index]!.point;
      const move = (bounds: number[]) => after.map((value, step) => bounds[step]! + value - point[step]!);
      const scale = seasonalScale(history, season);
      if (scale > 0) errors.push(meanAbsoluteError(actual as number[], after) / scale);
      covered += countCovered(actual as number[], move(lower95), move(upper95));
      points += steps;
    });
  }
  const mase = errors.length > 0 ? errors.reduce((sum, error) => sum + error, 0) / errors.length : null;
  return { by, mase, coverage95: points > 0 ? covered / points : null };
}

/** Ways of making totals and parts add up, the one that would have forecast best from earlier origins first. */
export function rankReconciliations(request: RankRequest): ReconciliationTrial[] {
  const named = new Set(request.sums.flatMap(({ total, parts }) => [total, ...parts]));
  const series = request.series.filter(({ id }) => named.has(id));
  const nothing = (by: ReconciliationName) => ({ by, mase: null, coverage95: null });
  if (series.length === 0) return reconciliationNames.map(nothing);
  const trials = reconciliationNames.map((by) => tryOne(by, { ...request, series }));
  const best = trials.reduce((first, trial) =>
    trial.mase !== null && first.mase !== null && trial.mase < (1 - leastGain) * first.mase ? trial : first,
  );
  return [best, ...trials.filter((trial) => trial !== best)];
}
