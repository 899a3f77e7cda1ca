import { END, START, StateGraph, interrupt } from '@langchain/langgraph';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess } from '../../contracts/define-process.ts';

const Booking = z.object({ room: z.string(), people: z.int() });

const roomFinder = defineAgent({
  name: 'room-finder',
  needs: { people: z.int() },
  produces: { booking: Booking },
});

/** An agent that asks instead of guessing: where several rooms fit equally well, a person picks one. */
export const roomBooking = defineProcess({
  name: 'room-booking',
  input: z.object({ people: z.int().min(1).max(40) }),
  output: { booking: Booking },
  team: [roomFinder],
  owner: 'reception',
});

const rooms = [
  { name: 'Camphor', seats: 6 },
  { name: 'Bauhinia', seats: 12 },
  { name: 'Plum', seats: 12 },
  { name: 'Hall', seats: 40 },
];

const State = z.object({ people: z.int(), fitting: z.array(z.string()), booking: Booking });

export const roomFinderAgent = implementAgent(roomFinder, {
  graph: () =>
    new StateGraph(State)
      .addNode('find', ({ people }) => {
        const fewest = Math.min(...rooms.filter(({ seats }) => seats >= people).map(({ seats }) => seats));
        return { fitting: rooms.filter(({ seats }) => seats === fewest).map(({ name }) => name) };
      })
      .addNode('ask', ({ fitting, people }) => {
        // Nothing before interrupt() may act on the world: the node runs again from its top when it is answered.
        const answer: unknown = interrupt({
          question: `Which room for ${people} people?`,
          answer: { type: 'string', enum: fitting },
        });
        return { fitting: [z.string().parse(answer)] };
      })
      .addNode('book', ({ fitting, people }) => ({ booking: { room: fitting[0]!, people } }))
      .addEdge(START, 'find')
      .addConditionalEdges('find', ({ fitting }) => (fitting.length > 1 ? 'ask' : 'book'), ['ask', 'book'])
      .addEdge('ask', 'book')
      .addEdge('book', END)
      .compile(),
});
