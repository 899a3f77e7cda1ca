import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileConnector } from '../../activities/connectors/file.ts';
import { httpConnector } from '../../activities/connectors/http.ts';
import { claimReaderAgent, expensesPaidAt } from '../../examples/06-expense-approval/process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';
import { decideAt, openedAnew } from './trace/wait.ts';

const service = fork(
  fileURLToPath(new URL('../../examples/06-expense-approval/payments.ts', import.meta.url)),
  ['0'],
  { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
);
let origin = '';
let out = '';
let baton: TestProject;
let expenses: ReturnType<typeof expensesPaidAt>;

beforeAll(async () => {
  const [port] = (await once(service, 'message')) as [number];
  origin = `http://127.0.0.1:${port}`;
  out = await mkdtemp(path.join(tmpdir(), 'baton-expenses-'));
  expenses = expensesPaidAt(`${origin}/payments`);
  baton = await startTestProject(
    {
      processes: [expenses],
      agents: [claimReaderAgent],
      connectors: {
        files: fileConnector({ root: out }),
        payments: httpConnector({ allow: [{ origin, internal: true }], repeatable: true, undo: 'POST' }),
      },
    },
    { address: await temporalAddress() },
  );
});
afterAll(async () => {
  await baton.stop();
  service.disconnect();
  await rm(out, { recursive: true });
});

const approve = { verb: 'approve' } as const;
const claim = (amount: number) => ({ employee: 'An Employee', purpose: 'taxi to the airport', amount });

async function paid(run: string): Promise<unknown> {
  const all = (await (await fetch(`${origin}/payments`)).json()) as { [slot: string]: unknown };
  return all[`${run}/payOut`];
}

describe('an expense is paid by its amount', () => {
  it.for([
    ['a small one at once', 80, ['bookExpense']],
    ['one of exactly the limit at once', 100, ['bookExpense']],
    ['a middle one after a team lead', 640.5, ['approveClaim', 'bookExpense']],
    ['a large one after a team lead and a director', 9000, ['approveClaim', 'releasePayment', 'bookExpense']],
  ] as const)('%s, and once', async ([, amount, asked]) => {
    const script = { approveClaim: [approve], releasePayment: [approve], bookExpense: [approve] };
    const { run, result, outputs, decided } = await baton.run(expenses, claim(amount), { script });
    expect(result.status).toBe('finished');
    expect(decided.map(({ name }) => name)).toEqual(asked);
    expect(decided.map(({ person }) => person)).not.toContain('a-starter');
    expect(outputs['claim']).toMatchObject({ amount, account: 'travel' });
    expect(await paid(run)).toEqual({ employee: 'An Employee', amount });
    const folder = path.join(out, 'expense-approval', run, 'book');
    expect(JSON.parse(await readFile(path.join(folder, 'claim.json'), 'utf8'))).toMatchObject({ amount });
    expect(await baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
  });

  it('a large one that a team lead rejects is not paid, and no director is asked', async () => {
    const script = { approveClaim: [{ verb: 'reject', reason: 'No receipt.' }] } as const;
    const { run, result, decided } = await baton.run(expenses, claim(9000), {
      script: { approveClaim: [...script.approveClaim] },
    });
    expect([result.status, decided.length, await paid(run)]).toEqual(['rejected', 1, undefined]);
  });

  it('nobody approves an expense of their own', async () => {
    const { run } = await baton.client.start(expenses, claim(640), { by: 'a-lead' });
    const { checkpoint, digest } = await openedAnew(baton, run, 'approveClaim');
    const own = baton.client.decide(
      run,
      { verb: 'approve', checkpoint: checkpoint.id, digest },
      { id: 'a-lead', roles: ['team-lead'] },
    );
    await expect(own).rejects.toMatchObject({ type: 'Decision.FourEyes' });
    await baton.finish(run, { approveClaim: [approve], bookExpense: [approve] });
  });
});

describe('the number of an expense', () => {
  it.for([
    [
      'the same expense again',
      claim(80),
      /expense-approval-\S+ of expense-approval holds the key EXP-\d+ \(\w+\)\.$/,
    ],
    ['another expense', claim(81), /holds the key EXP-\d+ .*its input differs: amount\.$/],
  ] as const)(
    'that bears %s is refused with the run that holds it, and nothing is paid twice',
    async (given) => {
      const [what, other, words] = given;
      const start = { by: 'a-starter', key: `EXP-${what.length}` };
      const { run } = await baton.client.start(expenses, claim(80), start);
      const refused = { type: 'Key.InUse', message: expect.stringMatching(words) };
      await expect(baton.client.start(expenses, other, start)).rejects.toMatchObject(refused);
      await baton.finish(run, { bookExpense: [approve] });
      await expect(baton.client.start(expenses, other, start)).rejects.toMatchObject(refused);
      expect(await paid(run)).toEqual({ employee: 'An Employee', amount: 80 });
      expect(await baton.client.runs({ process: expenses.name, key: start.key })).toHaveLength(1);
    },
  );

  it.for([
    ['no amount', { employee: 'An Employee', purpose: 'taxi' }],
    ['nothing to pay', claim(0)],
    ['a negative amount', claim(-5)],
    ['more than any expense', claim(10_000_000)],
    ['nobody', { ...claim(5), employee: '' }],
  ] as const)('%s starts nothing', async ([, input]) => {
    await expect(
      baton.client.start(expenses, input as ReturnType<typeof claim>, { by: 'a-starter' }),
    ).rejects.toMatchObject({ type: expect.stringMatching(/^Input\./) });
  });
});

describe('the amount was wrong, and the accountant sees it after it was paid', () => {
  /** Paid 80, where 60 were meant: a director is asked what becomes of the payment. */
  async function corrected(
    amount: number,
  ): Promise<{ run: string; correction: Awaited<ReturnType<typeof openedAnew>> }> {
    const { run } = await baton.client.start(expenses, claim(80), { by: 'a-starter' });
    const booking = await openedAnew(baton, run, 'bookExpense');
    expect(await paid(run)).toMatchObject({ amount: 80 });
    await decideAt(baton, run, booking, {
      verb: 'changes',
      changes: { task: 'claim-reader', inputs: { amount }, words: 'The receipt says otherwise.' },
    });
    if (amount > 100) await decideAt(baton, run, await openedAnew(baton, run, 'approveClaim'), approve);
    return { run, correction: await openedAnew(baton, run, 'payOut') };
  }

  it('amended: the other side holds the right amount, and it is booked so', async () => {
    const { run, correction } = await corrected(60);
    expect(correction.checkpoint).toMatchObject({ kind: 'correction', by: { role: 'director' } });
    expect(correction.checkpoint.offers).toEqual(expect.arrayContaining(['leave', 'amend', 'changes']));
    expect(await paid(run)).toMatchObject({ amount: 80 });
    const { result } = await baton.finish(run, { payOut: [{ verb: 'amend' }], bookExpense: [approve] });
    expect(result.status).toBe('finished');
    expect(await paid(run)).toMatchObject({ amount: 60 });
    const payment = path.join(out, 'expense-approval', run, 'book', 'payment.json');
    expect(JSON.parse(await readFile(payment, 'utf8'))).toMatchObject({
      status: 200,
      answer: expect.stringContaining('"moved":-20'),
    });
  });

  it('amended to one that is no longer small: a team lead approves it first', async () => {
    const { run } = await corrected(640);
    await baton.finish(run, { payOut: [{ verb: 'amend' }], bookExpense: [approve] });
    expect(await paid(run)).toMatchObject({ amount: 640 });
  });

  it('undone and done: the other side takes it back and pays the right amount, as was shown', async () => {
    const { run } = await corrected(60);
    const script = { payOut: [{ verb: 'undoThenDo' } as const], bookExpense: [approve] };
    const { result } = await baton.finish(run, script);
    expect(result.status).toBe('finished');
    expect(await paid(run)).toMatchObject({ amount: 60 });
    const ended = (await baton.store.slots.list(run)).filter(({ slot }) => slot === 'payOut');
    expect(ended.map(({ n, verb, status }) => `${n} ${verb} ${status}`)).toEqual([
      '0 do success',
      '0 undo success',
      '1 do success',
    ]);
  });

  it('left: the other side keeps what it has, and the run finishes', async () => {
    const { run } = await corrected(60);
    const { result } = await baton.finish(run, { payOut: [{ verb: 'leave' }], bookExpense: [approve] });
    expect(result.status).toBe('finished');
    expect(await paid(run)).toMatchObject({ amount: 80 });
  });
});

describe('the payments service of the example', () => {
  const order = (amount: number, verb = 'do') =>
    JSON.stringify({ verb, subjects: { claim: { employee: 'An Employee', amount } } });
  const post = async (key: string | null, body: string): Promise<{ status: number; answer: unknown }> => {
    const headers: { [name: string]: string } = key === null ? {} : { 'idempotency-key': key };
    const response = await fetch(`${origin}/payments`, { method: 'POST', headers, body });
    return { status: response.status, answer: await response.json() };
  };

  it('acts once on a key, refuses another order under it, and takes back', async () => {
    const first = await post('r/payOut/0/do', order(12));
    expect(first).toMatchObject({ status: 200, answer: { paid: 12 } });
    expect(await post('r/payOut/0/do', order(12))).toEqual(first);
    expect((await post('r/payOut/0/do', order(13))).status).toBe(422);
    expect((await post('r/payOut/1/do', order(13))).status).toBe(422);
    expect(await post('r/payOut/0/amend', order(10, 'amend'))).toMatchObject({
      answer: { paid: 10, moved: -2 },
    });
    expect(await paid('r')).toMatchObject({ amount: 10 });
    const undone = await post('r/payOut/1/undo', JSON.stringify({ verb: 'undo', subjects: {} }));
    expect(undone).toMatchObject({ status: 200, answer: { tookBack: 10 } });
    expect(await paid('r')).toBeUndefined();
  });

  it.for([
    ['no key', null, order(1), 400],
    ['no JSON', 'x/payOut/0/do', '{', 400],
    ['no order', 'x/payOut/0/do', '{}', 400],
    ['nothing to pay', 'x/payOut/0/do', order(0), 422],
    ['an amendment of nothing', 'x/payOut/0/amend', order(5, 'amend'), 422],
  ] as const)('%s is refused', async ([, key, body, status]) => {
    expect((await post(key, body)).status).toBe(status);
  });
});
