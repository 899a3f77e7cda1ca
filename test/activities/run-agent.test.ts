import { setTimeout } from 'node:timers/promises';
import { Annotation, DeltaChannel, END, START, StateGraph, interrupt } from '@langchain/langgraph';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import type { AgentImplementation, CompiledGraph } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { toFailure } from '../../contracts/failures.ts';
import type { RunAgentOutput } from '../../contracts/messages.ts';
import { asker, writer } from './counting-agents.ts';
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

const State = Annotation.Root({
  out: Annotation<unknown>,
  adjust: Annotation<{ [field: string]: unknown }>,
  words: Annotation<string | undefined>,
});
type Node = (
  state: typeof State.State,
  config: LangGraphRunnableConfig,
) => Partial<typeof State.State> | Promise<Partial<typeof State.State>>;

/** An agent of one node, which makes `out`. */
function single(
  node: Node,
  options: { out?: z.ZodType; facts?: (out: unknown) => { [fact: string]: unknown } } = {},
): AgentImplementation {
  const agent = defineAgent({
    name: 'single',
    needs: {},
    produces: { out: options.out ?? z.string() },
    facts: { out: z.object({ size: z.number() }) },
    adjust: z.object({ horizon: z.int().default(12) }),
  });
  return implementAgent(agent, {
    facts: { out: (options.facts ?? (() => ({ size: 1 }))) as () => { size: number } },
    graph: () =>
      new StateGraph(State).addNode('only', node).addEdge(START, 'only').addEdge('only', END).compile(),
  }) as unknown as AgentImplementation;
}

async function failureOf(
  agent: AgentImplementation,
  parts: Parameters<typeof inputFor>[1] = {},
): Promise<ApplicationFailure> {
  const store = await openTestStore();
  const failure: unknown = await attempt(
    makeDependencies(store, { agents: [agent] }),
    'runAgent',
    inputFor(agent, parts),
  ).catch((error: unknown) => error);
  if (!(failure instanceof ApplicationFailure))
    throw new Error('It did not fail as an activity should.', { cause: failure });
  return failure;
}

function questionsOf({ end }: RunAgentOutput): string[] {
  if (end.kind !== 'asks') throw new Error('It does not ask.');
  return end.questions.map(({ id }) => id);
}

test('done: artifacts with their facts, references and lineage', async () => {
  const store = await openTestStore();
  const agent = writer(() => {});
  const topic = await putJson(store, 'topic', 'rivers');
  const output = await attempt(
    makeDependencies(store, { agents: [agent] }),
    'runAgent',
    inputFor(agent, { values: { topic } }),
  );
  if (output.end.kind !== 'done') throw new Error('It is not done.');
  const { text } = output.end.artifacts;
  expect(text?.facts).toEqual({ length: 18 });
  expect(await readJson(store, text)).toBe('on rivers, 1 notes');
  expect(output.references).toEqual([{ ...text, name: 'text', mediaType: 'application/json', bytes: 20 }]);
  expect(output.lineage).toEqual({
    task: 'writer',
    attempt: 1,
    key: 'key-1',
    agent: 'writer',
    agentVersion: '1',
    from: { topic: topic.digest },
  });
});

test('outcomes that ride along are recorded before the graph runs', async () => {
  const store = await openTestStore();
  const agent = single(async () => ({ out: String((await store.ledger.read(run)).length) }));
  const book = {
    batch: {
      run,
      epoch: 1,
      from: 0,
      outcomes: [{ type: 'started' as const, task: 'single', attempt: 1, key: 'key-1' }],
    },
  };
  const output = await attempt(
    makeDependencies(store, { agents: [agent] }),
    'runAgent',
    inputFor(agent, { book }),
  );
  expect(output.head?.index).toBe(0);
  expect(output.end.kind === 'done' && (await readJson(store, output.end.artifacts['out']))).toBe('1');
});

