import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

const address = await temporalAddress();
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('--address', address, '--task-queue', `later-${process.pid}`);
});
afterAll(async () => desk[Symbol.asyncDispose]());

describe('`baton start` with a time', () => {
  it('says when the run begins, and so do `runs` and `show`', async () => {
    const at = '2030-12-01T09:00+08:00';
    const input = '{"name": "Mei"}';
    const { run, startsAt } = await desk.json<{ run: string; startsAt: string }>(
      'start',
      'hello',
      '--input',
      input,
      '--at',
      at,
      '--by',
      'a-clerk',
    );
    expect(startsAt).toBe('2030-12-01T01:00:00.000Z');
    expect((await desk.baton('runs')).stdout).toContain('waits until 2030-12-01 01:00:00 UTC');
    expect((await desk.baton('show', run)).stdout).toContain('It waits until 2030-12-01 01:00:00 UTC');
  });

  it.each([
    [['--at', '2030-12-01T09:00'], 'offset from UTC'],
    [['--in', 'soon'], 'no length of time'],
    [['--in', '2h', '--at', '2030-12-01T09:00Z'], 'not both'],
  ])('%j is refused, and nothing is started', async (words, message) => {
    const { code, stderr } = await desk.baton('start', 'hello', '--input', '{"name": "Li"}', ...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Time.Invalid')]);
    expect(stderr).toContain(message);
    expect((await desk.baton('runs', '--json')).stdout).not.toContain('"Li"');
  });
});

describe('`baton start --supply`', () => {
  it('takes an artifact from a file, and `show` says who supplied it', async () => {
    writeFileSync(path.join(desk.folder, 'greeting.json'), '"Closed on Monday."');
    const started = await desk.json<{ run: string }>(
      'start',
      'hello',
      '--input',
      '{"name": "Mei"}',
      '--supply',
      'greeting=@greeting.json',
      '--by',
      'a-clerk',
    );
    expect((await desk.baton('show', started.run)).stdout).toContain('Supplied at the start by a-clerk');
    const { stdout } = await desk.baton('show', started.run, '--artifact', 'greeting');
    expect(stdout).toContain('Closed on Monday.');
  });

  it.each([['greeting'], ['=1'], ['greeting=@nowhere.json'], ['greeting={']])(
    '%s is refused',
    async (supply) => {
      const { code } = await desk.baton('start', 'hello', '--input', '{"name": "Mei"}', '--supply', supply);
      expect(code).toBe(2);
    },
  );
});
