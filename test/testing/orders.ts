import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';

const pricer = defineAgent({
  name: 'pricer',
  needs: { article: z.string(), count: z.int() },
  produces: { quote: z.object({ article: z.string(), total: z.number() }) },
  facts: { quote: z.object({ total: z.number() }) },
  adjust: z.object({ discount: z.int().min(0).max(50).default(0) }),
});
export const pricerAgent = implementAgent(pricer, {
  make: ({ article, count, adjust }) => ({
    quote: { article, total: count * 10 * (1 - adjust.discount / 100) },
  }),
  facts: { quote: ({ total }) => ({ total }) },
  applyEdit: (_artifact, base, delta) => ({ ...base, ...(delta as { total: number }) }),
});

/** An order that somebody looks at where it is dear, that somebody else releases, and that can be recalled. */
export const order = defineProcess({
  name: 'order',
  input: z.object({ article: z.string(), count: z.int() }),
  amendable: ['count'],
  output: { quote: pricer.produces.quote },
  team: [pricer],
  checkpoints: {
    look: review('quote', {
      by: 'buyer',
      editable: z.object({ total: z.number() }),
      when: { quote: { total: { minimum: 100 } } },
    }),
    release: authorise('send', { by: 'manager', fourEyes: true }),
  },
  effects: {
    send: defineEffect({
      subject: 'quote',
      connector: 'mail',
      destination: { to: 'orders' },
      arguments: {},
      consequences: 'The order is sent.',
      amendable: true,
      recall: '10 minutes',
    }),
  },
});
