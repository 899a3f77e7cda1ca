import { afterAll, describe, expect, it, vi } from 'vitest';
import { temporalAddress } from '../../temporal-server.ts';
import { expectOrdered } from './expect-whole.ts';
import type { Failpoint } from './failpoints.ts';
import { ordersInput, ordersToLookUp, quotes } from './orders.ts';
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

async function runThrough(failpoint: Failpoint, options: { isolate?: boolean } = {}): Promise<void> {
  await using trial = await startTrial({
    address,
    receiver,
    survivor,
    process: ordersToLookUp(`${receiver.url}/letters/each`, options),
    input: ordersInput,
    failpoints: [{ ...failpoint, how: 'kill' }],
  });
  const result = await trial.finish();
  expect(trial.deaths).toBe(1);
  await expectOrdered(trial, result, receiver);
  expect((await receiver.received(trial.run)).calls).toHaveLength(Object.keys(quotes).length);
}

// Where one element is in the middle of it, and others before, beside or after it.
const failpoints: Failpoint[] = [
  { moment: 'after', operation: 'snapshots.save reader', nth: 1 },
  { moment: 'before', operation: 'snapshots.save pricing/M10', nth: 1 },
  { moment: 'after', operation: 'snapshots.save pricing/M10', nth: 1 },
  { moment: 'before', operation: 'result pricing/M10', nth: 1 },
  { moment: 'after', operation: 'started pricing/M12', nth: 1 },
  { moment: 'after', operation: 'snapshots.save summing', nth: 1 },
  { moment: 'before', operation: 'answer', nth: 3 },
  { moment: 'after', operation: 'reserved', nth: 2 },
  { moment: 'before', operation: 'connector.call', nth: 2 },
  { moment: 'after', operation: 'connector.call', nth: 2 },
  { moment: 'before', operation: 'settle', nth: 2 },
  { moment: 'after', operation: 'settle', nth: 2 },
];

describe.concurrent('killed while it goes over elements: none is made again, each is ordered once', () => {
  it.each(failpoints)('$moment $operation, time $nth', { timeout: patience }, async (failpoint) => {
    await runThrough(failpoint);
  });
});

describe.concurrent('killed while elements are priced in workflows of their own', () => {
  const within = failpoints.filter(({ operation }) => operation.includes('pricing/'));
  it.each(within)('$moment $operation, time $nth', { timeout: patience }, async (failpoint) => {
    await runThrough(failpoint, { isolate: true });
  });
});
