import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { greeterAgent, hello } from '../../examples/01-hello/process.ts';
import { resolveTemporalProgram } from '../../server/resolve-program.ts';
import { startTestProject } from '../../testing/start-test-project.ts';

// Where it has to be built first, no time limit applies here.
await resolveTemporalProgram();
const folder = await mkdtemp(path.join(tmpdir(), 'baton-testing-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

it('a test project that can not be started leaves neither server nor store behind', async () => {
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('TEMP', folder);
  let closed = false;
  const starting = startTestProject(
    { processes: [hello], agents: [greeterAgent, greeterAgent] },
    {
      wrapStore: (store) => ({
        ...store,
        async close() {
          await store.close();
          closed = true;
        },
      }),
    },
  );
  await expect(starting).rejects.toMatchObject({ type: 'Process.Invalid' });
  expect(closed).toBe(true);
  // The server's scratch folder is removed once the server has ended.
  expect(await readdir(folder)).toEqual([]);
});
