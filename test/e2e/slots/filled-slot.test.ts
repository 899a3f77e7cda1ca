import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../contracts/json.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { recorded } from '../decisions/run-history.ts';
import { versionId } from '../../../workflows/fold/versions.ts';
import { decideAt, expectLedgerAgrees, openedAnew } from '../trace/wait.ts';
import { letterAndBill, lettersProject } from './letters.ts';
import { scriptedOutside } from './outside.ts';
import type { Behaviour, Outside } from './outside.ts';

const address = await temporalAddress();
const owner = { id: 'an-owner', roles: ['owner'] };
const outside = scriptedOutside();
/** What the outside answers to a lookup is swapped from test to test. */
let lookup: NonNullable<Outside['lookup']> | undefined;
let baton: TestProject;

beforeAll(async () => {
  const connector = {
    get repeatable() {
      return outside.repeatable;
    },
    call: outside.call.bind(outside),
    get lookup() {
      return lookup;
    },
  } as Outside;
  baton = await startTestProject(lettersProject(connector), { address });
});
afterAll(async () => baton.stop());

/** What the outside is told the content is: its version's identity. */
const letter = (text: string): string => versionId({ digest: digestOf({ text }), facts: {} });

async function start(behaves: Behaviour[] = []): Promise<string> {
  outside.behaves.push(...behaves);
  const { run } = await baton.client.start(
    letterAndBill,
    { subject: 'Rain', amount: 7 },
    { by: 'a-starter' },
  );
  return run;
}

/** The run once its letter is out and only the bill waits. */
async function withLetterOut(): Promise<string> {
  const run = await start();
  await expect.poll(async () => (await slot(run))?.status, { timeout: 20_000 }).toBe('done');
  await openedAnew(baton, run, 'authoriseBill');
  return run;
}

async function slot(run: string, name = 'sendLetter') {
  return (await baton.client.state(run)).state.slots[name];
}

const sent = (run: string, name = 'sendLetter'): number => outside.done.get(`${run}/${name}`) ?? 0;

async function finish(run: string): Promise<void> {
  await decideAt(baton, run, await openedAnew(baton, run, 'authoriseBill'), { verb: 'approve' });
  expect((await baton.client.result(run)).status).toBe('finished');
  expect(sent(run, 'sendBill')).toBe(1);
  await expectLedgerAgrees(baton, run);
  expect(await baton.store.ledger.verify(run)).toEqual([]);
}

