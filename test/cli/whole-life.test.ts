import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../contracts/ports.ts';
import { openStore } from '../../store/open-store.ts';
import { temporalAddress } from '../temporal-server.ts';
import { openDesk } from './run-baton.ts';
import type { Desk, Kept } from './run-baton.ts';

interface Shown {
  status: string;
  epoch: number;
  open: { digest: string; checkpoint: { id: string; name: string; offers: string[] } }[];
  artifacts: { name: string; digest: string; by: string }[];
  timeline: { text: string }[];
}

const address = await temporalAddress();
let desk: Desk;
let store: Store;
let worker: Kept;
let run: string;
/** The command of one decision. */
let approve: string[];
const li = ['--as', 'li', '--role', 'editor'];

beforeAll(async () => {
  desk = await openDesk('--address', address, '--task-queue', `cli-${randomUUID()}`);
  worker = await desk.keep('polls', 'worker');
  store = await openStore({ folder: path.join(desk.folder, '.baton', 'store') });
}, 300_000);

afterAll(async () => {
  await store.close();
  await desk[Symbol.asyncDispose]();
});

/** The run once it asks this, or is in this status, and anything else that is wanted holds. */
async function shown(wanted: string, holds: (now: Shown) => boolean = () => true): Promise<Shown> {
  for (;;) {
    // Looked for in the store: a command for each look would keep the machine busy with starting commands.
    const [row, open] = await Promise.all([store.runs.get(run), store.desk.open({ run })]);
    if (row?.status === wanted || open.some(({ checkpoint }) => checkpoint.name === wanted)) {
      const now = await desk.json<Shown>('show', run);
      const isThere = now.status === wanted || now.open.some(({ checkpoint }) => checkpoint.name === wanted);
      if (isThere && holds(now)) return now;
    }
    await sleep(100);
  }
}

