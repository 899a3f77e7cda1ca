import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readRunFromLedger } from '../../../client/read-run.ts';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess } from '../../../contracts/define-process.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import type { Project } from '../../../worker/define-project.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { recorded } from '../decisions/run-history.ts';
import { scriptedOutside } from '../slots/outside.ts';
import { oneStep } from '../trace/one-step.ts';
import { decideAt, expectLedgerAgrees, openedAnew } from '../trace/wait.ts';

const Text = z.object({ text: z.string() });
const writer = defineAgent({ name: 'writer', needs: { subject: z.string() }, produces: { letter: Text } });
/** A letter that a manager authorises, and that goes out ten minutes later unless somebody recalls it. */
const slowLetter = defineProcess({
  name: 'slow-letter',
  input: z.object({ subject: z.string() }),
  amendable: ['subject'],
  output: { letter: Text },
  team: [writer],
  checkpoints: { mayGo: authorise('send', { by: 'manager' }) },
  effects: {
    send: defineEffect({
      subject: 'letter',
      connector: 'outside',
      destination: { box: 'letters' },
      consequences: 'The letter is sent.',
      recall: '10 minutes',
    }),
  },
});

const address = await temporalAddress();
const manager = { id: 'a-manager', roles: ['manager'] };
const outside = scriptedOutside();
const project: Project = {
  processes: [slowLetter],
  agents: [oneStep(writer, ({ subject }) => ({ letter: { text: `About ${subject}` } }))],
  connectors: { outside },
};
const sent = (run: string): number => outside.done.get(`${run}/send`) ?? 0;
const by = { by: 'a-starter' };

async function authorised(baton: TestProject): Promise<string> {
  const { run } = await baton.client.start(slowLetter, { subject: 'rain' }, by);
  await decideAt(baton, run, await openedAnew(baton, run, 'mayGo'), { verb: 'approve' });
  return run;
}

async function waitOf(baton: TestProject, run: string) {
  return (await baton.client.state(run)).next.wait[0];
}

describe('an effect that can be recalled for ten minutes', () => {
  let baton: TestProject;
  beforeAll(async () => {
    baton = await startTestProject(project, { address });
  });
  afterAll(async () => baton.stop());

  it('does not happen before; until when is on record, and the same after the worker was replaced', async () => {
    const before = Date.now();
    const run = await authorised(baton);
    await expect.poll(async () => (await waitOf(baton, run))?.until, { timeout: 20_000 }).toBeDefined();
    const wait = (await waitOf(baton, run))!;
    expect(wait).toMatchObject({ slot: 'send', milliseconds: 600_000 });
    expect(Date.parse(wait.until!)).toBeGreaterThanOrEqual(before + 590_000);
    await expect
      .poll(async () => (await readRunFromLedger(baton.store, run)).next.wait, { timeout: 20_000 })
      .toEqual([wait]);
    await baton.restartWorker();
    expect(await waitOf(baton, run)).toEqual(wait);
    expect(await recorded(baton.store, run, 'recallable')).toHaveLength(1);
    expect(sent(run)).toBe(0);
    await baton.client.cancel(run, { id: 'a-starter', roles: [] });
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(sent(run)).toBe(0);
  });

  it.each([
    ['who authorised it', manager],
    ['who started the run', { id: 'a-starter', roles: [] }],
    ['an owner', { id: 'somebody', roles: ['owner'] }],
  ])('is taken back by %s, and asked again', async (_, person) => {
    const run = await authorised(baton);
    await baton.client.recall(run, 'send', person);
    const again = await openedAnew(baton, run, 'mayGo');
    expect(again.checkpoint.round).toBe(1);
    expect(await waitOf(baton, run)).toBeUndefined();
    await expectLedgerAgrees(baton, run);
    await decideAt(baton, run, again, { verb: 'reject' });
    expect((await baton.client.result(run)).status).toBe('finished');
    expect(sent(run)).toBe(0);
    expect(await recorded(baton.store, run, 'recall')).toMatchObject([
      { slot: 'send', by: { person: person.id } },
    ]);
  });

  it('is not taken back by anybody else, nor where nothing is granted', async () => {
    const run = await authorised(baton);
    const refusal = { type: 'Decision.NotAllowed', message: expect.stringContaining('nor authorised this') };
    const other = { id: 'another-manager', roles: ['manager'] };
    await expect(baton.client.recall(run, 'send', other)).rejects.toMatchObject(refusal);
    await expect(baton.client.recall(run, 'post', manager)).rejects.toMatchObject({
      type: 'Decision.NotAllowed',
    });
    const starter = { id: 'a-starter', roles: [] };
    await expect(baton.client.recall(run, 'post', starter)).rejects.toMatchObject({
      type: 'Command.Refused',
      message: expect.stringContaining("post can't be recalled now; send can"),
    });
    await baton.client.cancel(run, starter);
    await baton.client.result(run);
  });

  it('waits for nothing any more once other content is wanted, and anew for that', async () => {
    const run = await authorised(baton);
    await baton.client.amend(run, 'subject', 'snow', { id: 'an-owner', roles: ['owner'] });
    const other = await openedAnew(baton, run, 'mayGo');
    expect(await waitOf(baton, run)).toBeUndefined();
    await decideAt(baton, run, other, { verb: 'approve' });
    await expect
      .poll(async () => (await recorded(baton.store, run, 'recallable')).length, { timeout: 20_000 })
      .toBe(2);
    await baton.client.cancel(run, { id: 'a-starter', roles: [] });
    await baton.client.result(run);
    expect(sent(run)).toBe(0);
  });
});

