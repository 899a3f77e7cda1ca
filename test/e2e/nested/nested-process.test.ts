import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRow } from '../../../contracts/ports.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { ears, letterWriting, made, nestedAgents, tellingLater, told, undone } from './parts.ts';

const address = await temporalAddress();
const starter = { id: 'a-starter', roles: ['owner'] };
let baton: TestProject;
beforeAll(async () => {
  const project = {
    processes: [letterWriting, tellingLater],
    agents: nestedAgents,
    connectors: { ears },
  };
  baton = await startTestProject(project, { address });
});
afterAll(async () => baton.stop());

const start = async (topic: string): Promise<string> =>
  (await baton.client.start(letterWriting, { topic }, { by: 'a-starter' })).run;

async function childOf(run: string, holds: (row: RunRow) => boolean = () => true): Promise<RunRow> {
  for (;;) {
    const [child] = await baton.store.runs.list({ parent: run });
    if (child && holds(child)) return child;
    await sleep(20);
  }
}

async function approve(run: string, name: string): Promise<void> {
  const { checkpoint, digest } = await baton.opened(run, name);
  const person = { id: `a-${name}`, roles: ['editor', 'manager', 'owner'] };
  await baton.client.decide(run, { checkpoint: checkpoint.id, digest, verb: 'approve' }, person);
  while ((await baton.store.desk.open({ run })).some((row) => row.digest === digest)) await sleep(20);
}

async function agreeTo(child: string): Promise<void> {
  await approve(child, 'agree');
  await approve(child, 'tell');
}

describe('a process as an agent of another', () => {
  it('is a run of its own, with its own people and record, whose outputs become artifacts of the other', async () => {
    const run = await start('tides');
    const child = await childOf(run);
    expect(child).toMatchObject({ process: 'summarise', parent: run, startedBy: 'a-starter' });
    await agreeTo(child.run);
    const { outputs } = await baton.finish(run, { send: [{ verb: 'approve' }] });
    expect(outputs).toEqual({ letter: 'On tides. tides, in short.' });
    expect(await baton.store.runs.get(child.run)).toMatchObject({ status: 'finished' });
    for (const one of [run, child.run]) expect(await baton.store.ledger.verify(one)).toEqual([]);
    const records = await baton.store.ledger.read(run);
    const result = records.find(
      ({ body }) => (body as { task?: string }).task === 'summarise' && 'lineage' in (body as object),
    );
    expect(result!.body).toMatchObject({
      lineage: { run: child.run, agent: 'summarise' },
      references: [{ name: 'digest', facts: { letters: 15 } }],
    });
  });

  it('outlives a worker while it waits for its people', async () => {
    const run = await start('dunes');
    const child = await childOf(run);
    await baton.opened(child.run, 'agree');
    await baton.restartWorker();
    await agreeTo(child.run);
    expect((await baton.finish(run, { send: [{ verb: 'approve' }] })).result.status).toBe('finished');
    expect(made.filter((subject) => subject === 'dunes')).toHaveLength(1);
  });

  it('that was rejected is a failure that names its run; a retry takes that run up again', async () => {
    const run = await start('reefs');
    const child = await childOf(run);
    const asked = await baton.opened(child.run, 'agree');
    const rejection = { checkpoint: asked.checkpoint.id, digest: asked.digest, verb: 'reject' as const };
    await baton.client.decide(child.run, rejection, { id: 'an-editor', roles: ['editor'] });
    const { checkpoint, digest } = await baton.opened(run, 'summarise');
    expect(checkpoint.shown.failure).toMatchObject({
      type: 'Process.NotFinished',
      message: expect.stringContaining(`run ${child.run} was rejected`),
    });
    await baton.client.decide(run, { checkpoint: checkpoint.id, digest, verb: 'retry' }, starter);
    const again = await childOf(run, ({ epoch }) => epoch === 2);
    expect(again.run).toBe(child.run);
    await agreeTo(child.run);
    expect((await baton.finish(run, { send: [{ verb: 'approve' }] })).result.status).toBe('finished');
    expect(made.filter((subject) => subject === 'reefs')).toHaveLength(1);
    const calls = [...told].filter(([key]) => key.startsWith(child.run));
    expect(calls.map(([, times]) => times)).toEqual([1]);
    expect(await baton.store.runs.list({ parent: run })).toHaveLength(1);
  });

  it('is cancelled with the run whose task it is', async () => {
    const run = await start('kelp');
    const child = await childOf(run);
    await baton.opened(child.run, 'agree');
    await baton.client.cancel(run, starter);
    expect((await baton.client.result(run)).status).toBe('cancelled');
    expect((await baton.client.result(child.run)).status).toBe('cancelled');
    expect(await baton.store.desk.open({ run: child.run })).toEqual([]);
  });

  it('takes back what it did where the run whose task it is is cancelled with undo', async () => {
    const { run } = await baton.client.start(tellingLater, { subject: 'moss' }, { by: 'a-starter' });
    const child = await childOf(run);
    await baton.opened(child.run, 'marking');
    const isTold = () => [...told.keys()].some((key) => key.startsWith(child.run));
    while (!isTold()) await sleep(20);
    await baton.client.cancel(run, starter, { undo: true });
    expect((await baton.client.result(child.run)).status).toBe('cancelled');
    expect(undone.filter((key) => key.startsWith(child.run))).toHaveLength(1);
  });

  it('that is overtaken by other inputs is taken up again with them', async () => {
    const run = await start('fjords');
    const child = await childOf(run);
    await baton.opened(child.run, 'agree');
    await baton.client.amend(run, 'topic', 'lagoons', starter);
    const again = await childOf(run, ({ epoch, launched }) => epoch === 2 && launched);
    expect(again.run).toBe(child.run);
    await agreeTo(child.run);
    const { outputs } = await baton.finish(run, { send: [{ verb: 'approve' }] });
    expect(outputs).toEqual({ letter: 'On lagoons. lagoons, in short.' });
  });

  it('is made anew where changes are asked for in words, and its people are asked again', async () => {
    const run = await start('geysers');
    const child = await childOf(run);
    await agreeTo(child.run);
    const { checkpoint, digest } = await baton.opened(run, 'send');
    await baton.client.decide(
      run,
      { checkpoint: checkpoint.id, digest, verb: 'changes', changes: { task: 'summarise', words: 'louder' } },
      { id: 'a-manager', roles: ['manager'] },
    );
    await childOf(run, ({ epoch }) => epoch === 2);
    await approve(child.run, 'agree');
    // What somebody was told is another text now: a correction, not a second telling.
    const { checkpoint: asked, digest: seen } = await opened(child.run, 'correction');
    const request = { checkpoint: asked.id, digest: seen, verb: 'leave' as const };
    await baton.client.decide(child.run, request, { id: 'an-editor', roles: ['editor', 'owner'] });
    const { outputs } = await baton.finish(run, { send: [{ verb: 'approve' }] });
    expect(outputs).toEqual({ letter: 'On geysers. geysers: louder.' });
    expect([...told].filter(([key]) => key.startsWith(child.run))).toHaveLength(1);
  });
});

async function opened(run: string, kind: string) {
  for (;;) {
    const found = (await baton.store.desk.open({ run })).find(({ checkpoint }) => checkpoint.kind === kind);
    if (found) return found;
    await sleep(20);
  }
}
