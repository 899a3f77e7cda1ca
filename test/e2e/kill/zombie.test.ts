import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { temporalAddress } from '../../temporal-server.ts';
import { expectWhole } from './expect-whole.ts';
import { letterToLookUp, letterToRepeat } from './letter.ts';
import type { Event } from './processes/receiver.ts';
import { startReceiver } from './receiver.ts';
import { startTrial } from './trial.ts';
import type { TrialOptions } from './trial.ts';
import { clearWorkshop, startWorkerProcess } from './worker-process.ts';

// A cap on what hangs; nothing here is decided by how long it takes.
const patience = 300_000;

const address = await temporalAddress();
const receiver = await startReceiver();
const survivor = await startWorkerProcess();
const place = { address, receiver, survivor };

afterAll(async () => {
  await survivor.kill();
  await receiver[Symbol.asyncDispose]();
  await clearWorkshop();
});

/** The way of a worker to its server, which can be cut: a stopped process would hold on to its polls otherwise. */
async function openWay(to: string): Promise<{ address: string; cut(): void; close(): void }> {
  const [host, port] = to.split(':') as [string, string];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => [near, far].forEach((one) => sockets.delete(one.destroy())));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close() {
      server.close();
      cut();
    },
  };
}

interface Case extends Pick<TrialOptions, 'process' | 'failpoints'> {
  stopped: string;
  calls: number;
}

const cases: Case[] = [
  {
    stopped: 'before the call',
    process: letterToRepeat(`${receiver.url}/letters/once`),
    failpoints: [{ operation: 'connector.call', nth: 1, moment: 'before', how: 'wait' }],
    calls: 1,
  },
  {
    stopped: 'during the call',
    process: letterToRepeat(`${receiver.url}/letters/once?answer=late`),
    calls: 2,
  },
  {
    stopped: 'during the call',
    process: letterToLookUp(`${receiver.url}/letters/each?answer=late`),
    calls: 1,
  },
];

describe.concurrent('a worker that comes back after another took its place', () => {
  it.each(cases)('$process.name, stopped $stopped', { timeout: patience }, async (one) => {
    const way = await openWay(address);
    const { process, failpoints } = one;
    await using trial = await startTrial({
      ...place,
      process,
      ...(failpoints && { failpoints }),
      addressOfVictims: way.address,
    });
    const { worker: zombie } = trial;
    const eventually = async (happened: (event: Event) => boolean): Promise<void> => {
      while (!(await receiver.events(trial.name)).some(happened)) await sleep(25);
    };

    const stopIt = async (): Promise<void> => {
      await eventually((event) => event.kind === 'operation' && event.operation === 'connector.call');
      if (!failpoints) while ((await receiver.received(trial.run)).calls.length === 0) await sleep(25);
      zombie.child.kill('SIGSTOP');
      way.cut();
      await trial.callSurvivor();
    };
    const [result] = await Promise.all([trial.finish(), stopIt()]);
    await receiver.release();
    zombie.child.kill('SIGCONT');
    // It wakes in the middle of its call, learns how that ended, and says so.
    const { pid } = zombie.child;
    await eventually(
      (event) => event.process === pid && event.kind === 'operation' && event.operation.includes('settle'),
    );
    await zombie.stop(trial.name);

    await expectWhole(trial, result, receiver);
    expect(await trial.client.result(trial.run)).toEqual(result);
    const { calls } = await receiver.received(trial.run);
    // One that was stopped before its call may still make it, with the same key; never more.
    expect(calls.length).toBeGreaterThanOrEqual(one.calls);
    expect(calls.length).toBeLessThanOrEqual(2);
    way.close();
  });
});
