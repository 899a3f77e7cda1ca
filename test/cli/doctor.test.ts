import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../contracts/json.ts';
import { openStore } from '../../store/open-store.ts';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

const address = await temporalAddress();

interface Finding {
  about: string;
  state: string;
  found: string;
}

async function examine(desk: Desk, about: string): Promise<{ code: number; well: boolean } & Finding> {
  const { code, stdout } = await desk.baton('doctor', '--json');
  const { well, findings } = JSON.parse(stdout) as { well: boolean; findings: Finding[] };
  return { code, well, ...findings.find((one) => one.about === about)! };
}

async function reserveRun(desk: Desk): Promise<void> {
  const store = await openStore({ folder: path.join(desk.folder, '.baton/store') });
  const row = { run: 'hello-1', process: 'hello', key: null, epoch: 1, startedBy: 'a-starter' };
  await store.runs.reserve({ ...row, manifestDigest: 'd', start: {} as Json });
  await store.close();
}

describe('the doctor', { timeout: 300_000 }, () => {
  it('counts the workers that live, not one that was killed a moment ago', async () => {
    const taskQueue = `cli-${randomUUID()}`;
    await using desk = await openDesk('--address', address, '--task-queue', taskQueue);
    const pidOf = ({ found }: Finding): number => Number(/: (\d+)@\S+$/.exec(found)![1]);
    await desk.keep('polls', 'worker');
    const first = await examine(desk, 'workers');
    expect(first).toMatchObject({ state: 'good', found: expect.stringContaining(`1 on ${taskQueue}: `) });
    process.kill(pidOf(first), 'SIGKILL');
    await desk.keep('polls', 'worker');
    const second = await examine(desk, 'workers');
    expect(second.found).toContain(`1 on ${taskQueue}: `);
    expect(pidOf(second)).not.toBe(pidOf(first));
  });

  it('does not find all well where a run is open and no server is there, or no worker', async () => {
    await using desk = await openDesk();
    await reserveRun(desk);
    expect(await examine(desk, 'server')).toMatchObject({
      code: 1,
      well: false,
      state: 'bad',
      found: 'none runs for .baton, and a run is open',
    });
    expect((await desk.baton('doctor')).stdout).not.toContain('All is well');

    await using other = await openDesk('--address', address, '--task-queue', `cli-${randomUUID()}`);
    expect(await examine(other, 'workers')).toMatchObject({ state: 'note' });
    await reserveRun(other);
    expect(await examine(other, 'workers')).toMatchObject({ code: 1, well: false, state: 'bad' });
  });

  it('says which credentials are there and which are not, and nothing of what they are', async () => {
    await using desk = await openDesk();
    await writeFile(path.join(desk.folder, 'own.config.ts'), projectWithCredentials);
    const { code, stdout, stderr } = await desk.baton('doctor', '--config', 'own.config.ts');
    expect(code).toBe(1);
    expect(stdout).toContain('✓ credentials  DOCTOR_TEST_TOKEN, for the connector books');
    expect(stdout).toContain(
      '✗ credentials  DOCTOR_TEST_ABSENT is missing or empty: the connector books needs it',
    );
    expect(stdout + stderr).not.toContain('rosebud');
  });
});

process.env['DOCTOR_TEST_TOKEN'] = 'rosebud';
const root = path.join(import.meta.dirname, '../..');
const projectWithCredentials = `
import { httpConnector } from '${root}/activities/connectors/http.ts';
import { defineProject } from '${root}/worker/define-project.ts';
export default defineProject({
  processes: [],
  agents: [],
  connectors: {
    books: httpConnector({
      allow: ['https://books.example.org'],
      headers: { authorization: { credential: 'DOCTOR_TEST_TOKEN' }, 'x-key': { credential: 'DOCTOR_TEST_ABSENT' } },
    }),
  },
});
`;
