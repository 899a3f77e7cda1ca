import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, expect, test } from 'vitest';
import type { AgentImplementation } from '../../agents/implement-agent.ts';
import { createComputePool } from '../../worker/compute-pool.ts';

const pool = createComputePool({ threads: 2 });
afterAll(async () => pool.close());

const agent = {
  agent: { name: 'tested' },
  jobs: new URL('processes/compute-jobs.ts', import.meta.url),
} as AgentImplementation;
const compute = pool.computeOf(agent);

async function failureOf(job: string, input: unknown = null): Promise<Error & { type?: string }> {
  return compute(job, input).then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as Error,
  );
}

test('a job runs on another thread', async () => {
  const { threadId } = await import('node:worker_threads');
  const ran = (await compute('whichThread', null)) as { threadId: number; isMainThread: boolean };
  expect(ran.isMainThread).toBe(false);
  expect(ran.threadId).not.toBe(threadId);
});

test('a package that is not installed is named, with the command that installs it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-jobs-'));
  const file = path.join(folder, 'jobs.mjs');
  await writeFile(file, "import 'echarts';\nexport const draw = () => 1;\n");
  const bare = { ...agent, jobs: pathToFileURL(file) };
  await expect(pool.computeOf(bare)('draw', null)).rejects.toMatchObject({
    type: 'Package.Missing',
    message: 'echarts is not installed here: npm install echarts @resvg/resvg-js @embedpdf/fonts-latin',
  });
  await rm(folder, { recursive: true });
});

test('input and output are cloned whole, a promise is awaited', async () => {
  expect(await compute('double', { values: new Float64Array([1, 2.5]) })).toEqual(new Float64Array([2, 5]));
  expect(await compute('doubleLater', 4)).toBe(8);
});

test('the event loop goes on while a job computes', async () => {
  let turns = 0;
  let computing = true;
  const spun = compute('spin', 300).finally(() => (computing = false));
  while (computing) {
    await setImmediate();
    turns++;
  }
  expect(await spun).toBeGreaterThan(0);
  // On this thread it would be one turn.
  expect(turns).toBeGreaterThan(100);
});

test('aborting ends a job that would never end, and its thread is free for the next', async () => {
  for (let round = 0; round < 3; round++) {
    const abort = new AbortController();
    const failure = compute('spin', null, { abortSignal: abort.signal }).catch(
      (error: unknown) => error as Error,
    );
    await setImmediate();
    abort.abort();
    expect((await failure) as Error).toHaveProperty('name', 'AbortError');
  }
  expect(await compute('doubleLater', 1)).toBe(2);
});

test('a job that was aborted before it began does not run', async () => {
  await expect(compute('spin', null, { abortSignal: AbortSignal.abort() })).rejects.toHaveProperty(
    'name',
    'AbortError',
  );
});

test('a failure of the table arrives as one', async () => {
  const failure = await failureOf('failOfTable');
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: 'Data.Unfit',
    message: 'The series is too short.',
    nonRetryable: true,
    details: [{ name: 'mining', mend: expect.any(String) as string }],
  });
});

test("any other error keeps its name, message and type, and where in the job's code it was thrown", async () => {
  const failure = await failureOf('failWithType');
  expect(failure).toMatchObject({ name: 'RangeError', message: 'odd', type: 'My.Own' });
  expect(failure.stack).toContain('compute-jobs.ts');
  expect((await failureOf('failWithText')).message).toBe('only text');
});

test('what is no job, has no result to send, or ends its thread, fails by name', async () => {
  expect((await failureOf('ghost')).message).toMatch(/exports no job ghost/);
  expect((await failureOf('notAJob')).message).toMatch(/exports no job notAJob/);
  expect((await failureOf('returnFunction')).message).toMatch(
    /returnFunction of tested returns can't be sent/,
  );
  expect((await failureOf('exitThread')).message).toMatch(/exit/i);
  const without = pool.computeOf({ agent: { name: 'bare' } } as AgentImplementation);
  await expect(without('any', null)).rejects.toThrow(/bare declares no jobs; any/);
  expect(await compute('doubleLater', 2)).toBe(4);
});
