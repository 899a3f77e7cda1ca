import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';

/** Up to this amount nobody is asked, up to the other one a team lead; beyond it a director as well. */
const small = 100;
const middle = 2000;

const Claim = z.object({
  employee: z.string(),
  purpose: z.string(),
  amount: z.number(),
  /** What the books want to know. */
  account: z.enum(['travel', 'meals', 'other']),
});

const claimReader = defineAgent({
  name: 'claim-reader',
  needs: { employee: z.string(), purpose: z.string(), amount: z.number() },
  produces: { claim: Claim },
  facts: { claim: z.object({ amount: z.number() }) },
});

/**
 * An expense, started under its number: paid out at once, after one approval or after two, by its amount; then booked.
 * Whoever books it may find the amount wrong after it was paid: the payment is then a correction that a director decides.
 */
export const expensesPaidAt = (url: string) =>
  defineProcess({
    name: 'expense-approval',
    input: z.object({
      employee: z.string().min(1),
      purpose: z.string().min(1),
      amount: z.number().positive().max(1_000_000),
    }),
    amendable: ['amount', 'purpose'],
    personal: ['employee'],
    output: { claim: Claim },
    team: [claimReader],
    owner: 'director',
    checkpoints: {
      approveClaim: review('claim', {
        by: 'team-lead',
        fourEyes: true,
        when: { claim: { amount: { exclusiveMinimum: small } } },
      }),
      releasePayment: authorise('payOut', {
        by: 'director',
        fourEyes: true,
        when: { claim: { amount: { exclusiveMinimum: middle } } },
      }),
      bookExpense: authorise('book', { by: 'accountant', fourEyes: true }),
    },
    effects: {
      payOut: defineEffect({
        subject: 'claim',
        connector: 'payments',
        destination: { url },
        consequences: 'The amount is paid to the employee.',
        receipt: 'payment',
        amendable: true,
        undoable: true,
      }),
      book: defineEffect({
        subject: ['claim', 'payment'],
        connector: 'files',
        destination: { folder: 'expense-approval' },
        arguments: {
          files: [
            { name: 'claim.json', artifact: 'claim' },
            { name: 'payment.json', artifact: 'payment' },
          ],
        },
        consequences: 'The expense stands in the books.',
      }),
    },
  });

export const expenseApproval = expensesPaidAt('http://127.0.0.1:4710/payments');

const accounts: [words: RegExp, account: z.infer<typeof Claim>['account']][] = [
  [/\b(train|flight|taxi|hotel)\b|車|機票|酒店/i, 'travel'],
  [/\b(lunch|dinner|meal)\b|餐/i, 'meals'],
];

export const claimReaderAgent = implementAgent(claimReader, {
  make: ({ employee, purpose, amount }) => {
    const account = accounts.find(([words]) => words.test(purpose))?.[1] ?? 'other';
    return { claim: { employee, purpose, amount: Math.round(amount * 100) / 100, account } };
  },
  facts: { claim: ({ amount }) => ({ amount }) },
});
