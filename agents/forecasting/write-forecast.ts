import type { Forecast, SeriesForecast } from './agent.ts';
import type { MethodName } from './methods/fit-method.ts';
import { nextPeriods } from './next-periods.ts';
import type { ForecastingState, Plan, Trial } from './state.ts';

const methodLabels: Record<MethodName, string> = {
  combination: 'combination of five methods',
  ets: 'exponential smoothing',
  ces: 'complex exponential smoothing',
  arima: 'seasonal ARIMA',
  theta: 'Theta',
  naive: 'seasonal naive',
};

const reconciliationLabels = {
  variance: 'minimum trace, weighted by the measured error variances',
  structural: 'minimum trace, weighted by the number of parts',
  bottomUp: 'bottom up',
} as const;

function findTrial({ trials, method }: Plan): Trial {
  return trials.find(({ backtest }) => backtest.method === method)!;
}

function judgeTrust({ verdict, backtest }: Trial): SeriesForecast['trust'] {
  if (verdict !== 'trusted') return 'poor';
  const { mase, naiveMase, coverage95 } = backtest;
  return mase <= 0.9 * naiveMase && coverage95 !== null && coverage95 >= 0.85 ? 'good' : 'fair';
}

/** Why this method, with the figures that speak for it and against those tried before it. */
function explainMethod(plan: Plan): string {
  const { backtest } = findTrial(plan);
  const { origins, horizon, mase, naiveMase } = backtest;
  const tested =
    origins === 0
      ? 'too short to be tested; errors are those of the fit'
      : `error ${mase.toFixed(2)} against ${naiveMase.toFixed(2)} naive, from ${origins} origins over ${horizon} steps`;
  const rejected = plan.trials
    .filter((trial) => trial.verdict !== 'trusted' && trial.backtest.method !== plan.method)
    .map(({ backtest: tried }) => `${methodLabels[tried.method]} (${tried.mase.toFixed(2)})`);
  const decided = plan.choice === null ? '' : ` A person decided so: ${plan.concern!.detail}.`;
  return `Backtest: ${tested}.${rejected.length > 0 ? ` Rejected before: ${rejected.join(', ')}.` : ''}${decided}`;
}

/** The finished artifact: reconciled figures, each interval moved along with its forecast. */
export function writeForecast(state: ForecastingState): Forecast {
  const { series: table, horizon, plans, forecasts, reconciled, reconciliations } = state;
  const series = forecasts.map((forecast, index): SeriesForecast => {
    const plan = plans.find(({ id }) => id === forecast.id)!;
    const { point, bounds, boundedAtZero } = forecast;
    const mean = reconciled[index]!.point;
    const move = (figures: number[]) =>
      figures.map((figure, step) => {
        const moved = figure + mean[step]! - point[step]!;
        return boundedAtZero ? Math.max(0, moved) : moved;
      });
    const { origins, mase, naiveMase, coverage95 } = findTrial(plan).backtest;
    return {
      id: plan.id,
      label: plan.label,
      method: methodLabels[forecast.method],
      reason: explainMethod(plan),
      mean,
      lower80: move(bounds[80].lower),
      upper80: move(bounds[80].upper),
      lower95: move(bounds[95].lower),
      upper95: move(bounds[95].upper),
      naive: forecast.naive,
      backtest: { mase, naiveMase, coverage95, origins },
      trust: judgeTrust(findTrial(plan)),
      edited: false,
    };
  });
  const present = new Set(series.map(({ id }) => id));
  const isWhole = ({ total, parts }: { total: string; parts: string[] }) =>
    [total, ...parts].every((id) => present.has(id));
  const newest = reconciliations.at(-1);
  return {
    horizon,
    season: table.season,
    periods: nextPeriods(table, horizon),
    levels: [80, 95],
    series,
    hierarchy: table.hierarchy.filter(isWhole),
    reconciliation: newest
      ? { method: reconciliationLabels[newest.by], maxGap: newest.largestGap }
      : { method: 'none: there are no totals and parts', maxGap: 0 },
    leftOut: plans.flatMap(({ id, leftOut }) => (leftOut === null ? [] : [{ id, reason: leftOut }])),
    notes: [
      ...forecasts.flatMap(({ id, filled }) =>
        filled > 0 ? [`${id}: ${filled} missing values were filled in.`] : [],
      ),
      ...table.hierarchy
        .filter((sum) => !isWhole(sum))
        .map(({ total, parts }) => {
          const absent = [total, ...parts].filter((id) => !present.has(id));
          return `${total} was not made equal to ${parts.join(' + ')}: without ${absent.join(', ')} that can't hold.`;
        }),
    ],
  };
}
