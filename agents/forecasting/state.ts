import { Annotation } from '@langchain/langgraph';
import type { AgentInput } from '../../contracts/define-agent.ts';
import type { Forecast, forecasting } from './agent.ts';
import type { MethodBacktest, Verdict } from './backtest-series.ts';
import type { RegressorChoice } from './choose-regressors.ts';
import type { Choice, Concern, ConcernKind } from './concerns.ts';
import type { MethodForecast } from './forecast-series.ts';
import type { MethodName } from './methods/fit-method.ts';
import type { ReconciliationTrial } from './rank-reconciliations.ts';
import type { ReconciliationName } from './reconcile.ts';

type Input = AgentInput<typeof forecasting>;

export interface Trial {
  verdict: Verdict;
  backtest: MethodBacktest;
}

/** What is to become of one series. */
export interface Plan {
  id: string;
  label: string;
  /** One backtest for each method that was tried. */
  trials: Trial[];
  /** What beside the season was found to move it; null where days and weeks are not at stake. */
  regressors: RegressorChoice | null;
  /** Null until it is settled. */
  method: MethodName | null;
  /** Why it is left out; null if it is forecast. */
  leftOut: string | null;
  /** What a person has to decide, and what was decided. */
  concern: { kind: ConcernKind; detail: string } | null;
  choice: Choice | null;
}

export const ForecastingState = Annotation.Root({
  series: Annotation<Input['series']>,
  horizon: Annotation<Input['horizon']>,
  adjust: Annotation<Input['adjust']>,
  words: Annotation<Input['words']>,
  plans: Annotation<Plan[]>,
  concerns: Annotation<Concern[]>,
  answers: Annotation<{ [kind in ConcernKind]?: Choice }>({
    reducer: (known, news) => ({ ...known, ...news }),
    default: () => ({}),
  }),
  forecasts: Annotation<MethodForecast[]>,
  /** Ways of making totals and parts add up in the order in which they are tried. */
  ranking: Annotation<ReconciliationTrial[]>,
  /** Ways of making totals and parts add up that were tried, newest last, each with the gap that it left. */
  reconciliations: Annotation<{ by: ReconciliationName; largestGap: number }[]>({
    reducer: (known, news) => [...known, ...news],
    default: () => [],
  }),
  /** Points after reconciliation, by series as in `forecasts`. */
  reconciled: Annotation<{ id: string; point: number[] }[]>,
  forecast: Annotation<Forecast>,
});
export type ForecastingState = typeof ForecastingState.State;
export type ForecastingUpdate = typeof ForecastingState.Update;
