import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../server/running-server.ts';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

// On a machine without the server's program this builds it, which no test could wait for.
await temporalAddress();
const config = ['--config', path.join(import.meta.dirname, 'processes/wait-for-prices.ts')];

interface Server {
  address: string;
  pid: number;
}

async function serverOf(desk: Desk, folder = '.baton'): Promise<Server> {
  const file = path.join(desk.folder, folder, 'temporal/temporal.json');
  return JSON.parse(await readFile(file, 'utf8')) as Server;
}

describe('where the Temporal server is killed', { timeout: 300_000 }, () => {
  it('dev says so, starts it again where it was, and runs go on', async () => {
    await using desk = await openDesk();
    const dev = await desk.keep('Worker ready', 'dev', ...config);
    expect(dev.output()).toMatch(
      /Finding or starting the Temporal server …[^]*Starting a worker …[^]*Bundling the workflow code …[^]*Worker ready/,
    );
    const { run } = await desk.json<{ run: string }>('start', 'wait-for-prices', ...config);
    const before = await serverOf(desk);
    process.kill(before.pid, 'SIGKILL');
    await dev.wrote(`The Temporal server at ${before.address} is gone (ended by SIGKILL).`);
    await dev.wrote('is started again; runs go on.');
    const now = await serverOf(desk);
    expect(now.address).toBe(before.address);
    expect(now.pid).not.toBe(before.pid);

    await desk.json('provide', run, '--artifacts', '{"prices": {"tea": 3}}');
    for (;;) {
      const { status } = await desk.json<{ status: string }>('show', run);
      if (status === 'finished') break;
    }
    expect(dev.output().match(/Worker ready/g)).toHaveLength(1);
    expect(await dev.interrupt()).toBe(0);
    expect(isAlive(now.pid)).toBe(false);
  });

  it('run ends, says that the run is kept and with which command it goes on', async () => {
    await using desk = await openDesk('--folder', 'kept here');
    const run = await desk.keep(', started by', 'run', 'wait-for-prices', ...config);
    const [, id] = /run {5}(\S+), started by/.exec(run.output())!;
    process.kill((await serverOf(desk, 'kept here')).pid, 'SIGKILL');
    expect(await run.ended()).toBe(5);
    expect(run.output()).toContain(
      `Run ${id} is kept as it is: \`npm run baton -- dev --folder 'kept here' --config ${config[1]}\``,
    );
    expect(await desk.json('runs')).toMatchObject([{ run: id, status: 'open' }]);
  });
});
