import { expect, test } from 'vitest';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import type { ApplyEditInput } from '../../contracts/messages.ts';
import type { Json } from '../../contracts/json.ts';
import type { Store } from '../../contracts/ports.ts';
import { attempt, inputFor, makeDependencies, openTestStore, putJson, readJson, run } from './harness.ts';

const planner = defineAgent({
  name: 'planner',
  needs: {},
  produces: { plan: z.object({ days: z.int(), title: z.string() }) },
  facts: { plan: z.object({ days: z.int() }) },
});

const implementation = implementAgent(planner, {
  graph: () => {
    throw new Error('An edit runs no graph.');
  },
  facts: { plan: ({ days }) => ({ days }) },
  applyEdit: (_artifact, plan, delta) => {
    const { days } = delta as { days: number };
    if (days > 100) throw new Error('No plan is longer than 100 days.');
    return { ...plan, days };
  },
}) as unknown as AgentImplementation;

async function edit(
  store: Store,
  delta: Json,
  agent = implementation,
): ReturnType<typeof attempt<'applyEdit'>> {
  const input: ApplyEditInput = {
    run,
    epoch: 1,
    process: 'tested',
    agent: 'planner',
    task: 'planner',
    artifact: 'plan',
    base: await putJson(store, 'plan', { days: 5, title: 'Rivers' }),
    delta,
    schema: inputFor(implementation).produces['plan']!,
    book: {
      batch: {
        run,
        epoch: 1,
        from: 0,
        outcomes: [{ type: 'started', task: 'planner', attempt: 1, key: 'k' }],
      },
    },
  };
  return attempt(makeDependencies(store, { agents: [agent] }), 'applyEdit', input);
}

test('an edit makes a new version with its facts, and records what rode along', async () => {
  const store = await openTestStore();
  const { result, reference, head } = await edit(store, { days: 9 });
  expect(result.facts).toEqual({ days: 9 });
  expect(await readJson(store, result)).toEqual({ days: 9, title: 'Rivers' });
  expect(reference).toMatchObject({ name: 'plan', digest: result.digest });
  expect(head?.index).toBe(0);
});

test('an edit that the agent refuses says why, and is not tried again', async () => {
  const store = await openTestStore();
  await expect(edit(store, { days: 101 })).rejects.toMatchObject({
    type: 'Agent.EditFailed',
    nonRetryable: true,
    message: 'No plan is longer than 100 days.',
  });
});

test('an edit that makes something unfit is refused as the agent itself would be', async () => {
  const store = await openTestStore();
  await expect(edit(store, { days: 1.5 })).rejects.toMatchObject({ type: 'Agent.InvalidOutput' });
});

test('an agent that says nothing of edits refuses them', async () => {
  const store = await openTestStore();
  const { applyEdit: _left, ...without } = implementation;
  await expect(edit(store, { days: 9 }, without)).rejects.toMatchObject({ type: 'Agent.EditFailed' });
});

test('a record activity alone records, shows checkpoints and closes; again it changes nothing', async () => {
  const store = await openTestStore();
  const dependencies = makeDependencies(store, {});
  const input = {
    process: 'tested',
    book: {
      batch: { run, epoch: 1, from: 0, outcomes: [{ type: 'close' as const, to: 'cancelled' as const }] },
      open: [],
    },
    close: 'cancelled' as const,
  };
  const head = await attempt(dependencies, 'record', input);
  expect(await attempt(dependencies, 'record', input, { retry: 2 })).toEqual(head);
  expect(await store.ledger.read(run)).toHaveLength(1);
  expect((await store.runs.get(run))?.status).toBe('cancelled');
});