test('a graph is given its adjustments with their defaults, and the words beside them', async () => {
  const store = await openTestStore();
  const agent = single(({ adjust, words }) => ({ out: JSON.stringify([adjust, words]) }));
  const changes = { fields: {}, words: 'shorter, please' };
  const output = await attempt(
    makeDependencies(store, { agents: [agent] }),
    'runAgent',
    inputFor(agent, { changes }),
  );
  expect(output.end.kind === 'done' && (await readJson(store, output.end.artifacts['out']))).toBe(
    '[{"horizon":12},"shorter, please"]',
  );
  const failure = await failureOf(agent, { changes: { fields: { horizon: 'far' } } });
  expect(failure).toMatchObject({ type: 'Decision.InvalidChanges', nonRetryable: true });
});

const faults: { what: string; agent: AgentImplementation; type: string; retried: boolean; says: RegExp }[] = [
  {
    what: 'output of another form',
    agent: single(() => ({ out: 5 })),
    type: 'Agent.InvalidOutput',
    retried: false,
    says: /out.*has to be text/,
  },
  {
    what: 'no output',
    agent: single(() => ({})),
    type: 'Agent.InvalidOutput',
    retried: false,
    says: /ended without out/,
  },
  {
    what: 'NaN',
    agent: single(() => ({ out: [Number.NaN] }), { out: z.array(z.number().nullable()) }),
    type: 'Agent.InvalidOutput',
    retried: false,
    says: /NaN/,
  },
  {
    what: 'a BigInt',
    agent: single(() => ({ out: [1n] }), { out: z.array(z.number()) }),
    type: 'Agent.InvalidOutput',
    retried: false,
    says: /BigInt/,
  },
  {
    what: 'a cycle',
    agent: single(
      () => {
        const out: { self?: unknown } = {};
        out.self = out;
        return { out };
      },
      { out: z.looseObject({}) },
    ),
    type: 'Agent.Failed',
    retried: true,
    says: /cycle/,
  },
  {
    what: 'facts of another form',
    agent: single(() => ({ out: 'x' }), { facts: () => ({ size: 'big' }) }),
    type: 'Agent.InvalidFacts',
    retried: false,
    says: /facts of out.*number/,
  },
  {
    what: 'facts that throw',
    agent: single(() => ({ out: 'x' }), {
      facts: () => {
        throw new Error('no size');
      },
    }),
    type: 'Agent.InvalidFacts',
    retried: false,
    says: /facts of out.*no size/,
  },
  {
    what: 'a throwing node',
    agent: single(() => {
      throw new Error('The model is tired.');
    }),
    type: 'Agent.Failed',
    retried: true,
    says: /^single: The model is tired\.$/,
  },
  {
    what: 'a node that throws no error',
    agent: single(() => {
      // oxlint-disable-next-line typescript/only-throw-error
      throw Object.assign(Object.create(null) as object, { message: 'odd' });
    }),
    type: 'Agent.Failed',
    retried: true,
    says: /single/,
  },
  {
    what: 'a failure of the table',
    agent: single(() => {
      throw toFailure('Data.Unfit', 'Too short.');
    }),
    type: 'Data.Unfit',
    retried: false,
    says: /^Too short\.$/,
  },
  {
    what: 'an error with a type of the table',
    agent: single(() => {
      throw Object.assign(new Error('No such data set.'), { type: 'Data.NotFound' });
    }),
    type: 'Data.NotFound',
    retried: false,
    says: /^No such data set\.$/,
  },
  {
    what: 'an error with a type of its own',
    agent: single(() => {
      throw Object.assign(new Error('odd'), { type: 'toString' });
    }),
    type: 'Agent.Failed',
    retried: true,
    says: /odd/,
  },
];

test.for(faults)('$what fails as $type', async ({ agent, type, retried, says }) => {
  const failure = await failureOf(agent);
  expect(failure).toMatchObject({ type, nonRetryable: !retried });
  expect(failure.message).toMatch(says);
  expect(failure.details?.[0]).toHaveProperty('mend');
});