describe('a slot that is filled', () => {
  it('the same content made again meets the record and does nothing', async () => {
    const run = await withLetterOut();
    await baton.client.invalidate(run, 'writer', owner);
    await expect
      .poll(async () => (await recorded(baton.store, run, 'started')).length, { timeout: 20_000 })
      .toBe(3);
    await baton.client.amend(run, 'subject', 'RAIN', owner);
    await expect
      .poll(async () => (await recorded(baton.store, run, 'result')).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(4);
    const { open } = await baton.client.state(run);
    expect(open.map(({ checkpoint }) => checkpoint.name)).toEqual(['authoriseBill']);
    await finish(run);
    expect(sent(run)).toBe(1);
    expect(await recorded(baton.store, run, 'reserved')).toHaveLength(2);
  });

  it('other content is a correction: left, the outside keeps what it has', async () => {
    const run = await withLetterOut();
    await baton.client.amend(run, 'subject', 'Snow', owner);
    const correction = await openedAnew(baton, run, 'sendLetter');
    expect(correction.checkpoint).toMatchObject({
      kind: 'correction',
      offers: ['leave', 'amend', 'changes'],
    });
    expect(correction.checkpoint.shown.effect?.filled).toBe(letter('About rain'));
    expect(correction.checkpoint.shown.subjects['letter']).toMatchObject({
      digest: digestOf({ text: 'About snow' }),
    });
    await expectLedgerAgrees(baton, run);
    await decideAt(baton, run, correction, { verb: 'leave' });
    await finish(run);
    expect(sent(run)).toBe(1);
    expect(outside.holds.get(`${run}/sendLetter`)).toBe(letter('About rain'));
  });

  it('other content is a correction: amended, the outside holds the new content, under a new n', async () => {
    const run = await withLetterOut();
    await baton.client.amend(run, 'subject', 'Snow', owner);
    await decideAt(baton, run, await openedAnew(baton, run, 'sendLetter'), { verb: 'amend' });
    await expect.poll(async () => (await slot(run))?.n, { timeout: 20_000 }).toBe(1);
    expect(await slot(run)).toMatchObject({ status: 'done', n: 1, digest: letter('About snow') });
    await finish(run);
    expect(sent(run)).toBe(2);
    expect(outside.holds.get(`${run}/sendLetter`)).toBe(letter('About snow'));
    const calls = outside.calls.filter((call) => call.run === run && call.slot === 'sendLetter');
    expect(calls.map(({ verb, n, idempotencyKey, former }) => [verb, n, idempotencyKey, former])).toEqual([
      ['do', 0, `${run}/sendLetter/0/do`, null],
      ['amend', 0, `${run}/sendLetter/0/amend`, letter('About rain')],
    ]);
  });

  it('amended back before it is decided: the correction goes, and nothing is done', async () => {
    const run = await withLetterOut();
    await baton.client.amend(run, 'subject', 'Snow', owner);
    await openedAnew(baton, run, 'sendLetter');
    await baton.client.amend(run, 'subject', 'Rain', owner);
    const { open } = await baton.client.state(run);
    expect(open.map(({ checkpoint }) => checkpoint.name)).toEqual(['authoriseBill']);
    await finish(run);
    expect(sent(run)).toBe(1);
  });

  it('a correction under way when the content changes again: the authorisation is not for that', async () => {
    const run = await withLetterOut();
    await baton.client.amend(run, 'subject', 'Snow', owner);
    const first = await openedAnew(baton, run, 'sendLetter');
    await baton.client.amend(run, 'subject', 'Hail', owner);
    const second = await openedAnew(baton, run, 'sendLetter', first);
    await expect(decideAt(baton, run, first, { verb: 'amend' })).rejects.toMatchObject({
      type: 'Checkpoint.Stale',
    });
    await decideAt(baton, run, second, { verb: 'amend' });
    await finish(run);
    expect(outside.holds.get(`${run}/sendLetter`)).toBe(letter('About hail'));
  });

  it('a run that is closed and run again performs nothing twice', async () => {
    const run = await withLetterOut();
    await finish(run);
    expect((await baton.client.planRerun(run, 'writer')).slots).toEqual([
      { slot: 'sendLetter', n: 0, digest: letter('About rain'), affected: true },
      { slot: 'sendBill', n: 0, digest: letter('You owe 7'), affected: false },
    ]);
    expect(await baton.client.rerun(run, 'writer', owner)).toEqual({ run, epoch: 2 });
    const again = await baton.client.result(run);
    expect(again).toMatchObject({ status: 'finished', epoch: 2 });
    expect([sent(run), sent(run, 'sendBill')]).toEqual([1, 1]);
    expect(await baton.store.ledger.verify(run, again.head!)).toEqual([]);
    await expectLedgerAgrees(baton, run);
  });
});

describe('the line breaks during a call', () => {
  const held = { wanted: 'wanted', none: 'none', unknown: 'unknown' } as const;
  const answers = (holds: keyof typeof held, forGood: boolean) => async () => ({ holds, forGood });

  it.each([
    ['after it happened, and the outside says so', 'breaks-after', 'wanted', true, 1],
    ['before it happened, and the outside says that for good', 'breaks-before', 'none', true, 2],
  ] as const)('%s: found out without asking anybody', async (_, behaviour, holds, forGood, calls) => {
    lookup = answers(holds, forGood);
    const run = await start([behaviour]);
    await expect.poll(async () => (await slot(run))?.status, { timeout: 20_000 }).toBe('done');
    expect(outside.calls.filter((call) => call.run === run)).toHaveLength(calls);
    await finish(run);
    expect(sent(run)).toBe(1);
  });

  it.each([
    ['nothing is there, but it may still land', answers('none', false)],
    ["the outside can't tell", answers('unknown', false)],
    ['the outside holds something else', answers('unknown', true)],
    ['asking fails too', async () => Promise.reject(new Error('The line is still broken.'))],
    ['there is no way to ask', undefined],
  ] as const)('%s: a person says whether it happened', async (_, answer) => {
    lookup = answer;
    const run = await start(['breaks-after']);
    const asked = await openedAnew(baton, run, 'sendLetter');
    expect(asked.checkpoint).toMatchObject({ kind: 'exception', offers: ['happened', 'didNot'] });
    expect(asked.checkpoint.shown.failure?.type).toBe('Effect.Uncertain');
    await expectLedgerAgrees(baton, run);
    await decideAt(baton, run, asked, { verb: 'happened' });
    await finish(run);
    expect(sent(run)).toBe(1);
    expect(outside.calls.filter((call) => call.run === run && call.slot === 'sendLetter')).toHaveLength(1);
  });

  it('a person says that it did not happen: it is done again, under the same key', async () => {
    lookup = undefined;
    const run = await start(['breaks-before']);
    await decideAt(baton, run, await openedAnew(baton, run, 'sendLetter'), { verb: 'didNot' });
    await expect.poll(async () => (await slot(run))?.status, { timeout: 20_000 }).toBe('done');
    const keys = outside.calls.filter((call) => call.run === run).map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual([`${run}/sendLetter/0/do`, `${run}/sendLetter/0/do`]);
    await finish(run);
    expect(sent(run)).toBe(1);
  });

  it('the outside does not answer in time: told to stop, then asked about', async () => {
    lookup = undefined;
    const run = await start(['hangs']);
    const asked = await openedAnew(baton, run, 'sendLetter');
    await decideAt(baton, run, asked, { verb: 'didNot' });
    await expect.poll(async () => (await slot(run))?.status, { timeout: 20_000 }).toBe('done');
    await finish(run);
    expect(sent(run)).toBe(1);
  });

  it('during an amendment, and the outside still holds the former content for good: amended again', async () => {
    const run = await withLetterOut();
    lookup = async () => ({ holds: 'former', forGood: true });
    await baton.client.amend(run, 'subject', 'Snow', owner);
    const correction = await openedAnew(baton, run, 'sendLetter');
    outside.behaves.push('breaks-before');
    await decideAt(baton, run, correction, { verb: 'amend' });
    await expect.poll(async () => (await slot(run))?.n, { timeout: 20_000 }).toBe(1);
    await finish(run);
    expect(outside.holds.get(`${run}/sendLetter`)).toBe(letter('About snow'));
    expect(sent(run)).toBe(2);
  });
});

describe('the outside says no', () => {
  it('tried again: done once', async () => {
    const run = await start(['refuses']);
    const asked = await openedAnew(baton, run, 'sendLetter');
    expect(asked.checkpoint).toMatchObject({ kind: 'exception', offers: ['retry', 'leave', 'stop'] });
    expect(asked.checkpoint.shown.failure).toEqual({
      type: 'Effect.Refused',
      message: 'The outside says no.',
    });
    await decideAt(baton, run, asked, { verb: 'retry' });
    await expect.poll(async () => (await slot(run))?.status, { timeout: 20_000 }).toBe('done');
    await finish(run);
    expect(sent(run)).toBe(1);
  });

  it('left: the run goes on without it', async () => {
    const run = await start(['refuses']);
    await decideAt(baton, run, await openedAnew(baton, run, 'sendLetter'), { verb: 'leave' });
    await finish(run);
    expect(sent(run)).toBe(0);
  });

  it('stopped: the run closes with nothing done', async () => {
    const run = await start(['refuses']);
    await decideAt(baton, run, await openedAnew(baton, run, 'sendLetter'), { verb: 'stop' });
    expect((await baton.client.result(run)).status).toBe('stopped');
    expect([sent(run), sent(run, 'sendBill')]).toEqual([0, 0]);
    await expectLedgerAgrees(baton, run);
  });
});
