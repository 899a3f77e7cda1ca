import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { DeskRow } from '../../../contracts/ports.ts';
import { openStore } from '../../../store/open-store.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { discoverFailpoints } from './discover.ts';
import { expectWhole } from './expect-whole.ts';
import { writesOf } from './failpoints.ts';
import type { Failpoint } from './failpoints.ts';
import { letterToLookUp, letterToRepeat, letterToTrust } from './letter.ts';
import { startReceiver } from './receiver.ts';
import { startTrial } from './trial.ts';
import type { Trial, TrialOptions } from './trial.ts';
import { clearWorkshop, startWorkerProcess } from './worker-process.ts';

// Most of the time of each is spent waiting until the server takes a worker for dead.
vi.setConfig({ maxConcurrency: 16 });
// A cap on what hangs; nothing here is decided by how long it takes.
const patience = 300_000;

const address = await temporalAddress();
const receiver = await startReceiver();
const survivor = await startWorkerProcess();
const place = { address, receiver, survivor };

const once = letterToRepeat(`${receiver.url}/letters/once`);
const each = letterToLookUp(`${receiver.url}/letters/each`);

const silent = letterToTrust(`${receiver.url}/letters/each`);

const ofRepeatable = await discoverFailpoints({ ...place, process: once });
const ofLookup = await discoverFailpoints({ ...place, process: each });
const fromEffect = ofLookup.slice(ofLookup.findIndex(({ operation }) => operation.startsWith('reserve')));

/** Made by the client and by people with other tools, never by a worker of this run. */
const writesOfOthers = new Set([
  'artifacts.erase',
  'snapshots.claim',
  'runs.reserve',
  'runs.launched',
  'runs.openEpoch',
]);

type Decide = NonNullable<TrialOptions['decide']>;

afterAll(async () => {
  await survivor.kill();
  await receiver[Symbol.asyncDispose]();
  await clearWorkshop();
});

async function runThrough(
  process: TrialOptions['process'],
  failpoints: Failpoint[],
  decide?: TrialOptions['decide'],
): Promise<{ calls: number; decided: string[] }> {
  await using trial = await startTrial({
    ...place,
    process,
    failpoints: failpoints.map((failpoint) => ({ ...failpoint, how: 'kill' as const })),
    ...(decide && { decide }),
  });
  const result = await trial.finish();
  expect(trial.deaths).toBe(failpoints.length);
  await expectWhole(trial, result, receiver);
  return { calls: (await receiver.received(trial.run)).calls.length, decided: trial.decided };
}

async function untilCalled({ run }: Trial): Promise<void> {
  while ((await receiver.received(run)).calls.length === 0) await sleep(25);
}

/** Only whoever was called knows whether it happened: this person asks there. */
async function lookAtReceiver({ checkpoint }: DeskRow, { run }: Trial): Promise<Awaited<ReturnType<Decide>>> {
  if (!checkpoint.offers.includes('happened')) return undefined;
  const { fills } = await receiver.received(run);
  return { verb: fills.length > 0 ? 'happened' : 'didNot' };
}

it('a run that nobody kills makes each write that a worker can make, so each is a failpoint', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-kill-'));
  const store = await openStore({ folder });
  const visited = [...ofRepeatable, ...ofLookup].map(({ operation }) => operation.split(' ')[0]);
  const unvisited = writesOf(store).filter((name) => !visited.includes(name));
  expect(unvisited.filter((name) => !writesOfOthers.has(name))).toEqual([]);
  await store.close();
  await rm(folder, { recursive: true });
  expect(visited.filter((name) => name === 'answer')).toHaveLength(2 * 4);
});

describe.concurrent('killed where the receiver takes a call again without acting again', () => {
  it.each(ofRepeatable)('$moment $operation, time $nth', { timeout: patience }, async (failpoint) => {
    await runThrough(once, [failpoint]);
  });
});

describe.concurrent('killed where the receiver acts on each call, and tells what it holds', () => {
  it.each(fromEffect)('$moment $operation, time $nth', { timeout: patience }, async (failpoint) => {
    expect((await runThrough(each, [failpoint])).calls).toBe(1);
  });

  const lookup = { operation: 'connector.lookup', nth: 1 } as const;
  it.each([
    { ...lookup, moment: 'before' },
    { ...lookup, moment: 'after' },
  ] as const)('and its successor $moment $operation', { timeout: patience }, async (second) => {
    const first = { operation: 'connector.call', nth: 1, moment: 'after' } as const;
    expect((await runThrough(each, [first, second])).calls).toBe(1);
  });
});

describe.concurrent('killed where nobody can tell whether it happened', () => {
  const call = { operation: 'connector.call', nth: 1 } as const;
  it.each([
    { ...call, moment: 'before', verb: 'didNot' },
    { ...call, moment: 'after', verb: 'happened' },
  ] as const)('$moment $operation, a person says', { timeout: patience }, async ({ verb, ...failpoint }) => {
    const { calls, decided } = await runThrough(silent, [failpoint], lookAtReceiver);
    expect(calls).toBe(1);
    expect(decided.filter((one) => one.startsWith(verb))).toHaveLength(1);
  });
});

describe.concurrent('killed during the call, which was acted on and not yet answered', () => {
  it.each([
    { process: letterToRepeat(`${receiver.url}/letters/once?answer=late`), calls: 2 },
    { process: letterToLookUp(`${receiver.url}/letters/each?answer=late`), calls: 1 },
  ])('$process.name', { timeout: patience }, async ({ process, calls }) => {
    await using trial = await startTrial({ ...place, process });
    const [result] = await Promise.all([
      trial.finish(),
      untilCalled(trial).then(async () => trial.worker.kill()),
    ]);
    expect(trial.deaths).toBe(1);
    await expectWhole(trial, result, receiver);
    expect((await receiver.received(trial.run)).calls).toHaveLength(calls);
  });

  it('the answer breaks off, and the worker dies as it calls again', { timeout: patience }, async () => {
    const process = letterToRepeat(`${receiver.url}/letters/once?answer=broken`);
    await runThrough(process, [{ operation: 'connector.call', nth: 2, moment: 'before' }]);
  });
});

describe.concurrent('killed while waiting', () => {
  it.each([0, 1, 2, 3])('for decision %i', { timeout: patience }, async (nth) => {
    await using trial = await startTrial({
      ...place,
      process: once,
      async decide(_row, { decided, worker }) {
        if (decided.length !== nth) return undefined;
        await trial.untilWaiting();
        await worker.kill();
        return undefined;
      },
    });
    const result = await trial.finish();
    expect(trial.deaths).toBe(1);
    await expectWhole(trial, result, receiver);
  });
});
