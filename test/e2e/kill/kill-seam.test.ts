import { afterAll, describe, expect, it, vi } from 'vitest';
import { fetchHistories } from '../../../client/fetch-histories.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { expectWhole } from './expect-whole.ts';
import type { Failpoint } from './failpoints.ts';
import { letterToLookUp } from './letter.ts';
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

// Before what is handed on has left the worker, and before the next execution has done anything with it.
const failpoints: Failpoint[] = [1, 2].flatMap((nth) => [
  { moment: 'before', operation: 'move', nth },
  { moment: 'after', operation: 'move', nth },
  { moment: 'before', operation: 'arrive', nth },
  { moment: 'after', operation: 'arrive', nth },
]);

describe.concurrent('killed while its run goes over to another execution: nothing is lost or done twice', () => {
  it.each(failpoints)('$moment $operation, time $nth', { timeout: patience }, async (failpoint) => {
    await using trial = await startTrial({
      address,
      receiver,
      survivor,
      process: letterToLookUp(`${receiver.url}/letters/seam`),
      workflows: 'short',
      failpoints: [{ ...failpoint, how: 'kill' }],
    });
    const result = await trial.finish();
    expect(trial.deaths).toBe(1);
    await expectWhole(trial, result, receiver);
    expect((await fetchHistories(trial.client.temporal, trial.run)).length).toBeGreaterThan(1);
  });
});
