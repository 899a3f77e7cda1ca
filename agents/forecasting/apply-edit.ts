import { toFailure } from '../../contracts/failures.ts';
import type { Json } from '../../contracts/json.ts';
import { ForecastAdjustments, type Forecast, type SeriesForecast } from './agent.ts';
import { largestGap, largestGapAllowed, reconcileForecasts } from './reconcile.ts';

const bounds = ['lower80', 'upper80', 'lower95', 'upper95'] as const;

function refuse(message: string): never {
  throw toFailure('Agent.EditFailed', message);
}

function findCells(base: Forecast, { set }: ForecastAdjustments): Map<string, Map<number, number>> {
  const cells = new Map<string, Map<number, number>>();
  for (const { series, period, value } of set) {
    const step = base.periods.indexOf(period);
    if (!base.series.some(({ id }) => id === series))
      refuse(`No series ${JSON.stringify(series)} is forecast.`);
    if (step < 0) {
      refuse(
        `${JSON.stringify(period)} is no period of this forecast: ${base.periods[0]} to ${base.periods.at(-1)}.`,
      );
    }
    const steps = cells.get(series) ?? new Map<number, number>();
    const known = steps.get(step);
    if (known !== undefined && known !== value)
      refuse(`${series} ${period} is set to ${known} and to ${value}.`);
    steps.set(step, value);
    cells.set(series, steps);
  }
  return cells;
}

/**
 * Sets figures by hand. They stay exactly as given; other series give way in those periods so that totals and parts
 * add up again, and each interval moves along with its figure. Throws `Agent.EditFailed` for what can't be done.
 */
export function applyEdit(base: Forecast, delta: Json): Forecast {
  const parsed = ForecastAdjustments.safeParse(delta);
  if (!parsed.success)
    refuse(parsed.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`).join('; '));
  const cells = findCells(base, parsed.data);
  const steps = [...new Set([...cells.values()].flatMap((set) => [...set.keys()]))];
  const valueOf = ({ id, mean }: SeriesForecast, step: number) => cells.get(id)?.get(step) ?? mean[step]!;
  const { series: reconciled } = reconcileForecasts({
    series: base.series.map((series) => ({
      id: series.id,
      point: steps.map((step) => valueOf(series, step)),
      spread: steps.map(
        (step) => series.upper95[step]! - series.lower95[step]! || Math.abs(series.mean[step]!) || 1,
      ),
      boundedAtZero: [...series.lower95, ...series.mean].every((figure) => figure >= 0),
    })),
    sums: base.hierarchy.map(({ total, parts }) => ({ total, parts })),
    by: 'variance',
    fixed: [...cells].flatMap(([id, set]) =>
      [...set.keys()].map((step) => ({ id, step: steps.indexOf(step) })),
    ),
  });
  const gap = largestGap(reconciled, base.hierarchy);
  if (gap > largestGapAllowed) {
    refuse("These figures contradict each other: set like this, totals and parts can't add up.");
  }
  const series = base.series.map((old, index): SeriesForecast => {
    const mean = old.mean.map((figure, step) => {
      const at = steps.indexOf(step);
      return at < 0 ? figure : reconciled[index]!.point[at]!;
    });
    const moved = Object.fromEntries(
      bounds.map((name) => [name, old[name].map((figure, step) => figure + mean[step]! - old.mean[step]!)]),
    ) as Pick<SeriesForecast, (typeof bounds)[number]>;
    return { ...old, ...moved, mean, edited: old.edited || cells.has(old.id) };
  });
  const { reason } = parsed.data;
  const set = parsed.data.set.map(({ series: id, period, value }) => `${id} ${period} = ${value}`).join(', ');
  return {
    ...base,
    series,
    reconciliation: {
      ...base.reconciliation,
      maxGap: largestGap(
        series.map(({ id, mean }) => ({ id, point: mean })),
        base.hierarchy,
      ),
    },
    notes: [...base.notes, `Set by hand: ${set}.${reason ? ` Reason given: ${reason}` : ''}`],
  };
}
