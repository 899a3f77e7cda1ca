import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkflowFailedError } from '@temporalio/client';
import { z } from 'zod';
import { readRunFromLedger, outcomesOf } from '../../client/read-run.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { outside, person } from '../../contracts/define-supplier.ts';
import { defineProcess, review } from '../../contracts/define-process.ts';
import type { Json } from '../../contracts/json.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../../store/open-store.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { failureOf, recorded, refusals } from '../e2e/decisions/run-history.ts';
import { oneStep } from '../e2e/trace/one-step.ts';
import { decideAt, expectLedgerAgrees, openedAnew } from '../e2e/trace/wait.ts';
import { temporalAddress } from '../temporal-server.ts';
import { crashStart } from './crashed-start.ts';

const address = await temporalAddress();
const owner = { id: 'an-owner', roles: ['owner'] };
const stranger = { id: 'a-stranger', roles: ['visitor'] };

const Prices = z.object({ tea: z.number() });
const Note = z.object({ text: z.string() });
const Terms = z.object({ discounts: z.array(z.number()) });

const feed = outside({ name: 'feed', produces: { prices: Prices } });
const noter = person({ name: 'noter', needs: { prices: Prices }, produces: { note: Note }, by: 'buyer' });
const teller = defineAgent({
  name: 'teller',
  needs: { cups: z.int(), terms: Terms, prices: Prices, note: Note },
  produces: { offer: z.object({ total: z.number(), note: z.string() }) },
});

/** From another system's prices and a buyer's note to an offer. */
const teaOffer = defineProcess({
  name: 'tea-offer',
  input: z.object({ cups: z.int().min(1), terms: Terms, customer: z.string() }),
  amendable: ['cups', 'terms'],
  output: { offer: z.object({ total: z.number(), note: z.string() }) },
  team: [feed, noter, teller],
  checkpoints: { approveOffer: review('offer', { by: 'seller' }) },
});

const input = { cups: 3, terms: { discounts: [] as number[] }, customer: 'A' };
let told = 0;
let baton: TestProject;

beforeAll(async () => {
  const agents = [
    oneStep(teller, ({ cups, terms, prices, note }) => {
      told++;
      const off = terms.discounts.reduce((sum, discount) => sum + discount, 0);
      return { offer: { total: cups * prices.tea - off, note: note.text } };
    }),
  ];
  baton = await startTestProject({ processes: [teaOffer], agents }, { address });
});
afterAll(async () => baton.stop());

async function untilOffer() {
  const { run } = await baton.client.start(teaOffer, input, { by: 'a-starter' });
  await baton.client.provide(run, { prices: { tea: 2 } }, { id: 'a-feed', roles: [] });
  await decideAt(baton, run, await openedAnew(baton, run, 'noter'), {
    verb: 'supply',
    artifacts: { note: { text: 'soon' } },
  });
  return { run, asked: await openedAnew(baton, run, 'approveOffer') };
}

const offerAt = async ({ checkpoint }: Awaited<ReturnType<typeof openedAnew>>): Promise<Json> =>
  baton.client.read(checkpoint.shown.subjects['offer']!);

describe('what comes from outside and from people', () => {
  it('is handed in, checked, used, and by whom is on record', async () => {
    const { run } = await baton.client.start(teaOffer, input, { by: 'a-starter' });
    const provide = async (artifacts: object): Promise<string> =>
      failureOf(baton.client.provide(run, artifacts as { [name: string]: Json }, owner));
    expect(await provide({ offer: 1 })).toBe('Command.Refused');
    expect(await provide({})).toBe('Command.Refused');
    expect(await provide({ prices: { tea: 'dear' } })).toBe('Decision.InvalidSupply');
    expect((await refusals(baton.store, run)).map(({ type }) => type)).toEqual([
      'Command.Refused',
      'Command.Refused',
      'Decision.InvalidSupply',
    ]);
    expect(await provide({ prices: { tea: 2 } })).toBe('none');
    const asked = await openedAnew(baton, run, 'noter');
    expect(asked.checkpoint).toMatchObject({ kind: 'input', offers: ['supply'], by: { role: 'buyer' } });
    expect(await baton.client.read(asked.checkpoint.shown.subjects['prices']!)).toEqual({ tea: 2 });
    await decideAt(baton, run, asked, { verb: 'supply', artifacts: { note: { text: 'soon' } } });
    const offer = await openedAnew(baton, run, 'approveOffer');
    expect(await offerAt(offer)).toEqual({ total: 6, note: 'soon' });
    await expectLedgerAgrees(baton, run);

    // Provided again: the offer is made of the new prices, and nobody's note is lost.
    expect(await provide({ prices: { tea: 3 } })).toBe('none');
    const note = await openedAnew(baton, run, 'noter', asked);
    expect(note.checkpoint.shown.lapsed).toBeDefined();
    await decideAt(baton, run, note, { verb: 'supply', artifacts: { note: { text: 'later' } } });
    const second = await openedAnew(baton, run, 'approveOffer', offer);
    expect(await offerAt(second)).toEqual({ total: 9, note: 'later' });
    await decideAt(baton, run, second, { verb: 'approve' });
    expect((await baton.client.result(run)).status).toBe('finished');
    await expectLedgerAgrees(baton, run);
  });
});

