import { z } from 'zod';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess } from '../../../contracts/define-process.ts';
import type { Connector } from '../../../contracts/ports.ts';
import type { Project } from '../../../worker/define-project.ts';
import { oneStep } from '../trace/one-step.ts';

const Text = z.object({ text: z.string() });

const writer = defineAgent({
  name: 'writer',
  needs: { subject: z.string() },
  produces: { letter: Text },
});
const accountant = defineAgent({
  name: 'accountant',
  needs: { amount: z.int() },
  produces: { bill: Text },
});

/**
 * Two effects: the letter goes out by itself as soon as it is written, while the bill waits for a manager and so keeps
 * the run open. The letter can be replaced on the other side, the bill can't.
 */
export const letterAndBill = defineProcess({
  name: 'letter-and-bill',
  input: z.object({ subject: z.string(), amount: z.int() }),
  amendable: ['subject', 'amount'],
  output: { letter: Text, bill: Text },
  team: [writer, accountant],
  owner: 'owner',
  checkpoints: { authoriseBill: authorise('sendBill', { by: 'manager' }) },
  effects: {
    sendLetter: defineEffect({
      subject: 'letter',
      connector: 'outside',
      destination: { box: 'letters' },
      consequences: 'The letter is sent.',
      amendable: true,
      timeout: '2 seconds',
    }),
    sendBill: defineEffect({
      subject: 'bill',
      connector: 'outside',
      destination: { box: 'bills' },
      consequences: 'The bill is sent.',
      timeout: '2 seconds',
    }),
  },
});

export function lettersProject(outside: Connector): Project {
  return {
    processes: [letterAndBill],
    agents: [
      oneStep(writer, ({ subject }) => ({ letter: { text: `About ${subject.toLowerCase()}` } })),
      oneStep(accountant, ({ amount }) => ({ bill: { text: `You owe ${amount}` } })),
    ],
    connectors: { outside },
  };
}
