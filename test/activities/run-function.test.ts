import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import type { AgentImplementation, MakePorts } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import {
  attempt,
  environmentOf,
  inputFor,
  makeDependencies,
  openTestStore,
  putJson,
  readJson,
  run,
} from './harness.ts';

const adding = defineAgent({
  name: 'adding',
  needs: { values: z.array(z.number()) },
  produces: { sum: z.number() },
  facts: { sum: z.object({ isLarge: z.boolean() }) },
  adjust: z.object({ floor: z.number().default(0) }),
});

interface Given {
  values: number[];
  adjust: { floor: number };
  words?: string | undefined;
}

const add = ({ values, adjust }: Given): number =>
  values.filter((value) => value >= adjust.floor).reduce((sum, value) => sum + value, 0);

function byFunction(
  make: (input: Given, ports: MakePorts) => unknown = (input) => ({ sum: add(input) }),
): AgentImplementation {
  return implementAgent(adding, {
    make: make as () => { sum: number },
    facts: { sum: (sum) => ({ isLarge: sum > 100 }) },
  }) as unknown as AgentImplementation;
}

function byGraph(node: (input: Given) => { sum: number }): AgentImplementation {
  const State = Annotation.Root({
    values: Annotation<number[]>,
    adjust: Annotation<{ floor: number }>,
    sum: Annotation<number>,
  });
  return implementAgent(adding, {
    graph: () =>
      new StateGraph(State).addNode('add', node).addEdge(START, 'add').addEdge('add', END).compile(),
    facts: { sum: (sum) => ({ isLarge: sum > 100 }) },
  }) as unknown as AgentImplementation;
}

async function open(agent: AgentImplementation) {
  const store = await openTestStore();
  const values = await putJson(store, 'values', [3, 4, 200]);
  const dependencies = makeDependencies(store, { agents: [agent] });
  const input = (parts: Parameters<typeof inputFor>[1] = {}) =>
    inputFor(agent, { values: { values }, ...parts });
  return { store, dependencies, input, values };
}

test('a function makes artifacts as a graph does: with facts, references and lineage', async () => {
  const agent = byFunction();
  const { store, dependencies, input, values } = await open(agent);
  const output = await attempt(dependencies, 'runAgent', input({ changes: { fields: { floor: 4 } } }));
  if (output.end.kind !== 'done') throw new Error('It is not done.');
  const { sum } = output.end.artifacts;
  expect(await readJson(store, sum)).toBe(204);
  expect(sum?.facts).toEqual({ isLarge: true });
  expect(output.references).toEqual([{ ...sum, name: 'sum', mediaType: 'application/json', bytes: 3 }]);
  expect(output.lineage).toMatchObject({ task: 'adding', from: { values: values.digest } });
});

test('what a function returned is not paid for again once it is saved', async () => {
  let calls = 0;
  const agent = byFunction((input) => ({ sum: add(input) + ++calls }));
  const { dependencies, input } = await open(agent);
  const first = await attempt(dependencies, 'runAgent', input());
  const again = await attempt(dependencies, 'runAgent', input(), { retry: 2 });
  expect(again).toEqual(first);
  expect(calls).toBe(1);
});

test('what does not fit is not saved: trying again makes it anew', async () => {
  const returned: unknown[] = [{ sum: 'seven' }, {}, null, { sum: 7 }];
  const { store, dependencies, input } = await open(byFunction(() => returned.shift()));
  const failures = [];
  for (const retry of [1, 2, 3]) {
    const failure: unknown = await attempt(dependencies, 'runAgent', input(), { retry }).catch(
      (error: unknown) => error,
    );
    failures.push(failure instanceof ApplicationFailure && [failure.type, failure.message]);
  }
  expect(failures).toEqual([
    ['Agent.InvalidOutput', expect.stringContaining('sum')],
    ['Agent.InvalidOutput', 'adding ended without sum.'],
    ['Agent.InvalidOutput', 'adding returned no object of what it makes.'],
  ]);
  const output = await attempt(dependencies, 'runAgent', input(), { retry: 4 });
  expect(output.end.kind === 'done' && (await readJson(store, output.end.artifacts['sum']))).toBe(7);
});

test('what a function throws is its failure, in its own words', async () => {
  const agent = byFunction(() => {
    throw new Error('No values to add.');
  });
  const { dependencies, input } = await open(agent);
  const failure: unknown = await attempt(dependencies, 'runAgent', input()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ type: 'Agent.Failed', message: 'adding: No values to add.' });
});

test('cancelling reaches a function, and ends the attempt of one that does not listen', async () => {
  const reached = Promise.withResolvers<AbortSignal>();
  const agent = byFunction(async (_input, { signal }) => {
    reached.resolve(signal);
    return new Promise(() => {});
  });
  const { dependencies, input } = await open(agent);
  const environment = environmentOf(1);
  const ended = attempt(dependencies, 'runAgent', input(), { environment }).catch((error: unknown) => error);
  const signal = await reached.promise;
  expect(signal.aborted).toBe(false);
  environment.cancel();
  expect(await ended).toBeInstanceOf(CancelledFailure);
  expect(signal.aborted).toBe(true);
});

test('a function that was overtaken can save no more', async () => {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let isFirst = true;
  const agent = byFunction(async (input) => {
    if (isFirst) {
      isFirst = false;
      reached.resolve();
      await gate.promise;
    }
    return { sum: add(input) };
  });
  const { store, dependencies, input } = await open(agent);
  const zombie = attempt(dependencies, 'runAgent', input()).catch((error: ApplicationFailure) => error.type);
  await reached.promise;
  await attempt(dependencies, 'runAgent', input(), { retry: 2 });
  gate.resolve();
  expect(await zombie).toBe('Snapshot.Fenced');
  expect((await store.snapshots.load({ run, task: 'adding', key: 'key-1' }))?.content).toBeDefined();
});

test('an agent that became a graph, or a function, begins afresh where the other one saved', async () => {
  for (const [before, after] of [
    [byFunction(), byGraph((input) => ({ sum: add(input) + 1 }))],
    [byGraph((input) => ({ sum: add(input) })), byFunction((input) => ({ sum: add(input) + 1 }))],
  ] as const) {
    const { store, dependencies, input } = await open(before);
    await attempt(dependencies, 'runAgent', input());
    const deployed = makeDependencies(store, { agents: [after] });
    const { end } = await attempt(deployed, 'runAgent', input(), { retry: 2 });
    expect(end.kind === 'done' && (await readJson(store, end.artifacts['sum']))).toBe(208);
  }
});

test('an agent works as a graph or as a function, not as both and not as neither', () => {
  const facts = { sum: () => ({ isLarge: false }) };
  for (const work of [{}, { make: () => ({ sum: 1 }), graph: byGraph(() => ({ sum: 1 })).graph }]) {
    expect(() => implementAgent(adding, { ...work, facts } as never)).toThrowError(
      expect.objectContaining({ type: 'Process.Invalid', message: expect.stringContaining('adding') }),
    );
  }
});
