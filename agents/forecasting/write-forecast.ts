import type { Forecast, SeriesForecast } from './agent.ts';
import type { MethodName } from './methods/fit-method.ts';
import { explainChoice } from './choose-method.ts';
import { classifyDemand, type Demand } from './classify-demand.ts';
import type { Unusual } from './find-unusual.ts';
import { seasonToUse } from './prepare-series.ts';
import type { SeriesTable } from '../data-gathering/agent.ts';
import { nextPeriods } from './next-periods.ts';
import type { ForecastingState, Plan, Trial } from './state.ts';

const methodLabels: Record<MethodName, string> = {
  combination: 'combination of five methods',
  ets: 'exponential smoothing',
  ces: 'complex exponential smoothing',
  arima: 'seasonal ARIMA',
  theta: 'Theta',
  naive: 'seasonal naive',
  croston: "Croston's method",
  sba: "Croston's method, unbiased (Syntetos, Boylan)",
  tsb: 'Teunter, Syntetos and Babai',
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

/** Why this method, with the figures that speak for it and against the others. */
function explainMethod(plan: Plan): string {
  const { backtest } = findTrial(plan);
  const { origins, horizon, mase, naiveMase, measure } = backtest;
  const tested =
    origins === 0
      ? 'too short to be tested; errors are those of the fit'
      : `error ${measure === 'cumulative' ? 'of the demand added up ' : ''}${mase.toFixed(2)} against ${naiveMase.toFixed(2)} naive, from ${origins} origins over ${horizon} steps`;
  const others = plan.trials.filter((trial) => trial.backtest.method !== plan.method);
  const list = (trials: Trial[]) =>
    trials
      .map(({ backtest: tried }) => `${methodLabels[tried.method]} (${tried.mase.toFixed(2)})`)
      .join(', ');
  const trusted = others.filter(({ verdict }) => verdict === 'trusted');
  const rejected = others.filter(({ verdict }) => verdict !== 'trusted');
  return [
    `Backtest: ${tested}.`,
    plan.choice === null ? explainChoice(plan.trials, backtest.method) : '',
    trusted.length > 0 ? `Beside it: ${list(trusted)}.` : '',
    rejected.length > 0 ? `Rejected: ${list(rejected)}.` : '',
    plan.choice === null ? '' : `A person decided so: ${plan.concern!.detail}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function roundFigure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** What stands out in a series, with date and size, and what was done about it. */
function describeUnusual(id: string, unusual: Unusual[], periods: string[]): string[] {
  return unusual.map(({ kind, at, observed, expected }) => {
    const [seen, usual] = [roundFigure(observed), roundFigure(expected)];
    return kind === 'outlier'
      ? `${id}: ${periods[at]} stands out: ${seen} where about ${usual} was to be expected. Methods were fitted to the latter; the data and the backtest keep what was observed.`
      : `${id}: the level moved from about ${usual} to about ${seen} in ${periods[at]} and stayed. Methods were fitted as if it had always been the newer one.`;
  });
}

/** Which series were too short for the table's season to be seen in them. */
function describeSeason(table: SeriesTable, forecasts: { id: string }[]): string[] {
  const without = forecasts.filter(({ id }) => {
    const series = table.series.find((entry) => entry.id === id)!;
    return seasonToUse(series, table.season) !== table.season;
  });
  if (without.length === 0) return [];
  const ids = without.map(({ id }) => id).join(', ');
  return [`Shorter than two seasons of ${table.season} periods, and forecast without any season: ${ids}.`];
}

function describeDemand(id: string, demand: Demand): string[] {
  if (demand.class === 'smooth') return [];
  return [
    `${id}: demand is ${demand.class}: once in ${demand.interval.toFixed(2)} periods (ADI), squared variation of sizes ${demand.variation.toFixed(2)} (CV²).`,
  ];
}

/** The finished artifact: reconciled figures, each interval moved along with its forecast. */
export function writeForecast(state: ForecastingState): Forecast {
  const { series: table, horizon, plans, forecasts, reconciled, reconciliations, ranking } = state;
  const demands = new Map(
    forecasts.map(({ id }) => {
      const { values } = table.series.find((entry) => entry.id === id)!;
      return [id, classifyDemand(values.filter((value) => value !== null))];
    }),
  );
  const series = forecasts.map((forecast, index): SeriesForecast => {
    const plan = plans.find(({ id }) => id === forecast.id)!;
    const { point, bounds, boundedAtZero } = forecast;
    const mean = reconciled[index]!.point;
    const move = (figures: number[]) =>
      figures.map((figure, step) => {
        const moved = figure + mean[step]! - point[step]!;
        return boundedAtZero ? Math.max(0, moved) : moved;
      });
    const { origins, mase, naiveMase, coverage95, measure } = findTrial(plan).backtest;
    const demand = demands.get(plan.id)?.class;
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
      backtest: {
        mase,
        naiveMase,
        coverage95,
        origins,
        measure,
        tried: plan.trials.map(({ backtest }) => ({
          method: methodLabels[backtest.method],
          mase: backtest.mase,
          coverage95: backtest.coverage95,
        })),
      },
      trust: judgeTrust(findTrial(plan)),
      edited: false,
      ...(demand ? { demand } : {}),
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
      ? {
          method: reconciliationLabels[newest.by],
          maxGap: newest.largestGap,
          tried: ranking.map(({ by, ...figures }) => ({ method: reconciliationLabels[by], ...figures })),
        }
      : { method: 'none: there are no totals and parts', maxGap: 0 },
    leftOut: plans.flatMap(({ id, leftOut }) => (leftOut === null ? [] : [{ id, reason: leftOut }])),
    notes: [
      ...forecasts.flatMap(({ id, filled }) =>
        filled > 0 ? [`${id}: ${filled} missing values were filled in.`] : [],
      ),
      ...forecasts.flatMap(({ id, unusual }) => describeUnusual(id, unusual, table.periods)),
      ...[...demands].flatMap(([id, demand]) => (demand ? describeDemand(id, demand) : [])),
      ...describeSeason(table, forecasts),
      ...plans.flatMap(({ id, regressors, leftOut }) =>
        regressors?.note && leftOut === null ? [`${id}: ${regressors.note}`] : [],
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
