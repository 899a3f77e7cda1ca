import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../cli/commands/run.ts';
import { work } from '../../cli/commands/worker.ts';
import { exitCodeOf, exitCodes } from '../../cli/exit-codes.ts';
import type { Settings } from '../../cli/settings.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();
let folder: string;
let settings: Settings;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'baton-dead-worker-'));
  const taskQueue = `dead-${randomUUID()}`;
  settings = { folder, address, namespace: 'default', taskQueue, json: false, verbose: false, trace: false };
  // A real worker, which stops as soon as it has begun and then says that it died.
  const runWorker = Object.getOwnPropertyDescriptor(Worker.prototype, 'run')!.value as () => Promise<void>;
  vi.spyOn(Worker.prototype, 'run').mockImplementation(async function (this: Worker) {
    const ended = runWorker.call(this);
    this.shutdown();
    await ended;
    throw new Error('The bridge is closed.');
  });
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('a command whose worker dies ends, and says so', { timeout: 60_000 }, () => {
  const commands: { [name: string]: () => Promise<void> } = {
    'baton worker': async () => work(settings),
    'baton run': async () => run(settings, 'hello', { input: '{"name": "Mei"}', approve: true }),
  };
  it.each(Object.entries(commands))('%s', async (_name, command) => {
    const error: unknown = await command().catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      type: 'Worker.None',
      message: 'The worker of this process died: The bridge is closed.',
    });
    expect(exitCodeOf(error)).toBe(exitCodes.unreachable);
  });
});