describe('commands to a run under way', () => {
  it('amend: an input replaced is checked whole, and only what depends on it is made again', async () => {
    const { run, asked } = await untilOffer();
    const before = told;
    const amend = async (field: string, value: Json, by = owner): Promise<string> =>
      failureOf(baton.client.amend(run, field, value, by));
    expect(await amend('customer', 'B')).toBe('Command.Refused');
    expect(await amend('cups', 0)).toBe('Command.Refused');
    expect(await amend('terms', { discounts: ['all'] })).toBe('Command.Refused');
    expect(await amend('nothing', 1)).toBe('Command.Refused');
    expect(await amend('cups', 5, stranger)).toBe('Decision.NotAllowed');
    expect(await refusals(baton.store, run)).toHaveLength(5);
    expect(await amend('terms', { discounts: [1, 1] })).toBe('none');
    const second = await openedAnew(baton, run, 'approveOffer', asked);
    expect(await offerAt(second)).toEqual({ total: 4, note: 'soon' });
    expect(told).toBe(before + 1);
    expect(await failureOf(decideAt(baton, run, asked, { verb: 'approve' }))).toBe('Checkpoint.Stale');
    expect(await amend('terms', { discounts: [] })).toBe('none');
    const back = await openedAnew(baton, run, 'approveOffer', second);
    expect(back.digest).toBe(asked.digest);
    expect(told).toBe(before + 1);
    await expectLedgerAgrees(baton, run);
  });

  it('invalidate: made again; equal, it is the same question still', async () => {
    const { run, asked } = await untilOffer();
    const before = told;
    expect(await failureOf(baton.client.invalidate(run, 'nobody', owner))).toBe('Command.Refused');
    expect(await failureOf(baton.client.invalidate(run, 'teller', stranger))).toBe('Decision.NotAllowed');
    await baton.client.invalidate(run, 'teller', owner);
    await expect.poll(() => told, { timeout: 20_000 }).toBe(before + 1);
    const again = await openedAnew(baton, run, 'approveOffer');
    expect(again.digest).toBe(asked.digest);
    await decideAt(baton, run, again, { verb: 'approve' });
    expect((await baton.client.result(run)).status).toBe('finished');
  });

  it('cancel: the run closes, and takes nothing more', async () => {
    const { run, asked } = await untilOffer();
    expect(await failureOf(baton.client.cancel(run, stranger))).toBe('Decision.NotAllowed');
    await baton.client.cancel(run, owner);
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(await failureOf(decideAt(baton, run, asked, { verb: 'approve' }))).toBe('Run.Closed');
    expect(await failureOf(baton.client.cancel(run, owner))).toBe('Run.Closed');
    expect(await failureOf(baton.client.provide(run, { prices: { tea: 1 } }, owner))).toBe('Run.Closed');
    await expectLedgerAgrees(baton, run);
  });
});

describe('starting', () => {
  it('refuses input that fails its schema, with the field', async () => {
    const start = async (given: object) => baton.client.start(teaOffer, given as never, { by: 'a-starter' });
    await expect(start({ ...input, cups: 0 })).rejects.toMatchObject({
      type: 'Input.Invalid',
      message: expect.stringContaining('cups'),
    });
    await expect(start({ cups: 1 })).rejects.toMatchObject({ type: 'Input.Invalid' });
    await expect(start({ ...input, tea: true })).rejects.toMatchObject({
      type: 'Input.Invalid',
      message: expect.stringContaining('tea'),
    });
    expect(await baton.client.runs({ process: 'tea-offer', key: 'none' })).toEqual([]);
  });

  it('a business key belongs to one run, also once that has closed', async () => {
    const key = 'case-1';
    const { run } = await baton.client.start(teaOffer, input, { by: 'a-starter', key });
    const again = baton.client.start(teaOffer, input, { by: 'a-starter', key });
    await expect(again).rejects.toMatchObject({
      type: 'Key.InUse',
      message: expect.stringContaining(run),
    });
    await baton.client.cancel(run, owner);
    await baton.client.result(run);
    expect(await failureOf(baton.client.start(teaOffer, input, { by: 'a-starter', key }))).toBe('Key.InUse');
    expect(await baton.client.runs({ process: 'tea-offer', key })).toHaveLength(1);
  });

  it('a start that crashed after reserving is gone on with: by resuming, or by starting again', async () => {
    const reserve = async (run: string, key: string): Promise<void> =>
      crashStart(baton, teaOffer, input, { run, key });
    await reserve('tea-offer-crashed-1', 'crashed-1');
    expect((await baton.client.resumeStarts()).resumed).toContain('tea-offer-crashed-1');
    await baton.client.cancel('tea-offer-crashed-1', owner);
    expect((await baton.client.result('tea-offer-crashed-1')).status).toBe('cancelled');

    await reserve('tea-offer-crashed-2', 'crashed-2');
    const { run } = await baton.client.start(teaOffer, input, { by: 'a-starter', key: 'crashed-2' });
    expect(run).toBe('tea-offer-crashed-2');
    await baton.client.cancel(run, owner);
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(await baton.client.resumeStarts()).toEqual({ resumed: [], failed: [] });
  });
});

