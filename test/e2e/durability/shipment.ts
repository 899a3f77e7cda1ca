import { setTimeout as sleep } from 'node:timers/promises';
import { END, START, StateGraph } from '@langchain/langgraph';
import { z } from 'zod';
import { askPerson } from '../../../agents/ask-person.ts';
import { implementAgent } from '../../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../../agents/implement-agent.ts';
import { defineAgent, whole } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import { fakeModel } from '../../../testing/fake-model.ts';
import type { Project } from '../../../worker/define-project.ts';

const local = { durability: 'local' } as const;
const Weights = z.record(z.string(), z.int());

const listing = defineAgent({
  name: 'listing',
  needs: { parcels: z.string() },
  produces: { weights: Weights },
  ...local,
});
const weighing = defineAgent({
  name: 'weighing',
  needs: { weights: z.int() },
  produces: { label: z.object({ grams: z.int() }) },
  facts: { label: z.object({ grams: z.int() }) },
  each: { over: 'weights', atOnce: 4 },
  tries: 2,
  ...local,
});
const adding = defineAgent({
  name: 'adding',
  needs: { label: whole(z.object({ grams: z.int() })) },
  produces: { total: z.object({ grams: z.int() }) },
  ...local,
});
const routing = defineAgent({
  name: 'routing',
  needs: { parcels: z.string() },
  produces: { route: z.string() },
});
const noting = defineAgent({
  name: 'noting',
  needs: { route: z.string(), parcels: z.string() },
  produces: { note: z.string() },
  ...local,
});
const asking = defineAgent({
  name: 'asking',
  needs: { parcels: z.string() },
  produces: { word: z.string() },
  ...local,
});

export const shipment = defineProcess({
  name: 'shipment',
  input: z.object({ parcels: z.string() }),
  output: { total: z.object({ grams: z.int() }), note: z.string() },
  team: [listing, weighing, adding, routing, noting],
  checkpoints: {
    lookAtLabel: review('label', { by: 'clerk', when: { label: { grams: { exclusiveMinimum: 100 } } } }),
    lookAtRoute: review('route', { by: 'clerk' }),
    maySend: authorise('send', { by: 'manager' }),
  },
  effects: {
    send: defineEffect({ subject: 'total', connector: 'post', destination: {}, consequences: 'It is sent.' }),
  },
});
export const talk = defineProcess({
  name: 'talk',
  input: z.object({ parcels: z.string() }),
  output: { word: z.string() },
  team: [asking],
});

/** Parcels that break, by how often they still will. */
export const breaking = new Map<string, number>();
export const calls: string[] = [];
/** Milliseconds that a parcel takes: those further down the list are done sooner, and two at once. */
export const slowness = { a: 60, b: 25, c: 25, d: 1, e: 40, f: 1, g: 12 };
export const parcels = 'a=1 b=20 c=300 d=4 e=5 f=600 g=7';

const team = [
  implementAgent(listing, {
    make: ({ parcels: list }) => ({
      weights: Object.fromEntries(
        list
          .split(' ')
          .map((one) => one.split('='))
          .map(([k, v]) => [k, Number(v)]),
      ),
    }),
  }),
  implementAgent(weighing, {
    async make({ weights, element }) {
      calls.push(element);
      await sleep(slowness[element as keyof typeof slowness]);
      const left = breaking.get(element) ?? 0;
      if (left > 0) {
        breaking.set(element, left - 1);
        throw new Error(`${element} fell off the scales`);
      }
      return { label: { grams: weights } };
    },
    facts: { label: ({ grams }) => ({ grams }) },
  }),
  implementAgent(adding, {
    make: ({ label }) => ({
      total: { grams: Object.values(label).reduce((sum, { grams }) => sum + grams, 0) },
    }),
  }),
  implementAgent(routing, { make: ({ parcels: list }) => ({ route: `by road: ${list.length}` }) }),
  implementAgent(noting, {
    async make({ route, parcels: list }, { model }) {
      if (list.includes('model')) model();
      await sleep(5);
      return { note: `${route}.` };
    },
  }),
  implementAgent(asking, {
    graph: () =>
      new StateGraph(z.object({ word: z.string() }))
        .addNode('ask', () => ({ word: askPerson({ prompt: 'Which word?', answer: z.string() }) }))
        .addEdge(START, 'ask')
        .addEdge('ask', END)
        .compile(),
  }),
] as unknown as AgentImplementation[];
export const shipping: Project = {
  processes: [shipment, talk],
  agents: team,
  connectors: { post: { repeatable: true, call: async () => null } },
  models: { default: fakeModel() },
};
