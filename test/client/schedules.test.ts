import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineProcess } from '../../contracts/define-process.ts';
import { outside } from '../../contracts/define-supplier.ts';
import type { Overlap, ScheduleRequest, ScheduleView } from '../../client/schedules.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();
const owner = { id: 'an-owner', roles: ['owner'] };
const prices = z.object({ tea: z.number() });
/** Waits for what comes from outside: under way for as long as a test wants. */
const waiting = defineProcess({
  name: 'wait-by-schedule',
  input: z.object({ cups: z.int() }),
  output: { prices },
  team: [outside({ name: 'feed', produces: { prices } })],
});

let baton: TestProject;
beforeAll(async () => {
  baton = await startTestProject({ processes: [waiting], agents: [] }, { address });
});
afterAll(async () => baton.stop());

let made: string[] = [];
afterEach(async () => {
  for (const id of made) await baton.client.schedules.delete(id).catch(() => {});
  const open = await baton.store.runs.list({ status: 'open' });
  await Promise.all(open.map(async ({ run }) => baton.client.cancel(run, owner).catch(() => {})));
  made = [];
});

/** A schedule that is due in years, so that only `runNow` starts anything. */
async function create(given: Partial<ScheduleRequest> = {}): Promise<string> {
  const id = `test-${randomUUID()}`;
  made.push(id);
  const request = { id, by: 'a-planner', cron: ['0 9 1 1 *'], ...given };
  await baton.client.schedules.create(waiting, { cups: 3 }, request);
  return id;
}

async function until(id: string, holds: (view: ScheduleView) => boolean): Promise<ScheduleView> {
  for (;;) {
    const view = await baton.client.schedules.show(id);
    if (holds(view)) return view;
    await sleep(50);
  }
}

const runsOf = async (id: string) =>
  (await baton.store.runs.list()).filter(({ key }) => key?.startsWith(`${id}@`)).toReversed();
const opened = (view: ScheduleView): boolean => view.runs[0]?.status === 'open';

