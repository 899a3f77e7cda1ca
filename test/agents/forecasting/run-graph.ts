import { Command, MemorySaver } from '@langchain/langgraph';
import type { Forecast } from '../../../agents/forecasting/agent.ts';
import { forecasting } from '../../../agents/forecasting/agent.ts';
import implementation from '../../../agents/forecasting/graph.ts';
import * as jobs from '../../../agents/forecasting/jobs.ts';
import type { ForecastingState } from '../../../agents/forecasting/state.ts';
import type { SeriesTable } from '../../../agents/data-gathering/agent.ts';
import type { Compute } from '../../../contracts/ports.ts';

interface Question {
  prompt: {
    kind: string;
    question: string;
    options: { id: string; label: string }[];
    series: { id: string; detail: string }[];
  };
  answer: unknown;
}

export interface GraphRun {
  forecast: Forecast;
  state: ForecastingState;
  /** The nodes in the order in which they ran. */
  path: string[];
  /** What was asked, each with the kind that names it. */
  asked: Question[];
}

/** The agent's jobs on this thread, by way of JSON: what is not plain would not survive the way to another. */
const computeHere: Compute = async (job, input) => {
  const plain: never = JSON.parse(JSON.stringify(input)) as never;
  const result: unknown = await jobs[job as keyof typeof jobs](plain);
  return JSON.parse(JSON.stringify(result)) as unknown;
};

/** Runs the agent's graph as Baton does: interrupted by questions, resumed once all of a step are answered. */
export async function runGraph(
  table: SeriesTable,
  horizon: number,
  options: {
    adjust?: { [field: string]: unknown };
    /** Answers by kind of question. */
    answers?: { [kind: string]: unknown };
    compute?: Compute;
  } = {},
): Promise<GraphRun> {
  const graph = implementation.graph!({
    compute: options.compute ?? computeHere,
    readData: () => Promise.reject(new Error('This agent reads no data.')),
    locateData: () => Promise.reject(new Error('This agent reads no data.')),
    model: () => {
      throw new Error('This agent uses no model.');
    },
    progress: () => {},
    log: () => undefined,
  });
  graph.checkpointer = new MemorySaver();
  const config = { configurable: { thread_id: 'test' }, recursionLimit: 100, durability: 'sync' as const };
  const path: string[] = [];
  const asked: Question[] = [];
  let input: unknown = {
    series: table,
    horizon,
    adjust: forecasting.adjust!.parse(options.adjust ?? {}),
  };
  while (true) {
    for await (const update of await graph.stream(input, { ...config, streamMode: 'updates' })) {
      path.push(...Object.keys(update as object).filter((name) => name !== '__interrupt__'));
    }
    const { tasks, values } = await graph.getState(config);
    const interrupts = tasks.flatMap((task) => task.interrupts);
    if (interrupts.length === 0) {
      const state = values as ForecastingState;
      return { forecast: state.forecast, state, path, asked };
    }
    const resume = interrupts.map(({ id, value }): [string, unknown] => {
      const question = value as Question;
      asked.push(question);
      const answer = options.answers?.[question.prompt.kind];
      if (answer === undefined) throw new Error(`Nobody answers ${question.prompt.kind}.`);
      return [id!, answer];
    });
    input = new Command({ resume: Object.fromEntries(resume) });
  }
}

/** A table of generated monthly series from January 2010. */
export function makeTable(
  series: { [id: string]: (number | null)[] },
  hierarchy: { total: string; parts: string[] }[] = [],
): SeriesTable {
  const length = Math.max(...Object.values(series).map((values) => values.length));
  return {
    dataset: 'generated.csv',
    source: { bytes: 1, digest: '0'.repeat(64), rows: length, columns: Object.keys(series).length + 1 },
    frequency: 'monthly',
    season: 12,
    unit: null,
    periods: Array.from({ length }, (_, month) => {
      return `${2010 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
    }),
    series: Object.entries(series).map(([id, values]) => ({
      id,
      label: id.toUpperCase(),
      unit: null,
      // Shorter ones begin late, as series of one table do.
      values: [...Array<null>(length - values.length).fill(null), ...values],
      role: 'single' as const,
    })),
    hierarchy: hierarchy.map((sum) => ({ ...sum, maxGap: 0, tolerance: 0 })),
    leftOut: [],
    findings: [],
  };
}
