import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess, review } from '../../contracts/define-process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();

const writer = defineAgent({
  name: 'later-writer',
  needs: { topic: z.string() },
  produces: { text: z.object({ words: z.string() }) },
});
const later = defineProcess({
  name: 'written-later',
  input: z.object({ topic: z.string() }),
  output: { text: z.object({ words: z.string() }) },
  team: [writer],
  checkpoints: { readText: review('text', { by: 'editor' }) },
});
const written: string[] = [];

let baton: TestProject;
beforeAll(async () => {
  const implementation = implementAgent(writer, {
    make: ({ topic }) => {
      written.push(topic);
      return { text: { words: `On ${topic}.` } };
    },
  });
  baton = await startTestProject({ processes: [later], agents: [implementation] }, { address });
});
afterAll(async () => baton.stop());

describe('a run that is started ahead of time', () => {
  it('begins nothing before its time, and goes through afterwards', async () => {
    const before = Date.now();
    const { run, startsAt } = await baton.client.start(
      later,
      { topic: 'dew' },
      { by: 'a-clerk', delay: '2 seconds' },
    );
    expect(Date.parse(startsAt!)).toBeGreaterThanOrEqual(before + 2000);
    expect(await baton.store.runs.get(run)).toMatchObject({ startsAt, launched: false, status: 'open' });
    const { outputs } = await baton.finish(run, { readText: [{ verb: 'approve' }] });
    expect(outputs).toEqual({ text: { words: 'On dew.' } });
    const [first] = await baton.store.ledger.read(run);
    expect(Date.parse(first!.at)).toBeGreaterThanOrEqual(Date.parse(startsAt!));
  });

  it('can be cancelled before its time, and then never begins', async () => {
    const { run } = await baton.client.start(later, { topic: 'fog' }, { by: 'a-clerk', delay: '3 seconds' });
    await baton.client.cancel(run, { id: 'a-clerk', roles: [] });
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect(await baton.store.runs.get(run)).toMatchObject({ status: 'cancelled' });
    expect(await baton.store.ledger.verify(run)).toEqual([]);
    await sleep(3000);
    expect(written).not.toContain('fog');
  });

  it('begins no earlier because somebody was refused meanwhile', async () => {
    const { run, startsAt } = await baton.client.start(
      later,
      { topic: 'ice' },
      { by: 'a-clerk', delay: '3 seconds' },
    );
    await expect(baton.client.cancel(run, { id: 'a-stranger', roles: [] })).rejects.toMatchObject({
      type: 'Decision.NotAllowed',
    });
    await baton.opened(run, 'readText');
    const [first] = (await baton.store.ledger.read(run)).filter(({ kind }) => kind === 'outcome');
    expect(Date.parse(first!.at)).toBeGreaterThanOrEqual(Date.parse(startsAt!));
    await baton.finish(run, { readText: [{ verb: 'approve' }] });
  });

  it.each([
    [{ at: '2030-12-01T09:00' }, 'no moment with its offset'],
    [{ at: 'tomorrow' }, 'no moment with its offset'],
    [{ at: '2020-12-01T09:00+08:00' }, 'is over already'],
    [{ at: '9000-12-01T09:00+08:00' }, 'more than ten years'],
    [{ delay: 'soon' }, 'no length of time'],
    [{ delay: -5 }, 'no length of time'],
    [{ delay: 5, at: '2030-12-01T09:00Z' }, 'not both'],
  ])('is refused where its time is %j', async (time, message) => {
    const start = baton.client.start(later, { topic: 'hail' }, { by: 'a-clerk', ...time });
    await expect(start).rejects.toMatchObject({
      type: 'Time.Invalid',
      message: expect.stringContaining(message),
    });
    expect(written).not.toContain('hail');
  });
});

describe('an artifact that is supplied at the start', () => {
  const text = { words: 'Written elsewhere.' };

  it('is not made, and is reviewed as one that was', async () => {
    const { run } = await baton.client.start(
      later,
      { topic: 'sleet' },
      { by: 'a-clerk', supplied: { text } },
    );
    const { checkpoint } = await baton.opened(run, 'readText');
    expect(Object.keys(checkpoint.shown.subjects)).toEqual(['text']);
    const { outputs, result } = await baton.finish(run, { readText: [{ verb: 'approve' }] });
    expect([result.status, outputs]).toEqual(['finished', { text }]);
    expect(written).not.toContain('sleet');
    const { state } = await baton.client.state(run);
    expect(state.startedBy).toBe('a-clerk');
    expect(await baton.client.read(state.pinned['text']!)).toEqual(text);
  });

  it.each([
    [{ text: { words: 7 } }, 'text'],
    [{ tune: 'la' }, 'makes no tune'],
  ])('is refused where it is %j', async (supplied, message) => {
    const start = baton.client.start(later, { topic: 'rime' }, { by: 'a-clerk', supplied });
    await expect(start).rejects.toMatchObject({
      type: 'Input.Invalid',
      message: expect.stringContaining(message),
    });
  });

  it('belongs to what a business key stands for: another one under the key is refused', async () => {
    const start = async (words: string) =>
      baton.client.start(
        later,
        { topic: 'thaw' },
        { by: 'a-clerk', key: 'thaw', supplied: { text: { words } } },
      );
    const { run } = await start('One.');
    await expect(start('Another.')).rejects.toMatchObject({
      type: 'Key.InUse',
      message: expect.stringContaining('differs: text'),
    });
    await baton.finish(run, { readText: [{ verb: 'approve' }] });
  });
});
