import type { CompiledGraph } from '../agents/implement-agent.ts';
import type { Progress } from '../contracts/progress.ts';

interface Told {
  progress: (said: Progress) => void;
  reach: (nodes: readonly string[]) => void;
}

/** Of LangGraph's task events: one as a node begins, with its triggers, and one as it ends. */
interface NodeEvent {
  id: string;
  name: string;
  triggers?: unknown;
}

/** Runs a graph to its end, as `invoke` would, and tells what it streams on the way: what it writes, and where it is. */
export async function tellProgress(
  graph: CompiledGraph,
  input: unknown,
  config: object,
  { progress, reach }: Told,
): Promise<void> {
  const nodes = new Map<string, string>();
  const stream = (await graph.stream(input as never, {
    ...config,
    streamMode: ['custom', 'tasks'],
    subgraphs: true,
  })) as AsyncIterable<[namespace: string[], mode: 'custom' | 'tasks', content: unknown]>;
  for await (const [, mode, content] of stream) {
    if (mode === 'custom') progress(content as Progress);
    else follow(nodes, content as NodeEvent, reach);
  }
}

function follow(nodes: Map<string, string>, { id, name, triggers }: NodeEvent, reach: Told['reach']): void {
  if (triggers === undefined) {
    nodes.delete(id);
    return;
  }
  // LangGraph's own nodes say nothing to a person.
  if (name.startsWith('__')) return;
  nodes.set(id, name);
  reach([...nodes.values()]);
}
