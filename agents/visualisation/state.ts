import { Annotation } from '@langchain/langgraph';
import type { AgentInput } from '../../contracts/define-agent.ts';
import type { Report, visualisation } from './agent.ts';
import type { ChartContent } from './chart-content.ts';
import type { DrawnChart } from './draw-chart.ts';
import type { ChartPlan } from './plan-charts.ts';
import type { ChartProblem } from './revise-chart.ts';

type Input = AgentInput<typeof visualisation>;

/** One chart on its way from a plan to a picture; `settled` once nothing about its drawing will change. */
export interface ChartInWork {
  plan: ChartPlan;
  content: ChartContent;
  alt: string;
  drawn: DrawnChart | null;
  problems: ChartProblem[];
  settled: boolean;
  /** Base64. */
  png: string | null;
  png2x: string | null;
  /** Letters of its text that no font at hand has. */
  missing?: string[];
}

export interface LeftOut {
  label: string;
  reason: string;
}

export const VisualisationState = Annotation.Root({
  series: Annotation<Input['series']>,
  forecast: Annotation<Input['forecast']>,
  language: Annotation<Input['language']>,
  adjust: Annotation<Input['adjust']>,
  words: Annotation<Input['words']>,
  charts: Annotation<ChartInWork[]>,
  leftOut: Annotation<LeftOut[]>,
  report: Annotation<Report>,
});
export type VisualisationState = typeof VisualisationState.State;
export type VisualisationUpdate = typeof VisualisationState.Update;
