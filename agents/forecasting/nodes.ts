import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { z } from 'zod';
import { toFailure } from '../../contracts/failures.ts';
import { askPerson } from '../ask-person.ts';
import type { GraphPorts } from '../implement-agent.ts';
import { judgeBacktest } from './backtest-series.ts';
import { describeConcern, explainUnfitness, listChoices } from './concerns.ts';
import type { Choice, Concern, ConcernKind } from './concerns.ts';
import { fewestValues, type ForecastRequest } from './forecast-series.ts';
import type * as jobs from './jobs.ts';
import { methodNames, type MethodName } from './methods/fit-method.ts';
import { findUnfitness, prepareSeries } from './prepare-series.ts';
import { largestGap, largestGapAllowed, reconciliationNames } from './reconcile.ts';
import type { ForecastingState, ForecastingUpdate, Plan } from './state.ts';
import { writeForecast } from './write-forecast.ts';

type Jobs = typeof jobs;

type Config = Pick<LangGraphRunnableConfig, 'signal'>;
type Node = (state: ForecastingState, config: Config) => ForecastingUpdate | Promise<ForecastingUpdate>;

/** Methods that have to prove themselves; the naive one is their yardstick. */
const candidates = methodNames.filter((name) => name !== 'naive');

/** The steps of the graph; fitting and testing run on other threads. */
export function createNodes(ports: Pick<GraphPorts, 'compute' | 'log'>) {
  const run = async <Job extends keyof Jobs>(
    job: Job,
    input: Parameters<Jobs[Job]>[0],
    { signal }: Config,
  ): Promise<ReturnType<Jobs[Job]>> =>
    (await ports.compute(job, input, signal ? { abortSignal: signal } : {})) as ReturnType<Jobs[Job]>;

  const check: Node = ({ series: table, horizon, adjust }) => {
    const excluded = findExcluded(table, adjust?.exclude ?? []);
    const plans = table.series.map((series): Plan => {
      const { id, label } = series;
      const plan: Plan = { id, label, trials: [], method: null, leftOut: null, concern: null, choice: null };
      if (excluded.has(id)) return { ...plan, leftOut: 'A person asked to leave it out.' };
      const prepared = prepareSeries(series, table.season);
      if (!prepared || prepared.values.length < fewestValues) {
        return { ...plan, leftOut: 'It has too few values to forecast from.' };
      }
      const unfitness = findUnfitness(series, table.season, horizon);
      if (!unfitness || unfitness.reason === 'empty') return plan;
      return { ...plan, concern: { kind: unfitness.reason, detail: explainUnfitness(unfitness) } };
    });
    return { plans, concerns: gatherConcerns(plans) };
  };

  /** Runs once for each kind of concern, so that all are asked together. */
  const ask = (concern: Concern): ForecastingUpdate => {
    const choice = askPerson({ prompt: describeConcern(concern), answer: z.enum(listChoices(concern.kind)) });
    return { answers: { [concern.kind]: choice } };
  };

  const settle: Node = ({ plans, answers }) => ({
    concerns: [],
    plans: plans.map((plan) => {
      const choice = plan.concern && !plan.choice && answers[plan.concern.kind];
      return choice ? applyChoice(plan, choice) : plan;
    }),
  });

  /** Tries the next method on every series that has none yet; a method that is not worth trusting is rejected. */
  const testMethods: Node = async (state, config) => {
    const plans = await Promise.all(
      state.plans.map(async (plan): Promise<Plan> => {
        if (!isOpen(plan)) return plan;
        const method = candidates[plan.trials.length]!;
        const backtest = await run('backtestSeries', requestFor(state, plan.id, method), config);
        const verdict = judgeBacktest(backtest);
        const tried = { ...plan, trials: [...plan.trials, { verdict, backtest }] };
        if (verdict === 'trusted') return { ...tried, method };
        ports.log({ series: plan.id, method, verdict }, 'method rejected');
        return tried.trials.length === candidates.length || verdict === 'untested' ? giveUp(tried) : tried;
      }),
    );
    return { plans, concerns: gatherConcerns(plans) };
  };

  const forecastSeries: Node = async (state, config) => {
    const chosen = state.plans.filter(({ method }) => method !== null);
    if (chosen.length === 0) {
      const reasons = state.plans.map(({ id, leftOut }) => `${id}: ${leftOut}`);
      throw toFailure('Data.Unfit', `No series is left to forecast. ${reasons.slice(0, 5).join(' ')}`, {
        name: state.series.dataset,
      });
    }
    const forecasts = await Promise.all(
      chosen.map(({ id, method }) => run('forecastSeries', requestFor(state, id, method!), config)),
    );
    const plans = await Promise.all(
      state.plans.map(async (plan): Promise<Plan> => {
        const { id, method, trials } = plan;
        if (method === null || trials.some(({ backtest }) => backtest.method === method)) return plan;
        const backtest = await run('backtestSeries', requestFor(state, id, method), config);
        return { ...plan, trials: [...trials, { verdict: judgeBacktest(backtest), backtest }] };
      }),
    );
    return { forecasts, plans, reconciled: forecasts.map(({ id, point }) => ({ id, point })) };
  };

  const reconcileSums: Node = async ({ series: table, forecasts, reconciliations }, config) => {
    const by = reconciliationNames[reconciliations.length]!;
    const { series } = await run(
      'reconcile',
      {
        series: forecasts.map(({ id, point, spread, boundedAtZero }) => ({
          id,
          point,
          spread,
          boundedAtZero,
        })),
        sums: table.hierarchy.map(({ total, parts }) => ({ total, parts })),
        by,
      },
      config,
    );
    return { reconciled: series, reconciliations: [{ by, largestGap: largestGap(series, table.hierarchy) }] };
  };

  const write: Node = (state) => {
    const newest = state.reconciliations.at(-1);
    if (newest && newest.largestGap > largestGapAllowed) {
      throw toFailure(
        'Agent.Failed',
        `Totals and parts could not be made to add up: a gap of ${newest.largestGap} is left.`,
      );
    }
    return { forecast: writeForecast(state) };
  };

  return { check, ask, settle, testMethods, forecastSeries, reconcileSums, write };
}

