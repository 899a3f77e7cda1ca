import { z } from 'zod';
import { defineAgent, optional } from '../../contracts/define-agent.ts';
import { person } from '../../contracts/define-supplier.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';
import type { Process } from '../../contracts/process-types.ts';

/** A process whose definition a test takes parts of, and breaks. */
export const Draft = z.object({ text: z.string() });
export const Letter = z.object({ text: z.string(), signed: z.boolean() });

export const drafting = defineAgent({
  name: 'drafting',
  version: '3',
  needs: { topic: z.string(), length: z.int() },
  produces: { draft: Draft },
  facts: { draft: z.object({ words: z.int(), tone: z.enum(['warm', 'cold']) }) },
  adjust: z.object({ avoid: z.array(z.string()).default([]) }),
  timeout: '5 minutes',
});

export const signing = defineAgent({
  name: 'signing',
  needs: { draft: Draft, budget: optional(z.number()) },
  produces: { letter: Letter },
});

export const budgeting = person({ produces: { budget: z.number() }, by: 'finance', needs: { draft: Draft } });

export const send = defineEffect({
  subject: 'letter',
  connector: 'http',
  destination: { url: 'https://example.org/letters' },
  consequences: 'The letter is on its way.',
  receipt: 'confirmation',
  amendable: true,
});

export const letters = {
  name: 'letters',
  input: z.object({ topic: z.string(), length: z.int().default(100) }),
  amendable: ['length'],
  personal: ['topic'],
  output: { letter: Letter },
  team: [drafting, signing, budgeting],
  checkpoints: {
    approveDraft: review('draft', {
      by: 'editor',
      editable: Draft,
      when: { draft: { words: { minimum: 100 } } },
    }),
    releaseLetter: authorise('send', { by: { person: 'the chair' }, fourEyes: true }),
  },
  effects: { send },
  when: { signing: { draft: { tone: 'warm' } } },
  budget: { usd: 2 },
} as const;

/** Defines letters with some options replaced, as plain JavaScript could. */
export function defineLetters(changes: { [option: string]: unknown } = {}): Process {
  return defineProcess({ ...letters, ...changes } as unknown as Parameters<
    typeof defineProcess
  >[0]) as Process;
}
