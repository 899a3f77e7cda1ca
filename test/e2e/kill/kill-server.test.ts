import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startTemporalServer } from '../../../server/start-server.ts';
import type { TemporalServer } from '../../../server/start-server.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { expectWhole } from './expect-whole.ts';
import { letterToLookUp } from './letter.ts';
import { startReceiver } from './receiver.ts';
import { startTrial } from './trial.ts';
import { clearWorkshop, startWorkerProcess } from './worker-process.ts';

// A cap on what hangs; nothing here is decided by how long it takes.
const patience = 300_000;

// Where the program has yet to be built, this has it built first; the server to be killed is another one.
await temporalAddress();
const receiver = await startReceiver();
const survivor = await startWorkerProcess();
const folder = await mkdtemp(path.join(tmpdir(), 'baton-kill-server-'));
let server: TemporalServer | undefined;

afterAll(async () => {
  await survivor.kill();
  await receiver[Symbol.asyncDispose]();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
  await clearWorkshop();
});

/** Where a server is named by TEMPORAL_ADDRESS, it is not ours to kill. */
const isOurs = process.env['TEMPORAL_ADDRESS'] === undefined;

it.runIf(isOurs)(
  'the server is killed at each decision that a run waits for, once together with the worker: it goes on',
  async () => {
    const first = await startTemporalServer({ folder });
    server = first;
    const port = Number(first.address.split(':')[1]);
    let kills = 0;
    await using trial = await startTrial({
      address: first.address,
      receiver,
      survivor,
      process: letterToLookUp(`${receiver.url}/letters/each`),
      async decide(row, { worker }) {
        await trial.untilWaiting();
        process.kill(server!.pid!, 'SIGKILL');
        kills++;
        if (row.checkpoint.kind === 'authorise') await worker.kill();
        server = await startTemporalServer({ folder, port });
        return undefined;
      },
    });
    const result = await trial.finish();
    expect(kills).toBe(4);
    expect(trial.deaths).toBe(1);
    await expectWhole(trial, result, receiver);
    expect((await receiver.received(trial.run)).calls).toHaveLength(1);
  },
  patience,
);
