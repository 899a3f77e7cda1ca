import { END, Send, START, StateGraph } from '@langchain/langgraph';
import { implementAgent } from '../implement-agent.ts';
import type { GraphPorts } from '../implement-agent.ts';
import { dataGathering, recurringGathering } from './agent.ts';
import type { SeriesTable } from './agent.ts';
import { explainSeries } from './explain-series.ts';
import { createNodes } from './nodes.ts';
import { GatheringState } from './state.ts';
import type { Gathering } from './state.ts';

const implementation = {
  graph: buildGraph,
  facts: {
    series: (table: SeriesTable) => ({
      series: table.series.length,
      rows: table.periods.length,
      warnings: table.findings.filter(({ severity }) => severity === 'warning').length,
    }),
  },
  explain: { series: explainSeries },
  // Compiled, the same file ends in `.js`.
  jobs: new URL(`./jobs${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
};

export default implementAgent(dataGathering, implementation);
export const recurringGatheringAgent = implementAgent(recurringGathering, implementation);

/**
 * read → profile → check → structure → pick, with two loops: what can be repaired is repaired and checked again,
 * what can't be told is asked, each question on its own, and read or checked again with the answers.
 */
export function buildGraph(ports: Pick<GraphPorts, 'compute' | 'readData' | 'progress'>) {
  const nodes = createNodes(ports);
  return new StateGraph(GatheringState)
    .addNode('read', nodes.read)
    .addNode('profile', nodes.profile)
    .addNode('check', nodes.check)
    .addNode('repair', nodes.repair)
    .addNode('ask', nodes.ask)
    .addNode('structure', nodes.structure)
    .addNode('pick', nodes.pick)
    .addEdge(START, 'read')
    .addConditionalEdges('read', afterRead, ['ask', 'profile'])
    .addConditionalEdges('profile', afterProfile, ['ask', 'check'])
    .addConditionalEdges('check', afterCheck, ['repair', 'ask', 'structure'])
    .addEdge('repair', 'check')
    .addConditionalEdges('ask', afterAsk, ['read', 'profile', 'check'])
    .addEdge('structure', 'pick')
    .addEdge('pick', END)
    .compile();
}

function afterRead({ form, problems }: Gathering): 'profile' | Send[] {
  return form === null ? problems.map((problem) => new Send('ask', problem)) : 'profile';
}

/** Back to the step that asked: what is not opened yet, not profiled yet, or not fit yet. */
function afterAsk({ form, frame }: Gathering): 'read' | 'profile' | 'check' {
  if (form === null) return 'read';
  return frame === null ? 'profile' : 'check';
}

function afterProfile({ frame, problems }: Gathering): 'check' | Send[] {
  return frame === null ? problems.map((problem) => new Send('ask', problem)) : 'check';
}

/** Repairs come before questions: what is asked should be what no repair can settle. */
function afterCheck({ problems }: Gathering): 'repair' | 'structure' | Send[] {
  if (problems.length === 0) return 'structure';
  if (problems.some(({ repair }) => repair !== null)) return 'repair';
  return problems.map((problem) => new Send('ask', problem));
}
