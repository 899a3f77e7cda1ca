import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { implementAgent } from '../../../agents/implement-agent.ts';
import { defineAgent, whole } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import type { Project } from '../../../worker/define-project.ts';
import { scriptedOutside } from '../slots/outside.ts';
import type { Outside } from '../slots/outside.ts';

const Part = z.object({ pieces: z.int(), each: z.number() });
const Quote = z.object({ price: z.number(), of: z.string() });
const Total = z.object({ price: z.number(), parts: z.array(z.string()) });

const reader = defineAgent({
  name: 'reader',
  needs: { list: z.string() },
  produces: { parts: z.record(z.string(), Part) },
  facts: { parts: z.object({ pieces: z.int() }) },
});
const pricing = defineAgent({
  name: 'pricing',
  needs: { parts: Part },
  produces: { quote: Quote },
  facts: { quote: z.object({ price: z.number() }) },
  adjust: z.object({ discount: z.number().default(0) }),
  each: { over: 'parts', atOnce: 2 },
});
const summing = defineAgent({
  name: 'summing',
  needs: { quote: whole(Quote) },
  produces: { total: Total },
});

/** Quotes for the parts of a list: each made, looked at where it is dear, and ordered by itself. */
export const purchase = defineProcess({
  name: 'purchase',
  input: z.object({ list: z.string() }),
  amendable: ['list'],
  output: { total: Total, quote: whole(Quote) },
  team: [reader, pricing, summing],
  checkpoints: {
    lookAtQuote: review('quote', {
      by: 'buyer',
      editable: Quote.partial(),
      when: { quote: { price: { exclusiveMinimum: 100 } } },
    }),
    mayOrder: authorise('order', { by: 'manager' }),
  },
  effects: {
    order: defineEffect({
      subject: 'quote',
      each: true,
      connector: 'supplier',
      destination: 'the supplier',
      consequences: 'The part is ordered.',
    }),
  },
});

export interface Purchasing {
  project: Project;
  outside: Outside;
  /** Each call of the agent that prices, by part. */
  priced: string[];
  /** The most that were priced at once. */
  readonly atOnce: number;
  /** Parts whose pricing fails. */
  failing: Set<string>;
}

/** The process with agents that count: a list reads `M8: 100 x 0.5, M10: 3 x 40`. */
export function purchasing(): Purchasing {
  const outside = scriptedOutside();
  const priced: string[] = [];
  const failing = new Set<string>();
  let running = 0;
  let atOnce = 0;
  const agents = [
    implementAgent(reader, {
      make: ({ list }) => ({
        parts: Object.fromEntries(
          list.split(',').map((line) => {
            const [name = '', pieces, each] = line.split(/[:x]/).map((word) => word.trim());
            return [name, { pieces: Number(pieces), each: Number(each) }];
          }),
        ),
      }),
      facts: { parts: (part) => ({ pieces: (part as unknown as { pieces: number }).pieces }) },
    }),
    implementAgent(pricing, {
      make: async ({ parts: { pieces, each }, element, adjust }) => {
        priced.push(element);
        running++;
        atOnce = Math.max(atOnce, running);
        for (let turn = 0; turn < 20; turn++) await setImmediate();
        running--;
        if (failing.has(element)) throw new Error('The price list is away.');
        return { quote: { price: pieces * each - adjust.discount, of: element } };
      },
      facts: { quote: ({ price }) => ({ price }) },
      previews: {
        quote: ({ price }, { parts }) => `<p>${price} for ${parts?.pieces} pieces</p>`,
      },
      applyEdit: (_artifact, base, delta) => ({ ...base, ...Quote.partial().parse(delta) }) as typeof base,
    }),
    implementAgent(summing, {
      make: ({ quote }) => ({
        total: {
          price: Object.values(quote).reduce((sum, { price }) => sum + price, 0),
          parts: Object.keys(quote).toSorted(),
        },
      }),
    }),
  ];
  return {
    project: { processes: [purchase], agents, connectors: { supplier: outside } },
    outside,
    priced,
    failing,
    get atOnce() {
      return atOnce;
    },
  };
}