describe('a run that a schedule starts', () => {
  it('is as one that was started by hand: row, key, starter, record, result', async () => {
    const id = await create();
    await baton.client.schedules.runNow(id);
    const { runs } = await until(id, opened);
    const run = runs[0]!.run!;
    expect(await baton.store.runs.get(run)).toMatchObject({
      process: 'wait-by-schedule',
      startedBy: 'a-planner',
      key: expect.stringMatching(/^test-.*@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      status: 'open',
    });
    await baton.client.provide(run, { prices: { tea: 4 } }, { id: 'a-feed', roles: [] });
    expect((await baton.client.result(run)).status).toBe('finished');
    expect(await baton.store.ledger.verify(run)).toEqual([]);
    const after = await until(id, (view) => view.runs[0]?.status === 'finished');
    expect(after.runs).toMatchObject([{ run, failure: null }]);
    const { type } = await baton.client.temporal.workflow.getHandle(run).describe();
    expect(type).toBe('wait-by-schedule');
  });

  it('comes by itself when it is due', async () => {
    const id = await create({ cron: [], every: '1 second' });
    const { runs } = await until(id, opened);
    expect(await runsOf(id)).toHaveLength(1);
    expect(runs[0]!.run).not.toBeNull();
    const { skipped } = await until(id, (view) => view.skipped.overlap > 0);
    expect(skipped.late).toBe(0);
    expect(await runsOf(id)).toHaveLength(1);
  });

  it('goes on when its schedule is deleted', async () => {
    const id = await create();
    await baton.client.schedules.runNow(id);
    const { runs } = await until(id, opened);
    await baton.client.schedules.delete(id);
    await expect(baton.client.schedules.show(id)).rejects.toMatchObject({ type: 'Schedule.Unknown' });
    await baton.client.provide(runs[0]!.run!, { prices: { tea: 5 } }, owner);
    expect((await baton.client.result(runs[0]!.run!)).status).toBe('finished');
  });
});

describe('while the run before is under way, a schedule', () => {
  const twice = async (overlap: Overlap): Promise<string> => {
    const id = await create({ overlap });
    await baton.client.schedules.runNow(id);
    await until(id, opened);
    // The run of a time is one run: another second is another time.
    await sleep(1100);
    await baton.client.schedules.runNow(id);
    return id;
  };
  const statuses = async (id: string): Promise<string[]> => (await runsOf(id)).map(({ status }) => status);
  const twoRuns = async (id: string): Promise<string[]> => {
    while ((await runsOf(id)).length < 2) await sleep(50);
    return (await runsOf(id)).map(({ run }) => run);
  };

  it("with 'skip' starts none", async () => {
    const id = await twice('skip');
    await until(id, ({ skipped }) => skipped.overlap === 1);
    expect(await statuses(id)).toEqual(['open']);
  });

  it("with 'allow-all' starts another", async () => {
    const id = await twice('allow-all');
    await twoRuns(id);
    expect(await statuses(id)).toEqual(['open', 'open']);
  });

  it("with 'buffer-one' starts another when it has ended", async () => {
    const id = await twice('buffer-one');
    const [first] = await runsOf(id);
    await baton.client.provide(first!.run, { prices: { tea: 1 } }, owner);
    await twoRuns(id);
    expect(await statuses(id)).toEqual(['finished', 'open']);
  });

  it("with 'cancel-other' cancels it by its own rules, and starts another then", async () => {
    const id = await twice('cancel-other');
    const [first] = await twoRuns(id);
    expect(await statuses(id)).toEqual(['cancelled', 'open']);
    expect(await baton.store.ledger.verify(first!)).toEqual([]);
  });

  it("with 'terminate-other' starts another at once, and has it cancelled by its own rules", async () => {
    const id = await twice('terminate-other');
    const [first] = await twoRuns(id);
    expect((await baton.client.result(first!)).status).toBe('cancelled');
    expect(await statuses(id)).toEqual(['cancelled', 'open']);
  });
});

describe('a schedule', () => {
  it('is listed with its process, its creator and its next time; paused and resumed with a note', async () => {
    const id = await create({ timeZone: 'Asia/Hong_Kong', jitter: '5 minutes', overlap: 'buffer-all' });
    const lines = async () => (await baton.client.schedules.list()).filter((line) => line.id === id);
    while ((await lines()).length === 0) await sleep(100);
    expect(await lines()).toMatchObject([{ process: 'wait-by-schedule', startedBy: 'a-planner' }]);
    const view = await baton.client.schedules.show(id);
    expect(view).toMatchObject({ overlap: 'buffer-all', catchUp: 86_400_000, paused: false });
    expect(view.when).toEqual(['cron 0 9 1 1 *', 'time zone Asia/Hong_Kong', 'moved by up to 5 minutes']);
    expect(view.next[0]).toMatch(/-01-01T01:0\d/);
    await baton.client.schedules.pause(id, 'until the audit is over');
    expect(await baton.client.schedules.show(id)).toMatchObject({
      paused: true,
      note: 'until the audit is over',
    });
    await baton.client.schedules.resume(id);
    expect(await baton.client.schedules.show(id)).toMatchObject({ paused: false });
  });

  it('says why a run could not be started where its process has changed since, and starts none', async () => {
    const changed = defineProcess({
      name: 'wait-by-schedule',
      input: z.object({ cups: z.int(), pots: z.int() }),
      output: { prices },
      team: [outside({ name: 'feed', produces: { prices } })],
    });
    const { store } = baton;
    await using other = await startTestProject(
      { processes: [changed], agents: [] },
      { address, wrapStore: () => ({ ...store, close: async () => {} }) },
    );
    const moved = `test-${randomUUID()}`;
    made.push(moved);
    await other.client.schedules.create(
      waiting,
      { cups: 2 },
      { id: moved, by: 'a-planner', every: '9 days' },
    );
    await other.client.schedules.runNow(moved);
    const { runs } = await until(moved, (view) => view.runs[0]?.status === 'failed');
    expect(runs[0]!.failure).toMatchObject({
      type: 'Input.Invalid',
      message: expect.stringContaining('pots'),
    });
    expect(await runsOf(moved)).toEqual([]);
  });

  it.each<[string, Partial<ScheduleRequest>]>([
    ['nothing of when', { cron: [] }],
    ['a cron line that is none', { cron: ['every morning'] }],
    ['an hour that there is not', { cron: ['0 25 * * *'] }],
    ['a time zone that there is not', { timeZone: 'Asia/Nowhere' }],
    ['an interval that is none', { cron: [], every: 'often' }],
    ['no name', { id: ' ' }],
  ])('with %s is refused', async (_what, given) => {
    await expect(create(given)).rejects.toMatchObject({ type: 'Schedule.Invalid' });
  });

  it('of the same name as another is refused, and one whose input does not fit its process', async () => {
    const id = await create();
    await expect(create({ id })).rejects.toMatchObject({ type: 'Schedule.Exists' });
    const wrong = { cups: 'many' } as unknown as { cups: number };
    const request = { id: `${id}-2`, by: 'a-planner', every: '1 day' };
    await expect(baton.client.schedules.create(waiting, wrong, request)).rejects.toMatchObject({
      type: 'Input.Invalid',
    });
    await expect(baton.client.schedules.runNow(`${id}-2`)).rejects.toMatchObject({
      type: 'Schedule.Unknown',
    });
  });
});
