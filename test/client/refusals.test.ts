import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import { z } from 'zod';
import { createClient } from '../../client/create-client.ts';
import { sendAct } from '../../client/send-act.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess, review } from '../../contracts/define-process.ts';
import type { Store } from '../../contracts/ports.ts';
import { connectTo } from '../../server/connect.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { startWorker } from '../../worker/create-worker.ts';
import { refusals } from '../e2e/decisions/run-history.ts';
import { oneStep } from '../e2e/trace/one-step.ts';
import { openedAnew } from '../e2e/trace/wait.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();
const id = '6f6e652d-6964-4a2d-8f72-2d7465737473';
const owner = { id: 'an-owner', roles: ['owner'] };

const note = z.object({ text: z.string() });
const writer = defineAgent({ name: 'writer', needs: { theme: z.string() }, produces: { note } });
const write = defineProcess({
  name: 'write-note',
  input: z.object({ theme: z.string() }),
  output: { note },
  team: [writer],
  checkpoints: { approveNote: review('note', { by: 'editor' }) },
});
const agents = [oneStep(writer, ({ theme }) => ({ note: { text: theme } }))];

let baton: TestProject;
beforeAll(async () => {
  baton = await startTestProject({ processes: [write], agents }, { address });
});
afterAll(async () => baton.stop());

async function untilAsked() {
  const { run } = await baton.client.start(write, { theme: 'tea' }, { by: 'a-starter' });
  const { checkpoint, digest } = await openedAnew(baton, run, 'approveNote');
  return { run, request: { checkpoint: checkpoint.id, digest, verb: 'approve' as const, id } };
}

describe('a refusal', () => {
  it('is on record for each who was refused, also under one id', async () => {
    const { run, request } = await untilAsked();
    for (const person of ['a-stranger', 'another', 'another']) {
      const refused = baton.client.decide(run, request, { id: person, roles: ['visitor'] });
      await expect(refused).rejects.toMatchObject({ type: 'Decision.NotAllowed' });
    }
    const recorded = (await refusals(baton.store, run)).map(({ person, type }) => [person, type]);
    expect(recorded).toEqual([
      ['a-stranger', 'Decision.NotAllowed'],
      ['another', 'Decision.NotAllowed'],
    ]);
    await baton.client.cancel(run, owner);
  });

  it('is what the caller hears, also where it could not be recorded', async () => {
    const { run, request } = await untilAsked();
    const { store, door, taskQueue } = baton;
    const full: Store = {
      ...store,
      async commit() {
        throw new Error('The disk is full.');
      },
    };
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const connection = await connectTo(address);
    try {
      const client = createClient({ connection, store: full, door, taskQueue });
      const refused = client.decide(run, request, { id: 'a-stranger', roles: ['visitor'] });
      await expect(refused).rejects.toMatchObject({ type: 'Decision.NotAllowed' });
      expect((await warned).message).toMatch(new RegExp(`${id}.*Decision\\.NotAllowed.*The disk is full`));
    } finally {
      await connection.close();
    }
    await baton.client.cancel(run, owner);
  });
});

describe('a decision that no worker took up in time', () => {
  it('says that it may still count, and is the same decision when it is sent again under its id', async () => {
    const { store, door } = baton;
    const taskQueue = `${baton.taskQueue}-later`;
    const connection = await connectTo(address);
    const native = await NativeConnection.connect({ address });
    const logger = pino({ level: 'silent' });
    const work = async () =>
      startWorker({ connection: native, store, agents, connectors: {}, taskQueue, logger });
    try {
      const client = createClient({ connection, store, door, taskQueue });
      let worker = await work();
      const { run } = await client.start(write, { theme: 'tea' }, { by: 'a-starter' });
      const { checkpoint, digest } = await openedAnew({ ...baton, client }, run, 'approveNote');
      await worker.stop();

      const request = { checkpoint: checkpoint.id, digest, verb: 'approve' as const, id };
      const person = { id: 'an-editor', roles: ['editor'] };
      const { temporal } = client;
      // As any client, only that it has waited long enough sooner: there is no worker to wait for.
      const hasty = Object.create(temporal, {
        withDeadline: {
          value: async (_: number, call: () => Promise<unknown>) =>
            temporal.withDeadline(Date.now() + 500, call),
        },
      }) as typeof temporal;
      const late = sendAct(hasty, store, door, { kind: 'decide', run, epoch: 1, ...request }, person);
      await expect(late).rejects.toMatchObject({
        type: 'Worker.None',
        message: expect.stringMatching(
          new RegExp(`may still count.*under the id ${id}.*again under this id is harmless`),
        ),
      });

      worker = await work();
      try {
        await client.decide(run, request, person);
        expect((await client.result(run)).status).toBe('finished');
        const decisions = (await store.ledger.read(run)).filter(
          ({ body }) => (body as { type?: string }).type === 'decision',
        );
        expect(decisions).toHaveLength(1);
      } finally {
        await worker.stop();
      }
    } finally {
      await native.close();
      await connection.close();
    }
  });
});