describe('the whole life of a run at the command line', { timeout: 300_000 }, () => {
  it('is started under a business key, which no other run gets', async () => {
    const words = ['office-notice', '--key', 'pantry', '--by', 'clerk'];
    const input = ['--input', '{"subject": "the pantry has moved", "from": "Facilities"}'];
    const started = await desk.json<{ run: string; key: string }>('start', ...words, ...input);
    run = started.run;
    expect(started).toMatchObject({ key: 'pantry', process: 'office-notice', startedBy: 'clerk' });
    const again = await desk.baton('start', ...words, ...input);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain(`Run ${run} of office-notice holds the key pantry`);
  });

  it('is listed with what it asks, and shown with how to decide', async () => {
    const { open } = await shown('approveNotice');
    const runs = await desk.json<{ run: string; asks: string[]; status: string }[]>(
      'runs',
      '--key',
      'pantry',
    );
    expect(runs).toMatchObject([{ run, status: 'open', asks: ['approveNotice'] }]);
    const { stdout } = await desk.baton('show', run);
    expect(stdout).toContain('notice-writer made notice');
    expect(stdout).toContain('asked of   someone in the role editor');
    expect(stdout).toContain(`--digest ${open[0]!.digest.slice(0, 12)} --as YOU --role editor`);
  });

  it('goes by its process and business key, too', async () => {
    expect(await desk.json('show', 'office-notice/pantry')).toMatchObject({ run, key: 'pantry' });
    const words = ['office-notice/pantry', 'approve', '--digest', '0123456789ab', '--role', 'editor'];
    expect((await desk.baton('decide', ...words)).stderr).toContain('Checkpoint.Stale');
    const other = await desk.baton('show', 'hello/pantry');
    expect([other.code, other.stderr]).toEqual([4, expect.stringContaining('There is no run hello/pantry')]);
  });

  it('refuses a decision on something else, by somebody else, or not offered', async () => {
    const { open } = await shown('approveNotice');
    const digest = open[0]!.digest.slice(0, 12);
    const stale = await desk.baton('decide', run, 'approve', '--digest', '0123456789ab', '--role', 'editor');
    expect([stale.code, stale.stderr]).toEqual([3, expect.stringContaining('Checkpoint.Stale')]);
    const stranger = await desk.baton('decide', run, 'approve', '--digest', digest, '--as', 'guest');
    expect([stranger.code, stranger.stderr]).toEqual([3, expect.stringContaining('Decision.NotAllowed')]);
    const other = await desk.baton('decide', run, 'answer', '--digest', digest, '--answer', 'yes');
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('Checkpoint.NotOffered')]);
  });

  it('wants to be told what was shown, where nobody can look', async () => {
    const { code, stderr } = await desk.baton('decide', run, 'approve', '--role', 'editor');
    expect(code).toBe(2);
    expect(stderr).toContain('--digest');
  });

  it('takes changes in fields and words, and says what was made again', async () => {
    const before = await shown('approveNotice');
    const words = ['--task', 'notice-writer', '--fields', '{"tone": "warm"}', '--words', 'warmer, please'];
    const who = ['--as', 'li', '--role', 'editor', '--digest', before.open[0]!.digest];
    const nothing = await desk.baton('decide', run, 'changes', ...words.slice(0, 2), ...who);
    expect([nothing.code, nothing.stderr]).toEqual([
      2,
      expect.stringContaining(
        'Say what notice-writer is to change: in --fields, in --inputs, or in --words.',
      ),
    ]);
    await desk.json('decide', run, 'approveNotice', 'changes', ...words, ...who);
    await shown('approveNotice', ({ open }) => open[0]!.digest !== before.open[0]!.digest);
    const { stdout } = await desk.baton('show', run);
    expect(stdout).toContain('of notice-writer: tone "warm", “warmer, please”');
    expect(stdout).toMatch(/made again {2}notice-writer: notice [0-9a-f]{12} → [0-9a-f]{12}/);
  });

  it('is approved and released by two people, and puts the notice up', async () => {
    const review = await shown('approveNotice');
    const first = review.open[0]!.digest;
    approve = ['decide', run, 'approve', '--digest', first.slice(0, 12), '--id', 'ticket-1'];
    expect(await desk.json(...approve, ...li)).toMatchObject({ id: 'ticket-1' });
    const { digest } = (await shown('releaseNotice')).open[0]!;
    const own = await desk.baton(
      'decide',
      run,
      'approve',
      '--digest',
      digest,
      '--as',
      'clerk',
      '--role',
      'manager',
    );
    expect([own.code, own.stderr]).toEqual([3, expect.stringContaining('Decision.FourEyes')]);
    await desk.json('decide', run, 'approve', '--digest', digest, '--as', 'wang', '--role', 'manager');
    await shown('finished');
    const file = path.join(desk.folder, 'out/office-notice', run, 'putUp/notice.txt');
    expect(await readFile(file, 'utf8')).toContain('Good news');
  });

  it('takes a decision once, however often its command is given under one id, and says so', async () => {
    const repeated = await desk.baton(...approve, ...li);
    expect(repeated).toMatchObject({ code: 0, stderr: '' });
    expect(repeated.stdout).toContain(
      'approve was decided by li under the id ticket-1 before: it counts once',
    );
    expect(await desk.json(...approve, ...li)).toMatchObject({ verb: 'approve', repeated: true });
    const { timeline } = await desk.json<Shown>('show', run);
    expect(timeline.filter(({ text }) => /^li.*\bapprove\b/.test(text))).toHaveLength(1);
    const reject = approve.map((word) => (word === 'approve' ? 'reject' : word));
    for (const other of [
      [...approve, '--as', 'mo', '--role', 'editor'],
      [...reject, ...li],
    ]) {
      const { code, stderr } = await desk.baton(...other);
      expect([code, stderr]).toEqual([3, expect.stringContaining('Decision.IdInUse')]);
    }
  });

  it('gives an artifact, and writes it where it is told', async () => {
    const notice = await desk.json<{ title: string }>('show', run.slice(0, -2), '--artifact', 'notice');
    expect(notice.title).toBe('the pantry has moved');
    const files = await desk.json<string[]>('show', run, '--artifact', 'notice', '--to', 'scratch');
    expect(JSON.parse(await readFile(files[0]!, 'utf8'))).toEqual(notice);
    const { code, stdout } = await desk.baton('show', run, '--artifact', 'picture', '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        type: 'Artifact.NotMade',
        message: expect.stringContaining('it has subject, from, notice'),
        mend: expect.stringContaining('Name an artifact that the run has'),
        page: expect.stringContaining('failures.md#artifact-notmade'),
      },
    });
  });

  it('shows the plan of a re-run, and does nothing without --yes', async () => {
    const { plan, done } = await desk.json<{ plan: object; done: null }>(
      'rerun',
      run,
      '--from',
      'notice-writer',
    );
    expect(plan).toMatchObject({
      epoch: 2,
      again: ['notice-writer'],
      slots: [{ slot: 'putUp', affected: true }],
    });
    expect(done).toBeNull();
    expect((await desk.json<Shown>('show', run)).epoch).toBe(1);
    const unknown = await desk.baton('rerun', run, '--from', 'nobody');
    expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('it has notice-writer')]);
  });

  it('runs again from the task, asks nobody where the same comes out, and keeps what was done', async () => {
    await desk.json('rerun', run, '--from', 'notice-writer', '--yes', '--as', 'li', '--role', 'owner');
    await shown('finished', ({ epoch }) => epoch === 2);
    const { stdout } = await desk.baton('show', run);
    expect(stdout).toContain('li had notice-writer made again');
    expect(stdout).toContain('the same as before');
  });

  it('has a whole ledger, whose end is the one in the history', async () => {
    const verified = await desk.json<object[]>('ledger', 'verify', run);
    expect(verified).toMatchObject([{ run, end: 'checked', breaks: [] }]);
  });

  it("replays with today's code, from the server and from a file", async () => {
    await desk.json('history', run, '--to', 'history.json');
    const nowhere = await desk.baton('history', run, '--to', '/proc/baton/history.json');
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('File.NotWritable')]);
    const replayed = await desk.json<{ same: boolean; events: number }>('replay', '--file', 'history.json');
    expect(replayed).toMatchObject({ run, same: true });
    expect(await desk.json('replay', run)).toEqual(replayed);
  });

  it('is answered by the line that `show` prints, as it is printed', async () => {
    const started = await desk.json<{ run: string }>('start', 'room-booking', '--input', '{"people": 9}');
    run = started.run;
    await shown('room-finder');
    const { stdout } = await desk.baton('show', run);
    expect(stdout).toContain('answers    Bauhinia, Plum');
    const [, line] = /^ +decide +npm run baton -- (.*)$/m.exec(stdout)!;
    expect(line).not.toMatch(/['"\\]/);
    const { code, stderr } = await desk.baton(...line!.split(' '));
    expect([code, stderr]).toEqual([0, '']);
    await shown('finished');
    expect(await desk.json('show', run, '--artifact', 'booking')).toEqual({ people: 9, room: 'Bauhinia' });
  });

  it('is cancelled where it still asks', async () => {
    const started = await desk.json<{ run: string }>('start', 'room-booking', '--input', '{"people": 9}');
    run = started.run;
    await shown('room-finder');
    const guest = await desk.baton('cancel', run, '--as', 'guest');
    expect([guest.code, guest.stderr]).toEqual([3, expect.stringContaining('Decision.NotAllowed')]);
    await desk.json('cancel', run, '--as', 'wang', '--role', 'reception');
    await shown('cancelled');
    const late = await desk.baton('cancel', run, '--as', 'wang', '--role', 'reception');
    expect([late.code, late.stderr]).toEqual([3, expect.stringContaining('Run.Closed')]);
  });

  it('and the worker ends cleanly', async () => {
    expect(await worker.interrupt()).toBe(0);
  });
});
