import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outcomesOf } from '../../../client/read-run.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import type { Script } from '../../../testing/script.ts';
import { replayRun } from '../../replay-run.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { breaking, calls, parcels, shipment, shipping, slowness, talk } from './shipment.ts';

const address = await temporalAddress();
const approve = { verb: 'approve' } as const;
const script: Script = ({ kind }) => (kind === 'exception' ? { verb: 'retry' } : approve);

async function eventsOf(baton: TestProject, run: string): Promise<{ activities: string[]; markers: number }> {
  const { events } = await baton.client.temporal.workflow.getHandle(run).fetchHistory();
  const activities = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled ? [scheduled.activityType?.name ?? ''] : [],
  );
  return {
    activities,
    markers: (events ?? []).filter((event) => event.markerRecordedEventAttributes).length,
  };
}

describe.each([0, 1, 1000])('with %i workflows kept in memory', (maxCachedWorkflows) => {
  let baton: TestProject;
  beforeAll(async () => {
    // Where none is kept, each workflow task replays all that came before it.
    baton = await startTestProject(shipping, { address, maxCachedWorkflows });
  });
  afterAll(async () => baton?.stop());

  test('local agents side by side end in any order, fail and are tried again, while people decide', async () => {
    breaking.set('b', 1).set('e', 2);
    calls.length = 0;
    const { run, result, outputs, decided } = await baton.run(shipment, { parcels }, { script });
    expect(result.status).toBe('finished');
    expect(outputs).toEqual({ total: { grams: 937 }, note: `by road: ${parcels.length}.` });
    expect(calls.toSorted().join('')).toBe('abbcdeeefg');
    expect(decided.map(({ name, verb }) => `${verb} ${name}`).toSorted()).toEqual([
      'approve lookAtLabel',
      'approve lookAtLabel',
      'approve lookAtRoute',
      'approve maySend',
      'retry weighing',
    ]);
    const { activities, markers } = await eventsOf(baton, run);
    expect(activities.filter((name) => name === 'runAgent')).toHaveLength(1);
    expect(markers).toBeGreaterThanOrEqual(11);
    expect(await baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
    const done = outcomesOf(await baton.store.ledger.read(run)).flatMap(({ outcome }) =>
      outcome.type === 'result' && outcome.end.kind === 'done' ? [outcome.task] : [],
    );
    expect(done).toHaveLength(11);
    await replayRun(baton.client, run);
  });

  // Where it may keep fewer than there are, Temporal's core drops runs whose local activities are under way, and begins
  // them again after the workflow task's time is up: some come to an end only late.
  test.skipIf(maxCachedWorkflows < 8)('many runs at once', async () => {
    const list = Object.keys(slowness)
      .map((name, place) => `${name}=${place * 40}`)
      .join(' ');
    const runs = await Promise.all(
      Array.from({ length: 8 }, async () => baton.run(shipment, { parcels: list }, { script })),
    );
    expect(runs.map(({ outputs }) => outputs['total'])).toEqual(runs.map(() => ({ grams: 840 })));
    for (const { run } of runs) await replayRun(baton.client, run);
  });

  test('another worker takes over while a checkpoint is open', async () => {
    const { run } = await baton.client.start(shipment, { parcels: 'a=200 b=1' }, { by: 'a-starter' });
    await baton.opened(run, 'lookAtLabel');
    await baton.restartWorker();
    const { result, outputs } = await baton.finish(run, script);
    expect([result.status, outputs['total']]).toEqual(['finished', { grams: 201 }]);
    await replayRun(baton.client, run);
  });

  test('what is not for local agents is refused to them: a model, and asking', async () => {
    const failures: unknown[] = [];
    const stop: Script = ({ kind, shown }) => {
      if (kind !== 'exception') return approve;
      failures.push(shown['failure']);
      return { verb: 'stop' };
    };
    const runs = [
      await baton.run(shipment, { parcels: 'model=1' }, { script: stop }),
      await baton.run(talk, { parcels: '' }, { script: stop }),
    ];
    expect(runs.map(({ result }) => result.status)).toEqual(['stopped', 'stopped']);
    expect(failures).toEqual(
      [
        "The agent noting has durability 'local', which is for what calls no model: leave the durability out.",
        "The agent asking has durability 'local', which is for what asks nobody: leave the durability out.",
      ].map((message) => expect.objectContaining({ type: 'Process.Invalid', message })),
    );
  });
});
