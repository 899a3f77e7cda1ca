import { Annotation, Command, END, START, StateGraph, interrupt } from '@langchain/langgraph';
import { HumanMessage } from '@langchain/core/messages';
import { expect, test } from 'vitest';
import { SnapshotSaver } from '../../activities/snapshot-saver.ts';
import { SnapshotSerializer } from '../../activities/snapshot-serializer.ts';

const State = Annotation.Root({
  left: Annotation<number>,
  notes: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }),
});
const config = { configurable: { thread_id: 'thread' }, recursionLimit: 1000, durability: 'sync' as const };

/** Everything that was handed to be stored, and a saver as another process would make it from the last of it. */
function recorder(): { saves: Uint8Array[]; saver(): SnapshotSaver; namespaces(): string[] } {
  const saves: Uint8Array[] = [];
  return {
    saves,
    saver: () => {
      const saved = saves.at(-1);
      return new SnapshotSaver({
        save: async (content) => void saves.push(content),
        ...(saved && { saved }),
      });
    },
    namespaces: () => {
      const { namespaces } = JSON.parse(Buffer.from(saves.at(-1)!).toString()) as { namespaces: object };
      return Object.keys(namespaces).map((name) => name.replaceAll(/:[^|]+/g, ':id'));
    },
  };
}

test('what is stored does not grow with the steps', async () => {
  const stored = recorder();
  const graph = new StateGraph(Annotation.Root({ left: Annotation<number> }))
    .addNode('count', ({ left }) => ({ left: left - 1 }))
    .addEdge(START, 'count')
    .addConditionalEdges('count', ({ left }) => (left > 0 ? 'count' : END))
    .compile({ checkpointer: stored.saver() });
  await graph.invoke({ left: 300 }, config);
  expect(stored.saves).toHaveLength(300);
  const sizes = stored.saves.map((content) => content.byteLength);
  expect(sizes.at(-1)).toBeLessThan(sizes[0]! + 50);
  expect(Math.max(...sizes)).toBeLessThan(2000);
});

/** An outer graph with an inner one that asks, after a step of its own; `rounds` times. */
function nested(stored: SnapshotSaver, calls: string[], ownHistory = false): ReturnType<typeof build> {
  const inner = new StateGraph(State)
    .addNode('prepare', () => {
      calls.push('prepare');
      return { notes: ['prepared'] };
    })
    .addNode('ask', () => ({ notes: [String(interrupt('How?'))] }))
    .addEdge(START, 'prepare')
    .addEdge('prepare', 'ask')
    .addEdge('ask', END)
    .compile(ownHistory ? { checkpointer: true } : {});
  const build = () =>
    new StateGraph(State)
      .addNode('inner', inner)
      .addNode('after', ({ left }) => {
        calls.push('after');
        return { left: left - 1 };
      })
      .addEdge(START, 'inner')
      .addEdge('inner', 'after')
      .addConditionalEdges('after', ({ left }) => (left > 0 ? 'inner' : END))
      .compile({ checkpointer: stored });
  return build();
}

test('a graph within a graph waits for its answer in another process, and is forgotten when it is over', async () => {
  const stored = recorder();
  const calls: string[] = [];
  const first = stored.saver();
  await nested(first, calls).invoke({ left: 2, notes: [] }, config);
  await first.flush();
  expect(stored.namespaces()).toEqual(['', 'inner:id']);

  const second = stored.saver();
  const asked = await nested(second, calls).invoke(new Command({ resume: 'fast' }), config);
  await second.flush();
  expect(asked).toHaveProperty('__interrupt__');
  // Not two: what ran within the first round is gone.
  expect(stored.namespaces()).toEqual(['', 'inner:id']);

  const third = stored.saver();
  const done = await nested(third, calls).invoke(new Command({ resume: 'slow' }), config);
  await third.flush();
  expect(done.notes.filter((note) => note !== 'prepared')).toEqual(expect.arrayContaining(['fast', 'slow']));
  expect(stored.namespaces()).toEqual(['']);
  expect(calls).toEqual(['prepare', 'after', 'prepare', 'after']);
});

test('a graph with a history of its own keeps it', async () => {
  const stored = recorder();
  const calls: string[] = [];
  const first = stored.saver();
  await nested(first, calls, true).invoke({ left: 1, notes: [] }, config);
  await first.flush();
  const second = stored.saver();
  await nested(second, calls, true).invoke(new Command({ resume: 'fast' }), config);
  await second.flush();
  expect(stored.namespaces()).toEqual(['', 'inner']);
  expect(calls).toEqual(['prepare', 'after']);
});

