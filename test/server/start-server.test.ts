import { Client, Connection } from '@temporalio/client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectServer } from '../../server/inspect-server.ts';
import { resolveTemporalProgram } from '../../server/resolve-program.ts';
import { isAlive } from '../../server/running-server.ts';
import { type StartOptions, startTemporalServer } from '../../server/start-server.ts';
import { makeScratchFolder, saysTemporalVersion, writeScript } from './fake-programs.ts';

// These tests start servers of their own, whatever TEMPORAL_ADDRESS says. Fetched here, where no time limit applies.
const environment = { ...process.env };
delete environment['TEMPORAL_ADDRESS'];
await resolveTemporalProgram({ environment });

let folder: string;
beforeEach(async () => {
  folder = await makeScratchFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(options: StartOptions = {}) {
  return startTemporalServer({ environment, ...options });
}

async function withClient<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

async function occupyPort(): Promise<{ port: number; listener: Server }> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return { listener, port: typeof address === 'object' && address ? address.port : 0 };
}

test('a started server keeps closed runs 30 days and knows the search attributes', async () => {
  await using server = await start();
  expect(server.owned).toBe(true);
  expect(await inspectServer(server.address)).toMatchObject({
    reachable: true,
    serverVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    namespace: { exists: true, retentionDays: 30, missingSearchAttributes: [] },
  });
  await withClient(server.address, async (client) => {
    await client.workflow.start('anything', {
      workflowId: 'searchable',
      taskQueue: 'nobody-polls',
      searchAttributes: {
        BatonProcess: ['market-outlook'],
        BatonKey: ['2026-11'],
        BatonStatus: ['waiting'],
        BatonCheckpoints: ['approveForecast', 'releaseReport'],
      },
    });
    const query = `BatonProcess = 'market-outlook' AND BatonKey = '2026-11' AND BatonCheckpoints = 'releaseReport'`;
    await expect
      .poll(() => client.workflow.count(query).then(({ count }) => count), { timeout: 30_000 })
      .toBe(1);
  });
});

test('stop ends the process and leaves nothing listening', async () => {
  const server = await start();
  expect(isAlive(server.pid ?? 0)).toBe(true);
  await server.stop();
  expect(isAlive(server.pid ?? 0)).toBe(false);
  expect(await inspectServer(server.address)).toMatchObject({ reachable: false });
});

test('data in a folder outlives the server, also one that was killed', async () => {
  const first = await start({ folder });
  await withClient(first.address, (client) =>
    client.workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody-polls' }),
  );
  await first.stop();

  const second = await start({ folder });
  expect(await withClient(second.address, (client) => statusOf(client, 'kept'))).toBe('RUNNING');
  process.kill(second.pid ?? 0, 'SIGKILL');

  await using third = await start({ folder, retentionDays: 7 });
  expect(third).toMatchObject({ owned: true });
  expect(await withClient(third.address, (client) => statusOf(client, 'kept'))).toBe('RUNNING');
  expect(await inspectServer(third.address)).toMatchObject({ namespace: { retentionDays: 7 } });
});

async function statusOf(client: Client, workflowId: string): Promise<string> {
  return (await client.workflow.getHandle(workflowId).describe()).status.name;
}

test('a second start on the same folder uses the server that lives, and does not end it', async () => {
  const servers = await Promise.all([start({ folder }), start({ folder })]);
  const [owner, guest] = servers[0].owned ? servers : servers.toReversed();
  expect([owner?.owned, guest?.owned]).toEqual([true, false]);
  expect(guest).toMatchObject({ address: owner?.address, pid: owner?.pid });
  await guest?.stop();
  expect(isAlive(owner?.pid ?? 0)).toBe(true);
  await owner?.stop();
  expect(isAlive(owner?.pid ?? 0)).toBe(false);
  expect(await readdir(folder)).not.toContain('temporal.json');
});

test('a server that TEMPORAL_ADDRESS names is used as it is', async () => {
  await using server = await start();
  const named = await start({ environment: { TEMPORAL_ADDRESS: server.address } });
  expect(named).toMatchObject({ address: server.address, owned: false });
  await named.stop();
  expect(isAlive(server.pid ?? 0)).toBe(true);
});

test('a server that TEMPORAL_ADDRESS names in vain is reported at once', async () => {
  const { port, listener } = await occupyPort();
  listener.close();
  await once(listener, 'close');
  await expect(start({ environment: { TEMPORAL_ADDRESS: `127.0.0.1:${port}` } })).rejects.toMatchObject({
    type: 'Server.Unreachable',
    message: expect.stringContaining(`127.0.0.1:${port} (connect ECONNREFUSED`),
  });
});

test('a port that another program holds is named, for the server and for its page', async () => {
  const { port, listener } = await occupyPort();
  try {
    for (const options of [{ port }, { uiPort: port }]) {
      await expect(start(options)).rejects.toMatchObject({
        type: 'Server.PortInUse',
        message: expect.stringContaining(`Port ${port} of 127.0.0.1 is in use by another program`),
      });
    }
  } finally {
    listener.close();
  }
});

test('a port that a Temporal server holds comes with the way to use that server', async () => {
  await using server = await start();
  await expect(start({ port: Number(server.address.split(':')[1]) })).rejects.toMatchObject({
    type: 'Server.PortInUse',
    message: expect.stringContaining(`Set TEMPORAL_ADDRESS=${server.address} to use it`),
  });
});

test('the page is served where asked for', async () => {
  await using server = await start({ uiPort: 0 });
  await expect
    .poll(() => fetch(server.uiUrl ?? '').then(({ status }) => status), { timeout: 30_000 })
    .toBe(200);
});

test('a folder that cannot be written to is named', async () => {
  await writeFile(join(folder, 'file'), '');
  const below = join(folder, 'file', 'data');
  await expect(start({ folder: below })).rejects.toMatchObject({
    type: 'Server.StartFailed',
    message: expect.stringContaining(`can't be kept in ${below}`),
  });
});

test('damaged data is reported with the last lines of the log, which stays', async () => {
  await writeFile(join(folder, 'temporal.db'), 'this is no database, however long one looks at it');
  await expect(start({ folder })).rejects.toMatchObject({
    type: 'Server.StartFailed',
    message: expect.stringMatching(/it ended with code 1.*file is not a database/s),
  });
  expect(await readFile(join(folder, 'temporal.log'), 'utf8')).toContain('file is not a database');
});

test('a program that dies at start is reported with what it said', async () => {
  await writeScript(
    join(folder, 'bin', 'temporal'),
    `if [ "$1" = --version ]; then ${saysTemporalVersion('9.9.9')}; else echo "out of memory" >&2; exit 3; fi`,
  );
  await expect(start({ environment: { PATH: join(folder, 'bin') } })).rejects.toMatchObject({
    type: 'Server.StartFailed',
    message: expect.stringMatching(/it ended with code 3.*out of memory/s),
  });
});

test('the server ends with the process that started it, even where that is killed', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../../server/start-server.ts'));
  const script = `
    const { startTemporalServer } = await import(${module});
    const server = await startTemporalServer({ folder: ${JSON.stringify(folder)} });
    console.log(server.pid);
    setInterval(() => {}, 1_000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  while (isAlive(pid)) await sleep(20);

  await using next = await start({ folder });
  expect(next.owned).toBe(true);
});

test('a script that forgets to stop the server still ends, the server with it, and leaves no file', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../../server/start-server.ts'));
  const script = `
    const { startTemporalServer } = await import(${module});
    console.log((await startTemporalServer()).pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...environment, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
  await once(parent, 'exit');
  while (isAlive(Number(line))) await sleep(20);
  expect(parent.exitCode).toBe(0);
  await expect.poll(() => readdir(folder), { timeout: 30_000 }).toEqual([]);
});
