import { Annotation, END, START, StateGraph, interrupt } from '@langchain/langgraph';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';

type Count = (node: string) => void;

const State = Annotation.Root({
  topic: Annotation<string>,
  adjust: Annotation<{ [field: string]: unknown }>,
  words: Annotation<string | undefined>,
  notes: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }),
  text: Annotation<string>,
});

/** Three supersteps, one after another. */
export function writer(count: Count): AgentImplementation {
  const agent = defineAgent({
    name: 'writer',
    needs: { topic: z.string() },
    produces: { text: z.string() },
    facts: { text: z.object({ length: z.int() }) },
  });
  return implementAgent(agent, {
    facts: { text: (text) => ({ length: text.length }) },
    graph: () =>
      new StateGraph(State)
        .addNode('gather', ({ topic }) => {
          count('gather');
          return { notes: [`on ${topic}`] };
        })
        .addNode('draft', ({ notes }) => {
          count('draft');
          return { notes: [`${notes.length} notes`] };
        })
        .addNode('finish', ({ notes }) => {
          count('finish');
          return { text: notes.join(', ') };
        })
        .addEdge(START, 'gather')
        .addEdge('gather', 'draft')
        .addEdge('draft', 'finish')
        .addEdge('finish', END)
        .compile(),
  }) as unknown as AgentImplementation;
}

/** Asks two things at once, then a third, all after a step that is paid for. */
export function asker(count: Count): AgentImplementation {
  const agent = defineAgent({
    name: 'asker',
    needs: { topic: z.string() },
    produces: { text: z.string() },
  });
  return implementAgent(agent, {
    graph: () =>
      new StateGraph(State)
        .addNode('gather', () => {
          count('gather');
          return { notes: ['gathered'] };
        })
        .addNode('size', () => {
          const size: unknown = interrupt({ text: 'Which size?', answer: { type: 'string' } });
          count('size');
          return { notes: [`size ${String(size)}`] };
        })
        .addNode('colour', () => {
          const colour: unknown = interrupt('Which colour?');
          count('colour');
          return { notes: [`colour ${String(colour)}`] };
        })
        .addNode('finish', ({ notes }) => {
          const good: unknown = interrupt('Is it good?');
          count('finish');
          return { text: [...notes.toSorted(), `good ${String(good)}`].join(', ') };
        })
        .addEdge(START, 'gather')
        .addEdge('gather', 'size')
        .addEdge('gather', 'colour')
        .addEdge('size', 'finish')
        .addEdge('colour', 'finish')
        .addEdge('finish', END)
        .compile(),
  }) as unknown as AgentImplementation;
}
