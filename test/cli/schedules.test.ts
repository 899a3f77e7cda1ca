import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk } from './run-baton.ts';

const address = await temporalAddress();
const name = `cli-${process.pid}`;
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk('--address', address, '--task-queue', name);
});
afterAll(async () => desk[Symbol.asyncDispose]());

const create = ['schedule', 'create', name, 'hello', '--input', '{"name": "Mei"}'];

describe('`baton schedule`', () => {
  it('creates, shows, lists, pauses, resumes and deletes one', async () => {
    const created = await desk.baton(...create, '--cron', '0 9 * * 1-5', '--by', 'a-planner');
    expect([created.code, created.stdout]).toEqual([0, expect.stringContaining('first at')]);
    const shown = await desk.baton('schedule', 'show', name);
    expect(shown.stdout).toContain('starts hello, on record as a-planner');
    expect(shown.stdout).toContain('cron 0 9 * * 1-5');
    await desk.baton('schedule', 'pause', name, '--note', 'holidays');
    expect((await desk.baton('schedule', 'show', name)).stdout).toMatch(/paused\n {2}holidays/);
    await desk.baton('schedule', 'resume', name);
    expect((await desk.baton('schedule', 'list', '--json')).code).toBe(0);
    expect((await desk.baton('schedule', 'delete', name)).code).toBe(0);
    expect((await desk.baton('schedule', 'show', name)).code).toBe(4);
  });

  it.each([
    [[...create, '--cron', 'at dawn'], 2, 'Schedule.Invalid'],
    [['schedule', 'create', name, 'nothing', '--every', '2h'], 4, 'Process.Unknown'],
    [['schedule', 'create', name, 'hello', '--every', '2h'], 2, 'Input.Invalid'],
    [[...create, '--every', '2h', '--overlap', 'maybe'], 2, 'Allowed choices'],
    [['schedule', 'run-now', `${name}-none`], 4, 'Schedule.Unknown'],
  ])('%j ends with %i', async (words, code, why) => {
    const ended = await desk.baton(...words);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(why)]);
  });

  it('says so where the server is away', async () => {
    await using away = await openDesk('--address', '127.0.0.1:1');
    const ended = await away.baton(...create, '--every', '2h');
    expect(ended.stderr).toContain('Server.Unreachable');
  });
});
