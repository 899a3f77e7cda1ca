import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { z } from 'zod';
import { toFailure } from '../../contracts/failures.ts';
import { askPerson } from '../ask-person.ts';
import type { GraphPorts } from '../implement-agent.ts';
import { judgeBacktest } from './backtest-series.ts';
import { chooseMethod } from './choose-method.ts';
import { isIntermittent } from './classify-demand.ts';
import { describeConcern, explainUnfitness, gatherConcerns, listChoices } from './concerns.ts';
import type { Concern } from './concerns.ts';
import { fewestValues, type SeriesRequest } from './forecast-series.ts';
import type * as jobs from './jobs.ts';
import { intermittentNames, methodNames, type MethodName } from './methods/fit-method.ts';
import { nextPeriods } from './next-periods.ts';
import { findUnfitness, prepareSeries, seasonToUse } from './prepare-series.ts';
import { largestGap, largestGapAllowed, reconciliationNames } from './reconcile.ts';
import { applyChoice, forgetOthers, giveUp, isOpen } from './settle-plan.ts';
import type { ForecastingState, ForecastingUpdate, Plan } from './state.ts';
import { writeForecast } from './write-forecast.ts';

type Jobs = typeof jobs;

type Config = Pick<LangGraphRunnableConfig, 'signal'>;
type Node = (state: ForecastingState, config: Config) => ForecastingUpdate | Promise<ForecastingUpdate>;

/** Methods that have to prove themselves; the naive one is their yardstick. */
const candidates: MethodName[] = methodNames.filter((name) => name !== 'naive');
const candidatesForIntermittent: MethodName[] = [...intermittentNames, 'combination'];

/** The steps of the graph; fitting and testing run on other threads. */
export function createNodes(ports: Pick<GraphPorts, 'compute' | 'log' | 'progress'>) {
  const run = async <Job extends keyof Jobs>(
    job: Job,
    input: Parameters<Jobs[Job]>[0],
    { signal }: Config,
  ): Promise<Awaited<ReturnType<Jobs[Job]>>> =>
    (await ports.compute(job, input, signal ? { abortSignal: signal } : {})) as Awaited<
      ReturnType<Jobs[Job]>
    >;

  /** Counts what is finished of a step that goes over many series. */
  const countUp = (text: string, of: number): (() => void) => {
    let done = 0;
    ports.progress({ text, done, of });
    return () => ports.progress({ text, done: ++done, of });
  };

  const check: Node = ({ series: table, horizon, adjust }) => {
    const excluded = findExcluded(table, adjust?.exclude ?? []);
    const plans = table.series.map((series): Plan => {
      const { id, label } = series;
      const plan: Plan = {
        id,
        label,
        trials: [],
        regressors: null,
        method: null,
        leftOut: null,
        concern: null,
        choice: null,
      };
      if (excluded.has(id)) return { ...plan, leftOut: 'A person asked to leave it out.' };
      const season = seasonToUse(series, table.season);
      const prepared = prepareSeries(series, season);
      if (!prepared || prepared.values.length < fewestValues) {
        return { ...plan, leftOut: 'It has too few values to forecast from.' };
      }
      const unfitness = findUnfitness(series, season, horizon);
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

  const findRegressors = async (state: ForecastingState, id: string, config: Config) => {
    const { frequency } = state.series;
    if (frequency !== 'daily' && frequency !== 'weekly') return null;
    const periods = [...state.series.periods, ...nextPeriods(state.series, state.horizon)];
    const holidays = state.adjust?.holidays;
    return await run(
      'chooseRegressors',
      { ...requestFor(state, id, null), frequency, periods, ...(holidays ? { holidays } : {}) },
      config,
    );
  };

  const testPlan = async (state: ForecastingState, plan: Plan, methods: MethodName[], config: Config) => {
    const request = requestFor(state, plan.id, plan.regressors);
    const backtests = await run('backtestSeries', { ...request, methods }, config);
    return backtests.map((backtest) => ({ verdict: judgeBacktest(backtest), backtest }));
  };

  /** Tries every method on every series that has none yet, all from the same origins. */
  const testMethods: Node = async (state, config) => {
    const count = countUp('series tested', state.plans.filter(isOpen).length);
    const plans = await Promise.all(
      state.plans.map(async (plan): Promise<Plan> => {
        if (!isOpen(plan)) return plan;
        const request = requestFor(state, plan.id, null);
        const prepared = prepareSeries(request, request.season);
        const methods = prepared && isIntermittent(prepared.values) ? candidatesForIntermittent : candidates;
        const planned = { ...plan, regressors: await findRegressors(state, plan.id, config) };
        const trials = await testPlan(state, planned, methods, config);
        const tried = { ...planned, trials: forgetOthers(trials), method: chooseMethod(trials) };
        for (const { backtest, verdict } of trials.filter((trial) => trial.verdict !== 'trusted')) {
          ports.log({ series: plan.id, method: backtest.method, verdict }, 'method rejected');
        }
        count();
        return tried.method === null ? giveUp(tried) : tried;
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
    const count = countUp('series forecast', chosen.length);
    const forecasts = await Promise.all(
      chosen.map(async ({ id, method, regressors }) => {
        const request = { ...requestFor(state, id, regressors), method: method! };
        const forecast = await run('forecastSeries', request, config);
        count();
        return forecast;
      }),
    );
    const plans = await Promise.all(
      state.plans.map(async (plan): Promise<Plan> => {
        const { method, trials } = plan;
        if (method === null || trials.some(({ backtest }) => backtest.method === method)) return plan;
        return { ...plan, trials: [...trials, ...(await testPlan(state, plan, [method], config))] };
      }),
    );
    return { forecasts, plans, reconciled: forecasts.map(({ id, point }) => ({ id, point })) };
  };

  const reconcileSums: Node = async (state, config) => {
    const { series: table, forecasts, reconciliations, plans } = state;
    const sums = table.hierarchy.map(({ total, parts }) => ({ total, parts }));
    const series = forecasts.map(({ id, spread, boundedAtZero, point }) => ({
      id,
      point,
      spread,
      boundedAtZero,
    }));
    const ranking =
      state.ranking ??
      (await run(
        'rankReconciliations',
        {
          season: table.season,
          sums,
          series: series.map((entry) => {
            const { trials, method } = plans.find(({ id }) => id === entry.id)!;
            const trial = trials.find(({ backtest }) => backtest.method === method);
            const { values } = table.series.find(({ id }) => id === entry.id)!;
            return { ...entry, values, forecasts: trial?.backtest.forecasts ?? [] };
          }),
        },
        config,
      ));
    const { by } = ranking[reconciliations.length]!;
    const { series: reconciled } = await run('reconcile', { series, sums, by }, config);
    const gap = largestGap(reconciled, table.hierarchy);
    return { ranking, reconciled, reconciliations: [{ by, largestGap: gap }] };
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
  choice: Plan['regressors'],
): SeriesRequest {
  const { values } = table.series.find((series) => series.id === id)!;
  const regressors = choice?.regressors;
  const season = seasonToUse({ values }, table.season);
  return { id, values, season, horizon, ...(regressors ? { regressors } : {}) };
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
