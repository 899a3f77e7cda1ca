import { z } from 'zod';
import { implementAgent } from '../../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../../agents/implement-agent.ts';
import { defineAgent, whole } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import { life } from './letter.ts';
import type { ReportNode } from './letter.ts';

const Part = z.object({ pieces: z.int(), each: z.number() });
const Quote = z.object({ price: z.number(), of: z.string() });
const Total = z.object({ price: z.number(), ordered: z.array(z.string()) });

const reader = defineAgent({
  name: 'reader',
  needs: { list: z.string() },
  produces: { parts: z.record(z.string(), Part) },
  ...life,
});
const pricing = defineAgent({
  name: 'pricing',
  needs: { parts: Part },
  produces: { quote: Quote },
  facts: { quote: z.object({ price: z.number() }) },
  each: { over: 'parts', atOnce: 2 },
  ...life,
});
const summing = defineAgent({
  name: 'summing',
  needs: { quote: whole(Quote) },
  produces: { total: Total },
  ...life,
});

/** Parts ordered one by one of a supplier who acts on each call, and can tell afterwards whether one arrived. */
export const ordersToLookUp = (url: string, options: { isolate?: boolean } = {}) =>
  defineProcess({
    name: 'orders-to-look-up',
    input: z.object({ list: z.string() }),
    output: { total: Total },
    team: [reader, options.isolate ? { ...pricing, isolate: true } : pricing, summing],
    checkpoints: {
      lookAtQuote: review('quote', { by: 'buyer', when: { quote: { price: { exclusiveMinimum: 100 } } } }),
      mayOrder: authorise('order', { by: 'manager' }),
    },
    effects: {
      order: defineEffect({
        subject: 'quote',
        each: true,
        connector: 'lookup',
        destination: { url },
        consequences: 'The part is ordered.',
        receipt: 'confirmation',
        // As for letters: no call takes as long, and a killed one blocks its successor no longer.
        timeout: '15 seconds',
      }),
    },
  });

/** The team's functions: all in one go, and one part at a time. */
export function orderAgents(runs: ReportNode): AgentImplementation[] {
  const agents = [
    implementAgent(reader, {
      async make({ list }) {
        await runs('reader', 'make');
        const lines = list.split(', ').map((line) => line.split(/: | x /));
        return {
          parts: Object.fromEntries(
            lines.map(([name, pieces, each]) => [name, { pieces: Number(pieces), each: Number(each) }]),
          ),
        };
      },
    }),
    implementAgent(pricing, {
      async make({ parts: { pieces, each }, element }) {
        await runs(`pricing/${element}`, 'make');
        return { quote: { price: pieces * each, of: element } };
      },
      facts: { quote: ({ price }) => ({ price }) },
    }),
    implementAgent(summing, {
      async make({ quote }) {
        await runs('summing', 'make');
        const quotes = Object.values(quote);
        return {
          total: {
            price: quotes.reduce((sum, { price }) => sum + price, 0),
            ordered: quotes.map(({ of }) => of).toSorted(),
          },
        };
      },
    }),
  ];
  return agents as unknown as AgentImplementation[];
}

export const ordersInput = { list: 'M8: 100 x 0.5, M10: 3 x 40, M12: 1 x 7' };

/** What each part's order has to hold, by part. */
export const quotes = {
  M10: { price: 120, of: 'M10' },
  M12: { price: 7, of: 'M12' },
  M8: { price: 50, of: 'M8' },
};

/** Each function that runs in a whole run, as `task.node`. */
export const nodesOfOrders = [
  'reader.make',
  'pricing/M8.make',
  'pricing/M10.make',
  'pricing/M12.make',
  'summing.make',
];
