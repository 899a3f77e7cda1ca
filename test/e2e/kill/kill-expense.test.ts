import { afterAll, describe, expect, it, vi } from 'vitest';
import { expensesPaidAt } from '../../../examples/06-expense-approval/process.ts';
import type { DeskRow } from '../../../contracts/ports.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { expectRecorded, resultsOf } from './expect-whole.ts';
import type { Failpoint } from './failpoints.ts';
import { life } from './letter.ts';
import { startReceiver } from './receiver.ts';
import { startTrial } from './trial.ts';
import { clearWorkshop, startWorkerProcess } from './worker-process.ts';

// Most of the time of each is spent waiting until the server takes a worker for dead.
vi.setConfig({ maxConcurrency: 16 });
// A cap on what hangs; nothing here is decided by how long it takes.
const patience = 300_000;

const address = await temporalAddress();
const receiver = await startReceiver();
const survivor = await startWorkerProcess();

afterAll(async () => {
  await survivor.kill();
  await receiver[Symbol.asyncDispose]();
  await clearWorkshop();
});

const expenses = expensesPaidAt(`${receiver.url}/letters/once`);
const mapValues = <T, U>(values: { [name: string]: T }, change: (value: T) => U): { [name: string]: U } =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
const seconds = (duration: string): number => 1000 * Number.parseInt(duration, 10);

/** The process, whose dead attempts are noticed sooner, and whose killed calls block their successors no longer. */
const noticing: typeof expenses = {
  ...expenses,
  manifest: {
    ...expenses.manifest,
    tasks: mapValues(expenses.manifest.tasks, (task) => ({
      ...task,
      heartbeat: seconds(life.heartbeat),
      tries: life.tries,
    })),
    effects: mapValues(expenses.manifest.effects, (effect) => ({ ...effect, timeout: 15_000 })),
  },
};

/** Who books it sees that 80 were paid where 60 were meant; a director has the payment amended. */
function decide({ checkpoint }: DeskRow, { decided }: { decided: string[] }) {
  if (checkpoint.kind === 'correction') return { verb: 'amend' } as const;
  const seen = decided.some((one) => one.startsWith('changes'));
  if (checkpoint.name !== 'bookExpense' || seen) return undefined;
  return { verb: 'changes', changes: { task: 'claim-reader', inputs: { amount: 60 } } } as const;
}

// Around the claim, the payment (the first call), its amendment (the second) and the booking (the third).
const failpoints: Failpoint[] = [
  { moment: 'before', operation: 'result claim-reader', nth: 1 },
  { moment: 'after', operation: 'reserved', nth: 1 },
  { moment: 'before', operation: 'connector.call', nth: 1 },
  { moment: 'after', operation: 'connector.call', nth: 1 },
  { moment: 'after', operation: 'settle', nth: 1 },
  { moment: 'before', operation: 'answer', nth: 2 },
  { moment: 'after', operation: 'reserved', nth: 2 },
  { moment: 'after', operation: 'connector.call', nth: 2 },
  { moment: 'before', operation: 'settle', nth: 2 },
  { moment: 'after', operation: 'connector.call', nth: 3 },
];

describe.concurrent('killed while an expense is paid and corrected: paid once, amended once, booked', () => {
  it.each(failpoints)('$moment $operation, time $nth', { timeout: patience }, async (failpoint) => {
    await using trial = await startTrial({
      address,
      receiver,
      survivor,
      process: noticing,
      input: { employee: 'An Employee', purpose: 'taxi', amount: 80 },
      decide,
      failpoints: [{ ...failpoint, how: 'kill' }],
    });
    const result = await trial.finish();
    expect(trial.deaths).toBe(1);
    const claim = { employee: 'An Employee', purpose: 'taxi', account: 'travel' };
    expect(await trial.client.read(result.outputs['claim']!)).toEqual({ ...claim, amount: 60 });
    const { fills } = await receiver.received(trial.run);
    const of = (verb: string, amount: number): [string, unknown] => [
      `${trial.run}/payOut/0/${verb}`,
      { verb, arguments: {}, subjects: { claim: { ...claim, amount } } },
    ];
    expect(fills.map(({ key, body }) => [key, JSON.parse(body) as unknown])).toEqual([
      of('do', 80),
      of('amend', 60),
    ]);
    expect(trial.decided).toEqual(['changes bookExpense', 'amend payOut', 'approve bookExpense']);
    expect(resultsOf(await expectRecorded(trial, result))).toEqual([
      'claim-reader done',
      'claim-reader done',
    ]);
  });
});
