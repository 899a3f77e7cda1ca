import { z } from 'zod';
import { implementAgent } from '../../../agents/implement-agent.ts';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import { person } from '../../../contracts/define-supplier.ts';
import { processAgent } from '../../../contracts/process-agent.ts';
import type { Connector } from '../../../contracts/ports.ts';

const Summary = z.object({ text: z.string() });

const summing = defineAgent({
  name: 'summing',
  needs: { subject: z.string() },
  produces: { summary: Summary },
  facts: { summary: z.object({ letters: z.int() }) },
});
/** Sums a subject up; its own editor has to agree, and somebody is told. */
export const summarise = defineProcess({
  name: 'summarise',
  input: z.object({ subject: z.string() }),
  output: { summary: Summary },
  team: [summing],
  checkpoints: {
    agree: review('summary', { by: 'editor' }),
    tell: authorise('told', { by: 'editor' }),
  },
  effects: {
    told: defineEffect({
      subject: 'summary',
      connector: 'ears',
      destination: {},
      arguments: {},
      consequences: 'Somebody knows.',
      amendable: true,
    }),
  },
});

const lettering = defineAgent({
  name: 'lettering',
  needs: { digest: Summary, topic: z.string() },
  produces: { letter: z.string() },
});
/** A letter about a topic, whose summary is made by a process of its own. */
export const letterWriting = defineProcess({
  name: 'letter-writing',
  input: z.object({ topic: z.string() }),
  amendable: ['topic'],
  output: { letter: z.string() },
  team: [
    processAgent(summarise, { needs: { subject: 'topic' }, produces: { summary: 'digest' } }),
    lettering,
  ],
  checkpoints: { send: review('letter', { by: 'manager' }) },
});

const marking = person({ name: 'marking', produces: { mark: z.string() }, by: 'editor' });
/** Tells somebody at once, and waits for a person then. */
export const telling = defineProcess({
  name: 'telling',
  input: z.object({ subject: z.string() }),
  output: { mark: z.string() },
  team: [summing, marking],
  effects: {
    said: defineEffect({
      subject: 'summary',
      connector: 'ears',
      destination: {},
      arguments: {},
      consequences: 'Somebody knows.',
      undoable: true,
    }),
  },
});
export const tellingLater = defineProcess({
  name: 'telling-later',
  input: z.object({ subject: z.string() }),
  output: { mark: z.string() },
  team: [processAgent(telling)],
});

export const made: string[] = [];
export const nestedAgents = [
  implementAgent(summing, {
    make: ({ subject, words }) => {
      made.push(subject);
      return { summary: { text: words === undefined ? `${subject}, in short` : `${subject}: ${words}` } };
    },
    facts: { summary: ({ text }) => ({ letters: text.length }) },
  }),
  implementAgent(lettering, {
    make: ({ digest, topic }) => ({ letter: `On ${topic}. ${digest.text}.` }),
  }),
];

/** What was told, by idempotency key. */
export const told = new Map<string, number>();
/** What was taken back. */
export const undone: string[] = [];
export const ears: Connector = {
  repeatable: true,
  undoes: true,
  async call({ idempotencyKey, verb }) {
    if (verb === 'undo') undone.push(idempotencyKey);
    told.set(idempotencyKey, (told.get(idempotencyKey) ?? 0) + 1);
    return { heard: true };
  },
};
