import { expect, it } from 'vitest';
import type { RunAgentOutput } from '../../contracts/messages.ts';
import type { Store } from '../../contracts/ports.ts';
import { toFailure } from '../../contracts/failures.ts';
import { asker } from './counting-agents.ts';
import { attempt, environmentOf, inputFor, makeDependencies, openTestStore, putJson } from './harness.ts';

/** An attempt at a task that asks, and so saves, with Temporal's number for it and when it was scheduled. */
async function ask(store: Store, retry: number, scheduled: number): Promise<RunAgentOutput['end']['kind']> {
  const agent = asker(() => {});
  const environment = environmentOf(retry, { currentAttemptScheduledTimestampMs: scheduled });
  const topic = await putJson(store, 'topic', 'rivers');
  const input = inputFor(agent, { values: { topic } });
  // Asked again, it would change nothing: each attempt answers one more question, so that it has something to save.
  const known = (await store.snapshots.load({ run: input.run, task: input.task, key: input.key })) !== null;
  const asked = known ? await askedBy(store, agent) : [];
  const answers = Object.fromEntries(asked.map((id) => [id, 'yes']));
  const dependencies = makeDependencies(store, { agents: [agent] });
  const { end } = await attempt(
    dependencies,
    'runAgent',
    { ...input, ...(known && { answers }) },
    { environment },
  );
  return end.kind;
}

async function askedBy(store: Store, agent: ReturnType<typeof asker>): Promise<string[]> {
  const input = inputFor(agent);
  const { end } = await attempt(makeDependencies(store, { agents: [agent] }), 'runAgent', input, {
    environment: environmentOf(1, { currentAttemptScheduledTimestampMs: 0 }),
  });
  return end.kind === 'asks' ? end.questions.map(({ id }) => id) : [];
}

it('an activity that was reset, whose attempts are counted from 1 again, goes on from where it stood', async () => {
  const store = await openTestStore();
  expect(await ask(store, 3, 1000)).toBe('asks');
  expect(await ask(store, 1, 2000)).toBe('asks');
  expect(await ask(store, 2, 3000)).toBe('done');
});

it('an attempt that was scheduled before whoever saved is fenced, whatever its number', async () => {
  const store = await openTestStore();
  expect(await ask(store, 3, 1000)).toBe('asks');
  await expect(ask(store, 1, 900)).rejects.toMatchObject({ type: 'Snapshot.Fenced' });
  await expect(ask(store, 2, 1000)).rejects.toMatchObject({ type: 'Snapshot.Fenced' });
});

it('a store that is away for a while uses up no try of a task', async () => {
  const store = await openTestStore();
  const agent = asker(() => {});
  const topic = await putJson(store, 'topic', 'rivers');
  let away = 4;
  const save: Store['snapshots']['save'] = async (...given) => {
    if (away-- > 0) throw toFailure('Store.Unavailable', 'The disk is full.');
    return store.snapshots.save(...given);
  };
  const failing = { ...store, snapshots: { ...store.snapshots, save } };
  const input = inputFor(agent, { values: { topic } });
  const dependencies = makeDependencies(failing, { agents: [agent], patience: 600_000 });
  const { end } = await attempt(dependencies, 'runAgent', input);
  expect(end.kind).toBe('asks');
  expect(away).toBeLessThan(0);
});

it('a store that stays away is what the activity fails with, once its patience ends or it is cancelled', async () => {
  const store = await openTestStore();
  const agent = asker(() => {});
  const topic = await putJson(store, 'topic', 'rivers');
  const load = async (): Promise<never> =>
    Promise.reject(toFailure('Store.Unavailable', 'The disk is gone.'));
  const failing = { ...store, snapshots: { ...store.snapshots, load } };
  const input = inputFor(agent, { values: { topic } });
  const dependencies = makeDependencies(failing, { agents: [agent], patience: 300 });
  await expect(attempt(dependencies, 'runAgent', input)).rejects.toMatchObject({ type: 'Store.Unavailable' });
  const environment = environmentOf(1);
  const patient = makeDependencies(failing, { agents: [agent], patience: 600_000 });
  const waiting = attempt(patient, 'runAgent', input, { environment });
  environment.cancel('CANCELLED');
  await expect(waiting).rejects.toMatchObject({ name: 'CancelledFailure' });
});
