import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../contracts/json.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { openStore } from '../../store/open-store.ts';
import { openDesk } from './run-baton.ts';
import type { Desk, Ended } from './run-baton.ts';

const run = 'hello-1';
const by = { person: 'an-owner', roles: ['owner'], door: 'a-door' };
const asked = (task: string): Outcome => {
  const at = new Date(0).toISOString();
  return { type: 'invalidate', id: `of-${task}`, task, by, at };
};

let desk: Desk;
/** A run of three records that has finished, in a folder that no server serves. */
beforeEach(async () => {
  desk = await openDesk();
  const store = await openStore({ folder: path.join(desk.folder, '.baton/store') });
  const row = { run, process: 'hello', key: null, epoch: 1, startedBy: 'a-starter' };
  await store.runs.reserve({ ...row, manifestDigest: 'd', start: {} as Json });
  const outcomes: Outcome[] = [asked('greeter'), asked('greeter'), { type: 'close', to: 'finished' }];
  await store.commit({
    batch: { run, epoch: 1, from: 0, outcomes },
    close: { run, epoch: 1, status: 'finished' },
  });
  await store.close();
});
afterEach(async () => desk[Symbol.asyncDispose]());

function change(statement: string): void {
  const database = new DatabaseSync(path.join(desk.folder, '.baton/store/baton.sqlite'));
  database.exec(statement);
  database.close();
}

const verify = async (...words: string[]): Promise<Ended> => desk.baton('ledger', 'verify', ...words);

describe('ledger verify ends with 6 and names the record', () => {
  it.each([
    ['removed', 'delete from ledger where position = 1', 'record 1: The record was removed.'],
    [
      'altered',
      `update ledger set body = replace(body, 'an-owner', 'a-guest') where position = 1`,
      'record 1: The record was altered.',
    ],
    [
      'cut off the end of a run that has finished',
      'delete from ledger where position = 2',
      'record 2: The end was cut off: the run is finished, and no record says so.',
    ],
    [
      'cut off with all before it',
      `delete from ledger; update runs set status = 'open', closed_at = null`,
      'record 0: The end was cut off: of epoch 1, which has begun, nothing is there.',
    ],
  ])('that was %s', async (_what, statement, problem) => {
    change(statement);
    const { code, stdout } = await verify();
    expect(code).toBe(6);
    expect(stdout).toContain(`broken  ${run}`);
    expect(stdout).toContain(problem);
  });

  it('that an anchor names and the store does not hold, even where the list of runs agrees', async () => {
    const { code, stdout } = await verify('--json');
    expect(code).toBe(0);
    await writeFile(path.join(desk.folder, 'anchor.json'), stdout);
    const same = await verify('--anchor', 'anchor.json');
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('goes on from the anchor')]);
    change(`delete from ledger where position = 2; update runs set status = 'open', closed_at = null`);
    expect((await verify()).code).toBe(0);
    const cut = await verify('--anchor', 'anchor.json');
    expect(cut.code).toBe(6);
    expect(cut.stdout).toContain('record 2: The end was cut off: the anchor names record 2.');
  });
});

it('a whole chain says whether its end was checked', async () => {
  const { code, stdout } = await verify(run);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^whole {3}hello-1 {2}3 records, head [0-9a-f]{16}, end not checked: no server\n$/);
});

it('an anchor has to be what `ledger verify --json` wrote', async () => {
  await writeFile(path.join(desk.folder, 'anchor.json'), '{"run": "hello-1"}');
  const { code, stderr } = await verify('--anchor', 'anchor.json');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--anchor: anchor.json is not what')]);
});