describe('running again', () => {
  it('a closed run takes up what it had, one epoch later, after a plan', async () => {
    const { run, asked } = await untilOffer();
    await decideAt(baton, run, asked, { verb: 'approve' });
    await baton.client.result(run);
    const before = told;
    expect(await failureOf(baton.client.planRerun(run, 'nobody'))).toBe('Task.Unknown');
    const plan = await baton.client.planRerun(run, 'teller');
    expect(plan).toMatchObject({ from: 'teller', epoch: 2, again: ['teller'], slots: [] });
    expect(plan.stays.toSorted()).toEqual(['feed', 'noter']);
    expect(await baton.client.rerun(run, 'teller', owner)).toEqual({ run, epoch: 2 });
    expect(await baton.client.result(run)).toMatchObject({ status: 'finished', epoch: 2 });
    expect(told).toBe(before + 1);
    const old = baton.store.commit({
      batch: { run, epoch: 1, from: 99, outcomes: [{ type: 'close', to: 'stopped' }] },
    });
    expect(await failureOf(old)).toBe('Run.OldEpoch');
    await expectLedgerAgrees(baton, run);
    expect(await baton.store.ledger.verify(run)).toEqual([]);
  });

  it('an execution of an older epoch ends itself, and records nothing more', async () => {
    const { run, asked } = await untilOffer();
    const { state } = await baton.client.state(run);
    const again = { kind: 'again', run, state: { ...state, status: 'stopped' } };
    const records = await baton.store.ledger.read(run);
    await baton.store.runs.openEpoch(run, 2, again as unknown as Json);
    const handle = baton.client.temporal.workflow.getHandle(run);
    await baton.client
      .decide(run, { checkpoint: asked.checkpoint.id, digest: asked.digest, verb: 'approve' }, owner)
      .catch(() => undefined);
    // The decision was for epoch 2, which this execution is not: a signature for the old one is what reaches it.
    const decision = { kind: 'decide', run, epoch: 1, checkpoint: asked.checkpoint.id } as const;
    const act = baton.door.sign(
      { ...decision, digest: asked.digest, verb: 'approve' },
      { id: 'a-seller', roles: ['seller'] },
    );
    await handle
      .executeUpdate('decideUpdate', { args: [act.signed], updateId: act.id })
      .catch(() => undefined);
    const end: unknown = await handle.result().catch((error: unknown) => error);
    expect(end).toBeInstanceOf(WorkflowFailedError);
    expect((end as WorkflowFailedError).cause).toMatchObject({ type: 'Run.OldEpoch' });
    const after = await baton.store.ledger.read(run);
    expect(after.filter(({ kind }) => kind === 'outcome')).toEqual(
      records.filter(({ kind }) => kind === 'outcome'),
    );
  });
});

describe('the ledger alone', () => {
  it('gives the same state in whatever order the outcomes arrived', async () => {
    const { run, asked } = await untilOffer();
    await decideAt(baton, run, asked, { verb: 'approve' });
    await baton.client.result(run);
    const row = (await baton.store.runs.get(run))!;
    const outcomes = outcomesOf(await baton.store.ledger.read(run));
    const { state } = await readRunFromLedger(baton.store, run);
    const folder = await mkdtemp(path.join(tmpdir(), 'baton-order-'));
    const store = await openStore({ folder });
    try {
      await store.runs.reserve({ ...row, epoch: 1 });
      const numbered = outcomes.filter(({ seq }) => seq !== null).toReversed();
      for (const { seq, outcome } of numbered) {
        await store.commit({ batch: { run, epoch: 1, from: seq!, outcomes: [outcome] } });
      }
      const last = outcomes.filter(({ seq }) => seq === null);
      expect(last.map(({ outcome }) => outcome.type)).toEqual(['close']);
      await store.commit({ batch: { run, epoch: 1, from: 0, outcomes: [last[0]!.outcome] } });
      expect((await readRunFromLedger(store, run)).state).toEqual(state);
      expect(await store.ledger.verify(run)).toEqual([]);
      expect(await recorded(store, run, 'started')).toHaveLength(1);
    } finally {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
