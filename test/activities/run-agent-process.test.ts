import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunAgentInput, RunAgentOutput } from '../../contracts/messages.ts';
import type { Order } from './processes/run-agent.ts';
import { asker, writer } from './counting-agents.ts';
import {
  attempt,
  counterIn,
  inputFor,
  makeDependencies,
  makeFolder,
  openRunStore,
  putJson,
  readJson,
} from './harness.ts';

const program = fileURLToPath(new URL('processes/run-agent.ts', import.meta.url));

/** Runs one attempt in a process of its own; null where that died. */
async function inProcess(order: Order): Promise<RunAgentOutput | null> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (order.die && signal === 'SIGKILL') return null;
  expect([code, signal]).toEqual([0, null]);
  return JSON.parse(printed) as RunAgentOutput;
}

async function prepare(agent: 'writer' | 'asker'): Promise<{ folder: string; input: RunAgentInput }> {
  const folder = makeFolder();
  const store = await openRunStore(folder);
  const topic = await putJson(store, 'topic', 'rivers');
  await store.close();
  return {
    folder,
    input: inputFor(
      (agent === 'writer' ? writer : asker)(() => {}),
      { values: { topic } },
    ),
  };
}

async function textOf(folder: string, output: RunAgentOutput | null): Promise<unknown> {
  const store = await openRunStore(folder);
  const { end } = output!;
  const value = end.kind === 'done' ? await readJson(store, end.artifacts['text']) : end;
  await store.close();
  return value;
}

/** One attempt in this process. */
async function here({ folder, agent, input, retry }: Order): Promise<RunAgentOutput> {
  const store = await openRunStore(folder);
  const { count } = counterIn(folder);
  const dependencies = makeDependencies(store, { agents: [(agent === 'writer' ? writer : asker)(count)] });
  return attempt(dependencies, 'runAgent', input, { retry }).finally(async () => store.close());
}

// Each superstep but the last is saved when it is over, the last one with the artifacts.
const deaths: { die: NonNullable<Order['die']>; counts: { [node: string]: number } }[] = [
  { die: { at: 'before save', call: 1 }, counts: { gather: 2, draft: 1, finish: 1 } },
  { die: { at: 'after save', call: 1 }, counts: { gather: 1, draft: 1, finish: 1 } },
  { die: { at: 'after save', call: 2 }, counts: { gather: 1, draft: 1, finish: 1 } },
  { die: { at: 'after save', call: 3 }, counts: { gather: 1, draft: 1, finish: 1 } },
  { die: { at: 'before save', call: 3 }, counts: { gather: 1, draft: 1, finish: 2 } },
];

test.for(deaths)(
  'killed $die.at $die.call, no superstep whose snapshot was stored runs again',
  async ({ die, counts }) => {
    const { folder, input } = await prepare('writer');
    expect(await inProcess({ folder, agent: 'writer', input, retry: 1, die })).toBeNull();
    const output = await here({ folder, agent: 'writer', input, retry: 2 });
    expect(await textOf(folder, output)).toBe('on rivers, 1 notes');
    expect(counterIn(folder).counts()).toEqual(counts);
  },
);

test('asks in one process and goes on in another, by the ids of its questions', async () => {
  const { folder, input } = await prepare('asker');
  const asked = await here({ folder, agent: 'asker', input, retry: 1 });
  if (asked.end.kind !== 'asks') throw new Error('It did not ask.');
  const [colour, size] = asked.end.questions.toSorted((a, b) =>
    JSON.stringify(a.prompt) < JSON.stringify(b.prompt) ? -1 : 1,
  );
  expect([colour?.prompt, size]).toEqual([
    'Which colour?',
    { id: expect.any(String) as string, prompt: { text: 'Which size?' }, answer: { type: 'string' } },
  ]);
  const answers = { [size!.id]: 'XL', [colour!.id]: 'red' };
  const again = await inProcess({
    folder,
    agent: 'asker',
    input: { ...input, attempt: 2, answers },
    retry: 1,
  });
  if (again?.end.kind !== 'asks') throw new Error('It did not ask again.');
  expect(again.end.questions.map(({ prompt }) => prompt)).toEqual(['Is it good?']);
  const [good] = again.end.questions;
  const output = await here({
    folder,
    agent: 'asker',
    input: { ...input, attempt: 3, answers: { ...answers, [good!.id]: false } },
    retry: 1,
  });
  expect(await textOf(folder, output)).toBe('colour red, gathered, size XL, good false');
  expect(counterIn(folder).counts()).toEqual({ gather: 1, size: 1, colour: 1, finish: 1 });
});