test('of questions asked at once, answering one leaves the other open', async () => {
  const stored = recorder();
  const graphOn = (saver: SnapshotSaver) =>
    new StateGraph(State)
      .addNode('one', () => ({ notes: [`one ${String(interrupt('One?'))}`] }))
      .addNode('two', () => ({ notes: [`two ${String(interrupt('Two?'))}`] }))
      .addEdge(START, 'one')
      .addEdge(START, 'two')
      .compile({ checkpointer: saver });
  const first = stored.saver();
  await graphOn(first).invoke({ left: 0, notes: [] }, config);
  await first.flush();

  const second = stored.saver();
  const asking = await graphOn(second).getState(config);
  const ids = Object.fromEntries(asking.tasks.map((task) => [task.name, task.interrupts[0]!.id!]));
  await graphOn(second).invoke(new Command({ resume: { [ids['two']!]: null } }), config);
  await second.flush();

  const third = stored.saver();
  const still = await graphOn(third).getState(config);
  expect(still.tasks.filter((task) => task.interrupts.length > 0).map((task) => task.name)).toEqual(['one']);
  const done = await graphOn(third).invoke(new Command({ resume: { [ids['one']!]: 1 } }), config);
  expect(done.notes).toEqual(['one 1', 'two null']);
});

test('one node asks twice: each question has an id of its own', async () => {
  const stored = recorder();
  const graphOn = (saver: SnapshotSaver) =>
    new StateGraph(State)
      .addNode('ask', () => ({ notes: [String(interrupt('First?')), String(interrupt('Second?'))] }))
      .addEdge(START, 'ask')
      .compile({ checkpointer: saver });
  const ids: string[] = [];
  for (const input of [{ left: 0, notes: [] }, null]) {
    const saver = stored.saver();
    await graphOn(saver).invoke(input ?? new Command({ resume: { [ids[0]!]: 'a' } }), config);
    await saver.flush();
    ids.push((await graphOn(stored.saver()).getState(config)).tasks[0]!.interrupts[0]!.id!);
  }
  expect(ids[1]).not.toBe(ids[0]);
});

const fromDocuments: [string, unknown][] = [
  [
    'an object that looks like a class',
    { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'HumanMessage'], kwargs: {} },
  ],
  ['an object that looks like a secret', { lc: 1, type: 'secret', id: ['PATH'] }],
  ['an object that looks like undefined', { a: { lc: 2, type: 'undefined' } }],
  ['an object that looks like a map', [{ lc: 2, type: 'constructor', id: ['Map'], args: [[[1, 2]]] }]],
  [
    "an object that looks like the serialiser's own",
    { '@baton': 'bigint', text: '1', '@@baton': 2, '@lc': 3 },
  ],
  ['a field called __proto__', JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')],
  ['what JSON lacks', { n: Number.NaN, i: [-Infinity, Infinity], b: 12n, d: new Date(5), u: undefined }],
  [
    'maps, sets and bytes',
    { m: new Map([[{ lc: 1 }, 2n]]), s: new Set([Number.NaN]), y: new Uint8Array([1, 2]) },
  ],
];

test.for(fromDocuments)('%s comes back as it was', async ([, value]) => {
  const serializer = new SnapshotSerializer();
  const [type, bytes] = await serializer.dumpsTyped({ value });
  const { value: back } = (await serializer.loadsTyped(type, bytes)) as { value: unknown };
  expect(back).toEqual(value);
  expect(Object.getOwnPropertyNames(back)).toEqual(Object.getOwnPropertyNames(value));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('messages survive', async () => {
  const serializer = new SnapshotSerializer();
  const [type, bytes] = await serializer.dumpsTyped([new HumanMessage('hello')]);
  const [message] = (await serializer.loadsTyped(type, bytes)) as [HumanMessage];
  expect(message).toBeInstanceOf(HumanMessage);
  expect(message.content).toBe('hello');
});

test('a cycle is refused with its cause; the same object twice is none', async () => {
  const serializer = new SnapshotSerializer();
  const cycle: { self?: unknown } = {};
  cycle.self = [cycle];
  await expect(serializer.dumpsTyped(cycle)).rejects.toThrow(/cycle/);
  const twice = { a: cycle === undefined };
  const [type, bytes] = await serializer.dumpsTyped([twice, twice]);
  expect(await serializer.loadsTyped(type, bytes)).toEqual([twice, twice]);
});
