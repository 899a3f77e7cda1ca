import type { Checkpoint } from '@langchain/langgraph-checkpoint';
import type { Logger } from 'pino';
import type { CompiledGraph, GraphPorts } from '../agents/implement-agent.ts';
import { toFailure } from '../contracts/failures.ts';

/** An agent's graph, as one attempt may run it: its own copy, retried by nobody but Temporal. */
export function prepareGraph(
  name: string,
  graph: (ports: GraphPorts) => CompiledGraph,
  ports: GraphPorts,
  logger: Logger,
): CompiledGraph {
  const made = graph(ports);
  refuseUnkept(made, name);
  for (const [, inner] of made.getSubgraphs(undefined, true)) refuseUnkept(inner, name);
  const retried = [made, ...[...made.getSubgraphs(undefined, true)].map(([, inner]) => inner)].flatMap(
    switchOffRetries,
  );
  if (retried.length > 0)
    logger.warn({ nodes: retried }, 'retries by LangGraph are switched off: Temporal is the only retrier');
  // A copy: an agent that hands out one graph for all its attempts must not have them share a saver.
  return made.withConfig({}) as CompiledGraph;
}

/** Whether a graph whose newest snapshot this is has nothing more to run. */
export function hasEnded(graph: CompiledGraph, checkpoint: Checkpoint): boolean {
  const { channel_values: values, channel_versions: versions, versions_seen: seen } = checkpoint;
  const sends = values['__pregel_tasks'];
  if (Array.isArray(sends) && sends.length > 0) return false;
  return Object.entries(graph.nodes as { [node: string]: { triggers: string[] } }).every(
    ([node, { triggers }]) =>
      triggers.every((channel) => !(channel in values) || !isNewer(versions[channel], seen[node]?.[channel])),
  );
}

function isNewer(version: number | string | undefined, seen: number | string | undefined): boolean {
  return version !== undefined && (seen === undefined || version > seen);
}

function refuseUnkept(graph: CompiledGraph, agent: string): void {
  for (const [channel, { lc_graph_name: kind }] of Object.entries(
    graph.channels as { [channel: string]: { lc_graph_name?: string } },
  )) {
    if (kind !== 'DeltaChannel') continue;
    throw toFailure(
      'Process.Invalid',
      `The graph of ${agent} keeps ${channel} as a DeltaChannel, which needs every earlier snapshot; Baton keeps the newest. Use a reducer.`,
      { name: agent },
    );
  }
}

function switchOffRetries(graph: CompiledGraph): string[] {
  const retried: string[] = [];
  for (const [node, spec] of Object.entries(graph.nodes as { [node: string]: { retryPolicy?: unknown } })) {
    if (spec.retryPolicy === undefined) continue;
    retried.push(node);
    delete spec.retryPolicy;
  }
  if (graph.retryPolicy !== undefined) {
    retried.push('*');
    delete graph.retryPolicy;
  }
  return retried;
}
