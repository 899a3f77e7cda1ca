import { Command, MemorySaver } from '@langchain/langgraph';
import { expect } from 'vitest';
import { SeriesTable } from '../../../agents/data-gathering/agent.ts';
import type { DataProfile } from '../../../agents/data-gathering/agent.ts';
import { buildGraph } from '../../../agents/data-gathering/graph.ts';
import * as jobs from '../../../agents/data-gathering/jobs.ts';

interface Asked {
  id: string;
  value: { prompt: { question: string; options: { id: string }[] }; answer: unknown };
}

/** The compiled graph over one file, with the steps it takes; what its jobs give back is plain JSON. */
export function gather(content: string | Uint8Array, leaveOut: string[] = []) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const graph = buildGraph({
    progress: () => {},
    readData: async (dataset) => ({ bytes, name: dataset, mediaType: 'text/csv' }),
    compute: async (job, input) => {
      const run = jobs[job as keyof typeof jobs] as (input: unknown) => unknown;
      const output = await run(structuredClone(input));
      expect(JSON.parse(JSON.stringify(output))).toEqual(output);
      return output;
    },
  });
  graph.checkpointer = new MemorySaver();
  const config = { configurable: { thread_id: 'only' } };
  const steps: string[] = [];
  const run = async (input: unknown): Promise<{ series?: SeriesTable; asked: Asked[] }> => {
    const asked: Asked[] = [];
    for await (const update of await graph.stream(input as never, { ...config, streamMode: 'updates' })) {
      for (const [node, value] of Object.entries(update as { [node: string]: unknown })) {
        if (node === '__interrupt__') asked.push(...(value as Asked[]));
        else steps.push(node);
      }
    }
    const { values } = await graph.getState(config);
    const series: unknown = (values as { series?: unknown }).series;
    return { asked, ...(series === undefined ? {} : { series: SeriesTable.parse(series) }) };
  };
  return {
    steps,
    start: (lastProfile?: DataProfile) =>
      run({ dataset: 'made.csv', adjust: { leaveOut }, ...(lastProfile && { lastProfile }) }),
    answer: (answers: { [interrupt: string]: string }) => run(new Command({ resume: answers })),
  };
}