/** Whether a method is still to be found for the series. */
export function isOpen({ method, leftOut, concern, choice }: Plan): boolean {
  return method === null && leftOut === null && (concern === null || choice === 'proceed');
}

/** Whether other ways to make totals and parts add up should be tried. */
export function mustReconcileAgain({ reconciliations }: ForecastingState): boolean {
  const newest = reconciliations.at(-1);
  return (
    !newest || (newest.largestGap > largestGapAllowed && reconciliations.length < reconciliationNames.length)
  );
}

function requestFor(
  { series: table, horizon }: ForecastingState,
  id: string,
  method: MethodName,
): ForecastRequest {
  const { values } = table.series.find((series) => series.id === id)!;
  return { id, values, season: table.season, horizon, method };
}

/** Series by id or label, however written; a name that means none of them is refused, so that nobody relies on it. */
function findExcluded(table: ForecastingState['series'], names: string[]): Set<string> {
  const fold = (name: string) => name.trim().toLowerCase();
  const excluded = new Set<string>();
  for (const name of names) {
    const found = table.series.filter(({ id, label }) =>
      [id, label].some((known) => fold(known) === fold(name)),
    );
    for (const { id } of found) excluded.add(id);
    // What an earlier step has left out already needs no leaving out.
    const gone = table.leftOut.some(({ column }) => fold(column) === fold(name));
    if (found.length === 0 && !gone) {
      throw toFailure('Decision.InvalidChanges', `exclude: no series is named ${JSON.stringify(name)}.`, {
        name,
      });
    }
  }
  return excluded;
}

function gatherConcerns(plans: Plan[]): Concern[] {
  const byKind = new Map<ConcernKind, Concern>();
  for (const { id, label, concern, choice } of plans) {
    if (!concern || choice) continue;
    const { kind, detail } = concern;
    const gathered = byKind.get(kind) ?? { kind, series: [] };
    gathered.series.push({ id, label, detail });
    byKind.set(kind, gathered);
  }
  return [...byKind.values()];
}

/** The trial with the smallest error for its series, of those that were not worse than the naive method if any. */
function bestTrial({ trials }: Plan) {
  const fair = trials.filter(({ verdict }) => verdict !== 'worseThanNaive');
  return (fair.length > 0 ? fair : trials).toSorted((a, b) => a.backtest.mase - b.backtest.mase)[0]!;
}

/** Every method was rejected: a person decides, unless they did when the series was found unfit. */
function giveUp(plan: Plan): Plan {
  const { verdict, backtest } = bestTrial(plan);
  if (plan.choice === 'proceed') return { ...plan, method: backtest.method };
  const { mase, naiveMase, coverage95 } = backtest;
  const compared = `error ${mase.toFixed(2)} with ${backtest.method}, ${naiveMase.toFixed(2)} naive`;
  const covered = coverage95 === null ? '' : `; ${Math.round(100 * coverage95)} % within the 95 % intervals`;
  const kind = verdict === 'trusted' ? 'untested' : verdict;
  return { ...plan, concern: { kind, detail: compared + covered } };
}

function applyChoice(plan: Plan, choice: Choice): Plan {
  switch (choice) {
    case 'leaveOut':
      return { ...plan, choice, leftOut: `A person chose to leave it out: ${plan.concern!.detail}.` };
    case 'naive':
      return { ...plan, choice, method: 'naive' };
    case 'proceed':
      return { ...plan, choice, method: plan.trials.length > 0 ? bestTrial(plan).backtest.method : null };
  }
}