test('an agent that this worker does not have, a need that the store does not hold', async () => {
  const agent = writer(() => {});
  expect(await failureOf(agent, { agent: 'ghost' })).toMatchObject({
    type: 'Agent.Unknown',
    nonRetryable: true,
  });
  const unknown = { digest: 'f'.repeat(64), facts: {} };
  expect(await failureOf(agent, { values: { topic: unknown } })).toMatchObject({ type: 'Artifact.Unknown' });
});

test('trying again something unfit runs its last superstep again', async () => {
  const store = await openTestStore();
  let calls = 0;
  const agent = single(() => ({ out: ++calls === 1 ? 7 : 'fit' }));
  const dependencies = makeDependencies(store, { agents: [agent] });
  await expect(attempt(dependencies, 'runAgent', inputFor(agent))).rejects.toMatchObject({
    type: 'Agent.InvalidOutput',
  });
  const output = await attempt(dependencies, 'runAgent', inputFor(agent, { attempt: 2 }));
  expect(output.end.kind).toBe('done');
});

test('a node that failed runs again, its finished sibling does not', async () => {
  const calls = { good: 0, bad: 0 };
  const agent = implementAgent(defineAgent({ name: 'single', needs: {}, produces: { out: z.string() } }), {
    graph: () =>
      new StateGraph(State)
        .addNode('good', () => {
          calls.good++;
          return { out: 'good' };
        })
        .addNode('bad', async () => {
          await setTimeout(20);
          if (++calls.bad === 1) throw new Error('once');
          return {};
        })
        .addEdge(START, 'good')
        .addEdge(START, 'bad')
        .compile(),
  }) as unknown as AgentImplementation;
  const store = await openTestStore();
  const dependencies = makeDependencies(store, { agents: [agent] });
  await expect(attempt(dependencies, 'runAgent', inputFor(agent))).rejects.toMatchObject({
    type: 'Agent.Failed',
  });
  await attempt(dependencies, 'runAgent', inputFor(agent), { retry: 2 });
  expect(calls).toEqual({ good: 1, bad: 2 });
});

test('answers are matched by id: a missing one is refused, others are never handed in', async () => {
  const store = await openTestStore();
  const calls: string[] = [];
  const agent = asker((node) => calls.push(node));
  const topic = await putJson(store, 'topic', 'rivers');
  const dependencies = makeDependencies(store, { agents: [agent] });
  const input = inputFor(agent, { values: { topic } });
  const [one, two] = questionsOf(await attempt(dependencies, 'runAgent', input));
  const half = { ...input, attempt: 2, answers: { [one!]: 'x' } };
  await expect(attempt(dependencies, 'runAgent', half)).rejects.toMatchObject({
    type: 'Agent.BadAnswer',
    nonRetryable: true,
  });
  const wrong = { ...input, attempt: 3, answers: { ['0'.repeat(32)]: 'x' } };
  expect(questionsOf(await attempt(dependencies, 'runAgent', wrong))).toEqual([one, two]);
  expect(calls).toEqual(['gather']);
  const right = { ...input, attempt: 4, answers: { [one!]: 'x', [two!]: 'y', other: 'z' } };
  const third = questionsOf(await attempt(dependencies, 'runAgent', right));
  expect(third).toHaveLength(1);
  // The attempt ended, but its end was lost: the next one, with the same answers, finds what is asked now.
  expect(questionsOf(await attempt(dependencies, 'runAgent', right, { retry: 2 }))).toEqual(third);
});

