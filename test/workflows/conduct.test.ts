import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import { z } from 'zod';
import { createClient } from '../../client/create-client.ts';
import type { BatonClient } from '../../client/create-client.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../contracts/define-process.ts';
import { connectTo } from '../../server/connect.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { startWorker } from '../../worker/create-worker.ts';
import type { RunningWorker } from '../../worker/create-worker.ts';
import { failureOf, recorded } from '../e2e/decisions/run-history.ts';
import { scriptedOutside } from '../e2e/slots/outside.ts';
import { oneStep } from '../e2e/trace/one-step.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();
const Text = z.object({ text: z.string() });
const writer = defineAgent({ name: 'writer', needs: { subject: z.string() }, produces: { letter: Text } });
const printer = defineAgent({ name: 'printer', needs: { letter: Text }, produces: { booklet: Text } });

const conducted = defineProcess({
  name: 'conducted',
  input: z.object({ subject: z.string() }),
  output: { booklet: Text },
  team: [writer, printer],
  checkpoints: {
    lookAtLetter: review('letter', { by: 'editor' }),
    mayPrint: authorise('print', { by: 'manager', fourEyes: true }),
  },
  effects: {
    tell: defineEffect({
      subject: 'letter',
      connector: 'outside',
      destination: 'everybody',
      consequences: 'Everybody is told.',
    }),
    print: defineEffect({
      subject: 'booklet',
      connector: 'outside',
      destination: 'printer',
      consequences: 'The booklet is printed.',
    }),
  },
});

const outside = scriptedOutside();
const editor = { id: 'an-editor', roles: ['editor'] };
let baton: TestProject;
let client: BatonClient;
let worker: RunningWorker;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  baton = await startTestProject({ processes: [], agents: [] }, { address });
  const native = await NativeConnection.connect({ address });
  const connection = await connectTo(address);
  opened.push(native, connection);
  const taskQueue = `conducted-${randomUUID()}`;
  worker = await startWorker({
    connection: native,
    store: baton.store,
    agents: [
      oneStep(writer, ({ subject }) => ({ letter: { text: subject } })),
      oneStep(printer, ({ letter }) => ({ booklet: { text: `${letter.text}, printed` } })),
    ],
    connectors: { outside },
    taskQueue,
    logger: pino({ level: 'silent' }),
    workflowsPath: fileURLToPath(new URL('./conducted-workflow.ts', import.meta.url)),
  });
  client = createClient({ connection, store: baton.store, door: baton.door, taskQueue });
});

afterAll(async () => {
  await worker.stop();
  for (const one of opened) await one.close();
  await baton.stop();
});

describe('a run conducted by a hand-written workflow', () => {
  it.each([
    ['tell everybody first', 1],
    ['no hurry', 0],
  ])(
    'branches on what was decided (%s), and every rule of the manifest holds',
    async (reason, toldBefore) => {
      const { run } = await client.start(conducted, { subject: 'Rain' }, { by: 'a-starter' });
      const look = await baton.opened(run, 'lookAtLetter');
      const at = { checkpoint: look.checkpoint.id, digest: look.digest, verb: 'approve' } as const;
      const unsigned = client.temporal.workflow
        .getHandle(run)
        .executeUpdate('decideUpdate', { args: [{ ...at, kind: 'decide' }] });
      await expect(unsigned).rejects.toMatchObject({ cause: { type: 'Decision.Unsigned' } });
      expect(await failureOf(client.decide(run, at, { id: 'x', roles: ['manager'] }))).toBe(
        'Decision.NotAllowed',
      );
      await client.decide(run, { ...at, reason }, editor);

      const print = await baton.opened(run, 'mayPrint');
      expect(outside.done.get(`${run}/tell`) ?? 0).toBe(toldBefore);
      expect(outside.done.has(`${run}/print`)).toBe(false);
      const printing = { checkpoint: print.checkpoint.id, digest: print.digest, verb: 'approve' } as const;
      const starter = { id: 'a-starter', roles: ['manager'] };
      expect(await failureOf(client.decide(run, printing, starter))).toBe('Decision.FourEyes');
      await client.decide(run, printing, { id: 'a-manager', roles: ['manager'] });

      const result = await client.result(run);
      expect(result.status).toBe('finished');
      expect(await client.read(result.outputs['booklet']!)).toEqual({ text: 'Rain, printed' });
      expect([outside.done.get(`${run}/tell`), outside.done.get(`${run}/print`)]).toEqual([1, 1]);
      const reserved = (await recorded(baton.store, run, 'reserved')).map(({ slot }) => slot);
      expect(reserved).toEqual(toldBefore ? ['tell', 'print'] : ['print', 'tell']);
      expect(await baton.store.ledger.verify(run, result.head!)).toEqual([]);
    },
  );

  it('goes past what a person rejects without doing it, and can be run again', async () => {
    const { run } = await client.start(conducted, { subject: 'Snow' }, { by: 'a-starter' });
    const look = await baton.opened(run, 'lookAtLetter');
    const at = { checkpoint: look.checkpoint.id, digest: look.digest };
    await client.decide(run, { ...at, verb: 'approve' }, editor);
    const print = await baton.opened(run, 'mayPrint');
    const manager = { id: 'a-manager', roles: ['manager'] };
    const printing = { checkpoint: print.checkpoint.id, digest: print.digest };
    await client.decide(run, { ...printing, verb: 'reject' }, manager);
    expect((await client.result(run)).status).toBe('finished');
    expect(outside.done.has(`${run}/print`)).toBe(false);

    // The approval of the letter and the rejection of its printing stand: the steps go past both, asking nobody.
    await client.rerun(run, 'printer', { id: 'an-owner', roles: ['owner'] });
    const result = await client.result(run);
    expect(result).toMatchObject({ status: 'finished', epoch: 2 });
    expect(outside.done.has(`${run}/print`)).toBe(false);
    expect(await baton.store.ledger.verify(run, result.head!)).toEqual([]);
  });
});