describe('once its time is over', () => {
  it.each([1000, 0])('it happens, once (workflows kept in memory: %i)', async (maxCachedWorkflows) => {
    await using baton = await startTestProject(project, { address, recallAtMost: 300, maxCachedWorkflows });
    const run = await authorised(baton);
    const result = await baton.client.result(run);
    expect(result.status).toBe('finished');
    expect(sent(run)).toBe(1);
    expect(await recorded(baton.store, run, 'elapsed')).toHaveLength(1);
    expect(await baton.store.ledger.verify(run, result.head!)).toEqual([]);
    await expect(baton.client.recall(run, 'send', { id: 'a-starter', roles: [] })).rejects.toMatchObject({
      type: 'Run.Closed',
    });
  });

  it('and the run is paused: nothing happens until an owner lets go; both are on record', async () => {
    await using baton = await startTestProject(project, { address, recallAtMost: 300 });
    const run = await authorised(baton);
    const starter = { id: 'a-starter', roles: [] };
    const owner = { id: 'an-owner', roles: ['owner'] };
    await baton.client.brake(run, { pause: true }, 'The address is wrong.', starter);
    await expect
      .poll(async () => (await recorded(baton.store, run, 'elapsed')).length, { timeout: 20_000 })
      .toBe(1);
    await baton.restartWorker();
    expect((await baton.client.state(run)).state.brakes).toEqual({ pause: true, askAlways: false });
    expect(sent(run)).toBe(0);
    await expect(baton.client.brake(run, { pause: false }, 'It is right.', starter)).rejects.toMatchObject({
      type: 'Decision.NotAllowed',
    });
    const unknown = baton.client.brake(run, { connectors: { fax: true } }, 'No paper.', owner);
    await expect(unknown).rejects.toMatchObject({
      type: 'Command.Refused',
      message: expect.stringContaining('fax'),
    });
    await baton.client.brake(run, { pause: false }, 'It is right.', owner);
    expect((await baton.client.result(run)).status).toBe('finished');
    expect(sent(run)).toBe(1);
    const free = { pause: false, askAlways: false };
    const held = { pause: true, askAlways: false };
    expect(await recorded(baton.store, run, 'brake')).toMatchObject([
      { reason: 'The address is wrong.', by: { person: 'a-starter' }, before: free, after: held },
      { reason: 'It is right.', by: { person: 'an-owner' }, before: held, after: free },
    ]);
  });

  it('and no worker was there when it ended: it happens when one comes', async () => {
    await using baton = await startTestProject(project, { address, recallAtMost: 50 });
    const run = await authorised(baton);
    await baton.restartWorker();
    expect((await baton.client.result(run)).status).toBe('finished');
    expect(sent(run)).toBe(1);
  });
});
