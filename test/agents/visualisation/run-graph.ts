import implementation from '../../../agents/visualisation/graph.ts';
import type { Report } from '../../../agents/visualisation/agent.ts';
import type { Material } from '../../../agents/visualisation/material.ts';
import type { VisualisationState } from '../../../agents/visualisation/state.ts';
import { drawChart, rasterise } from '../../../agents/visualisation/jobs.ts';
import { visualisation } from '../../../agents/visualisation/agent.ts';

const jobs = { drawChart, rasterise };

export interface GraphRun {
  report: Report;
  charts: VisualisationState['charts'];
  leftOut: VisualisationState['leftOut'];
  /** The nodes in the order in which they ran. */
  path: string[];
  /** The jobs that were computed, by name. */
  computed: { job: string; input: unknown }[];
}

/** Runs the agent's graph as Baton does, its jobs from the same module but on this thread. */
export async function runGraph(
  { table, forecast, language }: Material,
  adjust: { [field: string]: unknown } = {},
  /** Stands between a job and what the graph gets of it. */
  tamper: (job: string, output: string) => string = (_, output) => output,
): Promise<GraphRun> {
  const computed: GraphRun['computed'] = [];
  const graph = implementation.graph!({
    compute: async (job, input) => {
      computed.push({ job, input });
      // What isn't plain JSON would not survive the way to another thread.
      const plain: never = JSON.parse(JSON.stringify(input)) as never;
      return JSON.parse(tamper(job, JSON.stringify(await jobs[job as keyof typeof jobs](plain))));
    },
    readData: () => Promise.reject(new Error('This agent reads no data.')),
    locateData: () => Promise.reject(new Error('This agent reads no data.')),
    model: () => {
      throw new Error('This agent uses no model.');
    },
    progress: () => {},
    log: () => undefined,
  });
  const path: string[] = [];
  let state = {} as VisualisationState;
  const input = { series: table, forecast, language, adjust: visualisation.adjust!.parse(adjust) };
  for await (const [mode, chunk] of await graph.stream(input, { streamMode: ['updates', 'values'] }))
    if (mode === 'updates') path.push(...Object.keys(chunk as object));
    else state = chunk as VisualisationState;
  return { report: state.report, charts: state.charts, leftOut: state.leftOut, path, computed };
}
