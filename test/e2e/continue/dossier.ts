import { z } from 'zod';
import { askPerson } from '../../../agents/ask-person.ts';
import { implementAgent } from '../../../agents/implement-agent.ts';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import { person } from '../../../contracts/define-supplier.ts';
import type { Project } from '../../../worker/define-project.ts';
import { scriptedOutside } from '../slots/outside.ts';
import type { Outside } from '../slots/outside.ts';
import { oneStep } from '../trace/one-step.ts';
import { StateGraph, START, END } from '@langchain/langgraph';

const Text = z.object({ text: z.string() });
const input = { topic: z.string(), amount: z.int() };

const writer = defineAgent({ name: 'writer', needs: { topic: z.string() }, produces: { letter: Text } });
const asker = defineAgent({ name: 'asker', needs: { topic: z.string() }, produces: { answer: Text } });
const failing = defineAgent({
  name: 'failing',
  needs: { topic: z.string() },
  produces: { luck: Text },
  tries: 1,
});
const billing = defineAgent({ name: 'billing', needs: { amount: z.int() }, produces: { bill: Text } });
const slow = defineAgent({ name: 'slow', needs: { answer: Text }, produces: { slowly: Text } });

/** Every kind of checkpoint at once, with an effect that is done early and can be amended. */
export const dossier = defineProcess({
  name: 'dossier',
  input: z.object(input),
  amendable: ['topic', 'amount'],
  output: { letter: Text, answer: Text, luck: Text, photo: Text, slowly: Text },
  team: [writer, asker, failing, billing, slow, person({ produces: { photo: Text }, by: 'clerk' })],
  owner: 'owner',
  checkpoints: {
    lookAtLetter: review('letter', { by: 'editor', editable: Text.partial() }),
    release: authorise('print', { by: 'manager' }),
  },
  effects: {
    send: defineEffect({
      subject: 'bill',
      connector: 'outside',
      destination: 'billing',
      consequences: 'The bill is sent.',
      amendable: true,
    }),
    print: defineEffect({
      subject: 'letter',
      connector: 'outside',
      destination: 'printer',
      consequences: 'The letter is printed.',
      recall: '2 seconds',
    }),
  },
});

export interface Dossiers {
  project: Project;
  outside: Outside;
  /** Each call of an agent, in order. */
  worked: string[];
  /** While it is set, the slow agent works on. */
  slow: { until: Promise<void> };
}

export function dossiers(): Dossiers {
  const outside = scriptedOutside({ repeatable: true });
  const worked: string[] = [];
  const waits = { until: Promise.resolve() };
  let isLucky = false;
  const agents = [
    oneStep(writer, ({ topic }) => {
      worked.push('writer');
      return { letter: { text: topic } };
    }),
    implementAgent(asker, {
      graph: () =>
        new StateGraph(z.object({ topic: z.string(), answer: Text }))
          .addNode('ask', ({ topic }) => {
            const text = askPerson({ prompt: `What of ${topic}?`, answer: z.string() });
            worked.push('asker');
            return { answer: { text } };
          })
          .addEdge(START, 'ask')
          .addEdge('ask', END)
          .compile(),
    }),
    oneStep(failing, () => {
      worked.push('failing');
      isLucky = !isLucky;
      if (isLucky) throw new Error('No luck.');
      return { luck: { text: 'luck' } };
    }),
    oneStep(billing, ({ amount }) => {
      worked.push('billing');
      return { bill: { text: String(amount) } };
    }),
    oneStep(slow, async ({ answer }) => {
      worked.push('slow');
      await waits.until;
      return { slowly: { text: `${answer.text}, slowly` } };
    }),
  ];
  return {
    project: { processes: [dossier], agents, connectors: { outside } },
    outside,
    worked,
    slow: waits,
  };
}
