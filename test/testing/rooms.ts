import { END, START, StateGraph } from '@langchain/langgraph';
import { z } from 'zod';
import { askPerson } from '../../agents/ask-person.ts';
import { implementAgent } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess } from '../../contracts/define-process.ts';

const needs = { people: z.int() };
const produces = { booking: z.object({ room: z.string(), people: z.int() }) };
const finder = defineAgent({ name: 'finder', needs, produces });

/** A graph that asks in its midst. */
export const roomAgent = implementAgent(finder, {
  graph: () =>
    new StateGraph(z.object({ ...needs, ...produces }))
      .addNode('book', ({ people }) => ({
        booking: { people, room: askPerson({ prompt: 'Which room?', answer: z.enum(['Plum', 'Lotus']) }) },
      }))
      .addEdge(START, 'book')
      .addEdge('book', END)
      .compile(),
});

export const room = defineProcess({
  name: 'room',
  input: z.object(needs),
  output: produces,
  team: [finder],
});