test('a question that was answered is not asked again while a later one of its superstep is open', async () => {
  const agent = graphAgent(() =>
    new StateGraph(State)
      .addNode('once', () => ({ words: String(interrupt('Once?')) }))
      .addNode('twice', () => ({ out: `${String(interrupt('First?'))} ${String(interrupt('Second?'))}` }))
      .addEdge(START, 'once')
      .addEdge(START, 'twice')
      .compile(),
  );
  const store = await openTestStore();
  const dependencies = makeDependencies(store, { agents: [agent] });
  const asked = questionsOf(await attempt(dependencies, 'runAgent', inputFor(agent)));
  const answers = Object.fromEntries(asked.map((id) => [id, 'x']));
  const { end } = await attempt(dependencies, 'runAgent', inputFor(agent, { attempt: 2, answers }));
  expect(end.kind === 'asks' && end.questions.map(({ prompt }) => prompt)).toEqual(['Second?']);
});

test('one node asks twice: the second question does not get the first answer', async () => {
  const store = await openTestStore();
  const agent = single(() => ({ out: `${String(interrupt('First?'))} ${String(interrupt('Second?'))}` }));
  const dependencies = makeDependencies(store, { agents: [agent] });
  const answers: { [id: string]: string } = {};
  for (const answer of ['a', 'b']) {
    const [id, ...more] = questionsOf(await attempt(dependencies, 'runAgent', inputFor(agent, { answers })));
    expect(more).toEqual([]);
    answers[id!] = answer;
  }
  const output = await attempt(dependencies, 'runAgent', inputFor(agent, { answers }));
  expect(output.end.kind === 'done' && (await readJson(store, output.end.artifacts['out']))).toBe('a b');
});

test('an attempt that was overtaken can save no more; a new epoch begins above it', async () => {
  const store = await openTestStore();
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let slow = true;
  const agent = writer((node) => node);
  const held: AgentImplementation = {
    ...agent,
    graph: (ports) => {
      const graph = agent.graph!(ports);
      if (!slow) return graph;
      const stream = graph.stream.bind(graph) as (...given: unknown[]) => Promise<unknown>;
      return Object.assign(graph, {
        withConfig: () =>
          Object.assign(graph, {
            stream: async (...given: unknown[]) => {
              reached.resolve();
              await gate.promise;
              return stream(...given);
            },
          }),
      }) as CompiledGraph;
    },
  };
  const topic = await putJson(store, 'topic', 'rivers');
  const dependencies = makeDependencies(store, { agents: [held] });
  const zombie = attempt(dependencies, 'runAgent', inputFor(agent, { values: { topic } }));
  const outcome = zombie.then(
    () => 'ended',
    (error: ApplicationFailure) => error.type,
  );
  await reached.promise;
  slow = false;
  await attempt(dependencies, 'runAgent', inputFor(agent, { values: { topic } }), { retry: 2 });
  gate.resolve();
  expect(await outcome).toBe('Snapshot.Fenced');

  await store.runs.openEpoch(run, 2, {});
  const later = inputFor(agent, { epoch: 2, attempt: 1, key: 'key-2', values: { topic } });
  expect((await attempt(dependencies, 'runAgent', later)).end.kind).toBe('done');
});

test('cancelling reaches the node that runs, and ends the attempt as cancelled', async () => {
  const store = await openTestStore();
  const reached = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<boolean>();
  const agent = single(async (_state, { signal }) => {
    signal!.addEventListener('abort', () => aborted.resolve(true));
    reached.resolve();
    return new Promise(() => {});
  });
  const environment = environmentOf(1);
  const outcome = attempt(makeDependencies(store, { agents: [agent] }), 'runAgent', inputFor(agent), {
    environment,
  });
  const failure = outcome.catch((error: unknown) => error);
  await reached.promise;
  environment.cancel();
  expect(await failure).toBeInstanceOf(CancelledFailure);
  expect(await aborted.promise).toBe(true);
});

