import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import { expect, it } from 'vitest';
import project from '../../baton.config.ts';
import { createClient } from '../../client/create-client.ts';
import type { BatonClient } from '../../client/create-client.ts';
import { outcomesOf } from '../../client/read-run.ts';
import type { ActAnswer } from '../../contracts/messages.ts';
import { messageNames } from '../../contracts/message-names.ts';
import { officeNotice } from '../../examples/02-approval/process.ts';
import { connectTo } from '../../server/connect.ts';
import { startWorker } from '../../worker/create-worker.ts';
import { temporalAddress } from '../temporal-server.ts';
import { refusals } from './decisions/run-history.ts';
import { useExamples } from './use-examples.ts';

const address = await temporalAddress();
const examples = useExamples(address);
const input = { subject: 'the lift is being serviced', from: 'Facilities' };
// gRPC's code.
const notFound = 5;
const owner = { id: 'an-owner', roles: ['owner'] };

/** Settles when the server has the Update, whether or not a worker has. */
async function untilWaiting({ temporal }: BatonClient, run: string, updateId: string): Promise<void> {
  const { namespace } = temporal.options;
  const updateRef = { updateId, workflowExecution: { workflowId: run } };
  for (;;) {
    try {
      await temporal.workflowService.pollWorkflowExecutionUpdate({ namespace, updateRef, waitPolicy: {} });
      return;
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== notFound) throw error;
      await sleep(25);
    }
  }
}

it('a cancel that waits for a worker comes after the act that its epoch began with', async () => {
  const { door, store } = examples.baton;
  const { run } = await examples.baton.run(officeNotice, input, {
    script: { approveNotice: [{ verb: 'reject' }] },
  });
  await using parts = new AsyncDisposableStack();
  const connection = await connectTo(address);
  parts.defer(async () => connection.close());
  // Nobody polls this queue yet.
  const taskQueue = `test-${randomUUID()}`;
  const client = createClient({ connection, store, door, taskQueue });
  expect(await client.rerun(run, 'notice-writer', owner)).toEqual({ run, epoch: 2 });

  const { id, signed } = door.sign({ kind: 'cancel', run, epoch: 2, undo: false }, owner);
  const answer = client.temporal.workflow
    .getHandle(run)
    .executeUpdate<ActAnswer, [unknown]>(messageNames.act, { args: [signed], updateId: id });
  // Whoever awaits it sees the error.
  answer.catch(() => {});
  await untilWaiting(client, run, id);

  const native = await NativeConnection.connect({ address });
  parts.defer(async () => native.close());
  const logger = pino({ level: 'silent' });
  const worker = await startWorker({ ...project, connection: native, store, taskQueue, logger });
  parts.defer(async () => worker.stop());

  expect(await answer).toMatchObject({ id, accepted: true });
  const result = await client.result(run);
  expect(result).toMatchObject({ status: 'cancelled', epoch: 2 });
  const outcomes = outcomesOf(await store.ledger.read(run)).filter(({ epoch }) => epoch === 2);
  const acts = outcomes.map(({ outcome }) => outcome).filter((one) => 'by' in one);
  expect(acts).toMatchObject([
    { type: 'invalidate', task: 'notice-writer' },
    { type: 'cancel', id },
  ]);
  expect(outcomes.at(-1)?.outcome).toMatchObject({ type: 'close', to: 'cancelled' });
  expect(await refusals(store, run)).toEqual([]);
  expect(await store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
});
