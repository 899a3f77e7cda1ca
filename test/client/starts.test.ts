import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient } from '../../client/create-client.ts';
import { outside } from '../../contracts/define-supplier.ts';
import { defineProcess } from '../../contracts/define-process.ts';
import type { Store } from '../../contracts/ports.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { connectTo } from '../../server/connect.ts';
import { temporalAddress } from '../temporal-server.ts';
import { crashStart } from './crashed-start.ts';

const address = await temporalAddress();
const owner = { id: 'an-owner', roles: ['owner'] };

const prices = z.object({ tea: z.number() });
const feed = outside({ name: 'feed', produces: { prices } });
const input = { cups: z.int(), customer: z.string() };
/** Waits for what comes from outside. */
const wait = defineProcess({
  name: 'wait-for-prices',
  input: z.object(input),
  output: { prices },
  team: [feed],
});

let baton: TestProject;
beforeAll(async () => {
  baton = await startTestProject({ processes: [wait], agents: [] }, { address });
});
afterAll(async () => baton.stop());

async function reserve(run: string, key: string, input: typeof given): Promise<void> {
  await crashStart(baton, wait, input, { run, key });
}

async function statusOf(run: string): Promise<string> {
  return (await baton.client.temporal.workflow.getHandle(run).describe()).status.name;
}

const given = { cups: 3, customer: 'A' };

describe('a start under a key whose first start crashed', () => {
  it('goes on with it where it asks for the same', async () => {
    await reserve('wait-for-prices-same', 'same', given);
    const { run } = await baton.client.start(wait, given, { by: 'a-starter', key: 'same' });
    expect(run).toBe('wait-for-prices-same');
    expect(await statusOf(run)).toBe('RUNNING');
    await baton.client.cancel(run, owner);
  });

  it('goes on with it and is refused where its input differs', async () => {
    await reserve('wait-for-prices-other', 'other', given);
    const other = baton.client.start(wait, { ...given, cups: 4 }, { by: 'a-starter', key: 'other' });
    await expect(other).rejects.toMatchObject({
      type: 'Key.InUse',
      message: expect.stringMatching(/wait-for-prices-other .*its input differs: cups/),
    });
    expect(await statusOf('wait-for-prices-other')).toBe('RUNNING');
    await baton.client.cancel('wait-for-prices-other', owner);
  });

  it('goes on with it and is refused where the process is defined anew', async () => {
    await reserve('wait-for-prices-anew', 'anew', given);
    const anew = defineProcess({
      name: 'wait-for-prices',
      input: z.object({ ...input, note: z.string().optional() }),
      output: { prices },
      team: [feed],
    });
    await expect(baton.client.start(anew, given, { by: 'a-starter', key: 'anew' })).rejects.toMatchObject({
      type: 'Key.InUse',
      message: expect.stringContaining('another definition'),
    });
    expect(await statusOf('wait-for-prices-anew')).toBe('RUNNING');
    await baton.client.cancel('wait-for-prices-anew', owner);
  });
});

describe('going on with starts that crashed', () => {
  it('passes over one that fails, and reports it', async () => {
    await reserve('wait-for-prices-first', 'first', given);
    await reserve('wait-for-prices-middle', 'middle', given);
    await reserve('wait-for-prices-last', 'last', given);
    // Temporal takes no workflow id of this length: the start of this run fails each time.
    const long = `wait-for-prices-${'x'.repeat(1500)}`;
    await reserve(long, 'long', given);
    const { resumed, failed } = await baton.client.resumeStarts();
    const expected = ['first', 'last', 'middle'].map((name) => `wait-for-prices-${name}`);
    expect(resumed.toSorted()).toEqual(expected);
    expect(failed).toEqual([{ run: long, reason: expect.stringMatching(/./) }]);
    for (const run of resumed) await baton.client.cancel(run, owner);
  });

  it('reads each run again before it is started: its epoch may be another by then', async () => {
    const run = 'wait-for-prices-meanwhile';
    await reserve(run, 'meanwhile', given);
    const { store, taskQueue } = baton;
    const again = { kind: 'new', ...((await store.runs.get(run))!.start as object), startedBy: 'a-second' };
    const meanwhile: Store['runs'] = {
      ...store.runs,
      async list(filter) {
        const rows = (await store.runs.list(filter)).filter((row) => row.run === run);
        await store.runs.openEpoch(run, 2, again);
        return rows;
      },
    };
    const connection = await connectTo(address);
    try {
      const client = createClient({ connection, store: { ...store, runs: meanwhile }, taskQueue });
      expect(await client.resumeStarts()).toEqual({ resumed: [run], failed: [] });
      const { events } = await client.temporal.workflow.getHandle(run).fetchHistory();
      const args = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
      expect(Buffer.from(args![0]!.data!).toString()).toContain('a-second');
      await client.temporal.workflow.getHandle(run).terminate();
    } finally {
      await connection.close();
    }
  });
});