test('an attempt gives signs of life while its graph hangs', async () => {
  const store = await openTestStore();
  const agent = single(() => new Promise(() => {}));
  const environment = environmentOf(1, { heartbeatTimeoutMs: 300 });
  let beats = 0;
  const alive = new Promise<void>((resolve) => environment.on('heartbeat', () => ++beats === 3 && resolve()));
  const outcome = attempt(makeDependencies(store, { agents: [agent] }), 'runAgent', inputFor(agent), {
    environment,
  });
  const failure = outcome.catch((error: unknown) => error);
  await alive;
  environment.cancel('TIMED_OUT');
  expect(await failure).toBeInstanceOf(CancelledFailure);
});

function graphAgent(graph: () => unknown): AgentImplementation {
  return { ...single(() => ({})), graph: graph as () => CompiledGraph };
}

test('a graph that runs in circles ends with what it did, and is not tried again', async () => {
  const agent = graphAgent(() =>
    new StateGraph(State)
      .addNode('round', () => ({ out: 'x' }))
      .addEdge(START, 'round')
      .addEdge('round', 'round')
      .compile(),
  );
  const failure = await failureOf(agent);
  expect(failure).toMatchObject({ type: 'Agent.Failed', nonRetryable: true });
  expect(failure.message).toMatch(/1000 supersteps without coming to an end/);
});

test('a graph with a breakpoint is refused: it stops without asking anybody', async () => {
  const agent = graphAgent(() =>
    new StateGraph(State)
      .addNode('only', () => ({ out: 'x' }))
      .addEdge(START, 'only')
      .compile({ interruptBefore: ['only'] }),
  );
  expect((await failureOf(agent)).message).toMatch(/stopped before only without asking/);
});

test('a graph whose state needs every earlier snapshot is refused', async () => {
  const Delta = Annotation.Root({
    notes: () => new DeltaChannel<string[], string[]>((a, writes) => [...a, ...writes.flat()]),
  });
  const agent = graphAgent(() =>
    new StateGraph(Delta as never)
      .addNode('only' as never, (() => ({})) as never)
      .addEdge(START, 'only' as never)
      .compile(),
  );
  expect(await failureOf(agent)).toMatchObject({ type: 'Process.Invalid', nonRetryable: true });
});

test('retries that a graph or a graph within it declares are off', async () => {
  let calls = 0;
  const failing = () => {
    calls++;
    throw new Error('always');
  };
  const retryPolicy = { maxAttempts: 5, initialInterval: 1, logWarning: false };
  const inner = new StateGraph(State)
    .addNode('only', failing, { retryPolicy })
    .addEdge(START, 'only')
    .compile();
  const agent = graphAgent(() =>
    new StateGraph(State).addNode('outer', inner, { retryPolicy }).addEdge(START, 'outer').compile(),
  );
  expect((await failureOf(agent)).message).toMatch(/always/);
  expect(calls).toBe(1);
});

test('one graph handed out for all attempts does not mix them up', async () => {
  const store = await openTestStore();
  const shared = new StateGraph(State)
    .addNode('only', async ({ words }) => {
      await setTimeout(20);
      return { out: words };
    })
    .addEdge(START, 'only')
    .compile();
  const agent = graphAgent(() => shared);
  const dependencies = makeDependencies(store, { agents: [agent] });
  const outputs = await Promise.all(
    ['a', 'b', 'c'].map(async (words) => {
      const input = inputFor(agent, { task: `single/${words}`, changes: { fields: {}, words } });
      const { end } = await attempt(dependencies, 'runAgent', input);
      return end.kind === 'done' && readJson(store, end.artifacts['out']);
    }),
  );
  expect(outputs).toEqual(['a', 'b', 'c']);
});

test('text from data stays text', async () => {
  const store = await openTestStore();
  const value = { lc: 1, type: 'secret', id: ['PATH'], text: '{{7*7}} ${process.exit()} <script>' };
  const agent = single(() => ({ out: value }), { out: z.looseObject({}) });
  const output = await attempt(makeDependencies(store, { agents: [agent] }), 'runAgent', inputFor(agent));
  expect(output.end.kind === 'done' && (await readJson(store, output.end.artifacts['out']))).toEqual(value);
});
