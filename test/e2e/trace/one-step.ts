import { END, START, StateGraph } from '@langchain/langgraph';
import { z } from 'zod';
import { implementAgent } from '../../../agents/implement-agent.ts';
import type { AgentImplementation, GraphPorts, Implementation } from '../../../agents/implement-agent.ts';
import type { Agent, AgentInput, AgentOutput, Needs } from '../../../contracts/define-agent.ts';
import { readNeed } from '../../../contracts/define-agent.ts';
import type { Json } from '../../../contracts/json.ts';

/** An agent whose graph is one node; `applyEdit` lays the delta over the value. */
export function oneStep<N extends Needs, T extends Agent & { needs: N }>(
  agent: T,
  step: (input: AgentInput<T>, ports: GraphPorts) => AgentOutput<T> | Promise<AgentOutput<T>>,
): AgentImplementation {
  const needs = Object.entries(agent.needs).map(([name, need]) => {
    const { schema, optional } = readNeed(need);
    return [name, optional ? schema.optional() : schema] as const;
  });
  const state = z.object({
    ...(Object.fromEntries(needs) as { [need: string]: z.ZodType }),
    // Baton checks what comes out, not LangGraph.
    ...Object.fromEntries(Object.keys(agent.produces).map((name) => [name, z.unknown()])),
    adjust: agent.adjust ?? z.object({}),
    words: z.string().optional(),
  });
  return implementAgent(
    agent as Agent,
    {
      facts: {},
      graph: (ports) =>
        new StateGraph(state)
          .addNode('step', async (values) => step(values as unknown as AgentInput<T>, ports))
          .addEdge(START, 'step')
          .addEdge('step', END)
          .compile(),
      applyEdit: (_artifact, base, delta) => ({ ...(base as object), ...(delta as object) }) as Json,
    } as Implementation<Agent>,
  );
}
