import { ApplicationFailure } from '@temporalio/common';
import { expect, onTestFinished, test } from 'vitest';
import type { Json } from '../../contracts/json.ts';
import type { PerformEffectInput, PerformEffectOutput } from '../../contracts/messages.ts';
import type { Connector, ConnectorCall, Lookup, Store } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { attempt, makeDependencies, makeFolder, openRunStore, putJson, readJson, run } from './harness.ts';

const timeout = 10_000;
const wanted = 'digest-wanted';
type Answer = (call: ConnectorCall) => Promise<Json> | Json;
type Point =
  | 'before reserve'
  | 'after reserve'
  | 'before markCalled'
  | 'after markCalled'
  | 'before commit'
  | 'after commit';

/** A store whose clock can be put forward, an outside that counts, and attempts that can die at a named point. */
class World {
  ahead = 0;
  calls = 0;
  /** What the outside holds: one fill a key, whatever arrives. */
  readonly held = new Map<string, string | null>();
  answer: Answer = () => 'receipt';
  #store: Store | undefined;

  get store(): Store {
    return this.#store!;
  }

  static async open(): Promise<World> {
    const world = new World();
    world.#store = await openRunStore(makeFolder(), () => Date.now() + world.ahead);
    onTestFinished(async () => world.store.close());
    return world;
  }

  connector(
    options: { repeatable?: boolean; lookup?: (call: ConnectorCall) => Promise<Lookup> | Lookup } = {},
  ): Connector {
    const { lookup } = options;
    return {
      repeatable: options.repeatable ?? false,
      call: async (call) => {
        this.calls++;
        const answer = await this.answer(call);
        this.held.set(call.idempotencyKey, call.digest);
        return answer;
      },
      ...(lookup && { lookup: async (call) => lookup(call) }),
    };
  }

  honest = (call: ConnectorCall): Lookup => {
    const holds = this.held.has(call.idempotencyKey) ? 'wanted' : 'none';
    return { holds, forGood: true, ...(holds === 'wanted' && { receipt: 'looked up' }) };
  };

  async perform(
    connector: Connector | undefined,
    parts: Partial<PerformEffectInput> = {},
    options: { retry?: number; die?: Point } = {},
  ): Promise<PerformEffectOutput> {
    const store = options.die ? dying(this.store, options.die) : this.store;
    const dependencies = makeDependencies(store, { connectors: connector ? { tested: connector } : {} });
    return attempt(dependencies, 'performEffect', inputFor(parts), { retry: options.retry ?? 1 });
  }

  /** Dies at the point, then runs the next attempt when the lease of the dead one is over. */
  async performTwice(
    connector: Connector,
    die: Point,
    parts: Partial<PerformEffectInput> = {},
  ): Promise<PerformEffectOutput> {
    await expect(this.perform(connector, parts, { die })).rejects.toThrow('died');
    this.ahead += timeout + 3000;
    return this.perform(connector, parts, { retry: 2 });
  }

  async ends(): Promise<string[]> {
    return (await this.store.slots.list(run)).map(({ tries, status }) => `${tries} ${status}`);
  }

  async recorded(): Promise<string[]> {
    const records = await this.store.ledger.read(run);
    expect(await this.store.ledger.verify(run)).toEqual([]);
    return records.map(({ id }) => id);
  }
}

/** From its point on, nothing that the dead process does reaches the store. */
function dying(whole: Store, point: Point): Store {
  let dead = false;
  const around = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (point === `before ${name}`) dead = true;
    if (dead) throw new Error('died');
    const result = await work();
    if (point === `after ${name}`) dead = true;
    if (dead) throw new Error('died');
    return result;
  };
  return {
    ...whole,
    reserve: async (...given) => around('reserve', async () => whole.reserve(...given)),
    markCalled: async (at) => around('markCalled', async () => whole.markCalled(at)),
    commit: async (given) => around('commit', async () => whole.commit(given)),
  };
}

function inputFor(parts: Partial<PerformEffectInput>): PerformEffectInput {
  return {
    run,
    epoch: 1,
    process: 'tested',
    slot: 'publish',
    effect: 'publish',
    n: 0,
    verb: 'do',
    digest: wanted,
    tries: 0,
    subjects: {},
    connector: 'tested',
    destination: { to: 'somewhere' },
    arguments: {},
    timeout,
    ...parts,
  };
}

test('success: the call says all that the connector needs, and its receipt is kept', async () => {
  const world = await World.open();
  const report = await putJson(world.store, 'report', { title: 'Jobs' });
  let seen: ConnectorCall | undefined;
  world.answer = (call) => {
    seen = call;
    return { id: 7 };
  };
  const output = await world.perform(world.connector(), {
    subjects: { report },
    former: 'digest-former',
    receipt: 'published',
  });
  expect(output.outcome).toMatchObject({
    type: 'effectEnded',
    slot: 'publish',
    n: 0,
    verb: 'do',
    tries: 0,
    end: { kind: 'success' },
  });
  expect(output.closed).toBe(false);
  const { end, reference } = output.outcome;
  expect(end.kind === 'success' && (await readJson(world.store, end.receipt))).toEqual({ id: 7 });
  expect(reference).toMatchObject({ name: 'published', mediaType: 'application/json' });
  expect(seen).toMatchObject({
    idempotencyKey: 'run-1/publish/0/do',
    destination: { to: 'somewhere' },
    digest: wanted,
    former: 'digest-former',
  });
  expect(Buffer.from(seen!.subjects['report']!.content).toString()).toBe('{"title":"Jobs"}');
  expect(await world.ends()).toEqual(['0 success']);
});

test('an answer that has no JSON form is a success all the same', async () => {
  const world = await World.open();
  world.answer = () => undefined as unknown as Json;
  const { outcome } = await world.perform(world.connector(), { receipt: 'published' });
  expect(outcome.end.kind === 'success' && (await readJson(world.store, outcome.end.receipt))).toBeNull();
});

test('refused: nothing happened, and a later try calls anew', async () => {
  const world = await World.open();
  world.answer = () => {
    throw new ConnectorRefused('The address is unknown.');
  };
  const { outcome } = await world.perform(world.connector());
  expect(outcome.end).toEqual({
    kind: 'refused',
    failure: { type: 'Effect.Refused', message: 'The address is unknown.' },
  });
  world.answer = () => 'now';
  expect((await world.perform(world.connector(), { tries: 1 })).outcome.end.kind).toBe('success');
  expect([world.calls, await world.ends()]).toEqual([2, ['0 refused', '1 success']]);
});

const connectors: { [kind: string]: (world: World) => Connector } = {
  repeatable: (world) => world.connector({ repeatable: true }),
  'honest lookup': (world) => world.connector({ lookup: world.honest }),
  'lookup not for good': (world) =>
    world.connector({ lookup: (call) => ({ ...world.honest(call), forGood: false }) }),
  'lookup unknown': (world) => world.connector({ lookup: () => ({ holds: 'unknown', forGood: true }) }),
  'lookup fails': (world) =>
    world.connector({
      lookup: () => {
        throw new Error('no answer');
      },
    }),
  'no lookup': (world) => world.connector(),
};

// How it ends, and how often the connector was called, after an attempt died at each point.
const died: [Point, string, string, number][] = [
  ...Object.keys(connectors).flatMap((kind): [Point, string, string, number][] => [
    ['before reserve', kind, 'success', 1],
    ['after reserve', kind, 'success', 1],
    ['after commit', kind, 'success', 1],
  ]),
  // A repeatable connector's reservation counts as called from the start: markCalled is never reached.
  ...Object.keys(connectors)
    .filter((kind) => kind !== 'repeatable')
    .map((kind): [Point, string, string, number] => ['before markCalled', kind, 'success', 1]),
  ['after markCalled', 'honest lookup', 'success', 1],
  ['after markCalled', 'lookup not for good', 'uncertain', 0],
  ['after markCalled', 'lookup unknown', 'uncertain', 0],
  ['after markCalled', 'lookup fails', 'uncertain', 0],
  ['after markCalled', 'no lookup', 'uncertain', 0],
  ['before commit', 'repeatable', 'success', 2],
  ['before commit', 'honest lookup', 'success', 1],
  ['before commit', 'lookup not for good', 'success', 1],
  ['before commit', 'lookup unknown', 'uncertain', 1],
  ['before commit', 'lookup fails', 'uncertain', 1],
  ['before commit', 'no lookup', 'uncertain', 1],
];

test.for(died)('an attempt died %s, connector %s: %s after %i calls', async ([point, kind, end, calls]) => {
  const world = await World.open();
  const { outcome } = await world.performTwice(connectors[kind]!(world), point);
  expect([outcome.end.kind, world.calls]).toEqual([end, calls]);
  expect(await world.ends()).toEqual([`0 ${end}`]);
  expect(await world.recorded()).toEqual(['effect:publish:0:do:0']);
  // Once more: what is on record is returned, and nothing is called.
  expect((await world.perform(connectors[kind]!(world), {}, { retry: 3 })).outcome).toEqual(outcome);
  expect(world.calls).toBe(calls);
});

test('an amend that died is void where the outside holds the former content for good', async () => {
  const world = await World.open();
  const connector = world.connector({
    lookup: () => ({ holds: world.calls > 0 ? 'wanted' : 'former', forGood: true }),
  });
  const { outcome } = await world.performTwice(connector, 'after markCalled', {
    n: 1,
    verb: 'amend',
    former: 'digest-former',
  });
  expect([outcome.end.kind, world.calls]).toEqual(['success', 1]);
});

test('while an earlier attempt may be at work, the next one waits until its lease ends', async () => {
  const world = await World.open();
  const connector = world.connector({ repeatable: true });
  await expect(world.perform(connector, {}, { die: 'after reserve' })).rejects.toThrow('died');
  const failure: unknown = await world.perform(connector, {}, { retry: 2 }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ type: 'Effect.Leased', nonRetryable: false });
  const { nextRetryDelay } = failure as ApplicationFailure;
  expect(nextRetryDelay).toBeGreaterThan(timeout - 5000);
  expect(nextRetryDelay).toBeLessThan(timeout + 3000);
  expect(world.calls).toBe(0);
});

/** An attempt whose call is under way while another takes over. */
async function withZombie(world: World, end: () => Json): Promise<{ finish(): Promise<unknown> }> {
  const started = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  world.answer = async () => {
    started.resolve();
    await gate.promise;
    return end();
  };
  const zombie = world.perform(world.connector()).catch((error: unknown) => error);
  await started.promise;
  world.ahead += timeout + 3000;
  world.answer = () => 'receipt';
  return {
    finish: async () => {
      gate.resolve();
      return zombie;
    },
  };
}

test("a zombie can't record, but its proof settles the try that was given up", async () => {
  const world = await World.open();
  const zombie = await withZombie(world, () => 'late receipt');
  const { outcome } = await world.perform(world.connector(), {}, { retry: 2 });
  expect(outcome.end.kind).toBe('uncertain');
  expect(await zombie.finish()).toMatchObject({ type: 'Effect.Leased' });
  expect(await world.ends()).toEqual(['0 success']);
  expect(await world.recorded()).toEqual(['effect:publish:0:do:0']);
  // A person said that it did not happen, and to do it again: the proof is found, and nothing is called.
  const { outcome: again } = await world.perform(world.connector(), { tries: 1, receipt: 'published' });
  expect(again.end.kind === 'success' && (await readJson(world.store, again.end.receipt))).toBe(
    'late receipt',
  );
  expect(world.calls).toBe(1);
  expect(await world.recorded()).toEqual(['effect:publish:0:do:0', 'effect:publish:0:do:1']);
  // What the first try's record says stands, also for an attempt that asks again.
  expect((await world.perform(world.connector(), {}, { retry: 3 })).outcome).toEqual(outcome);
});

test("a zombie's proof of other content fills no slot with what was not sent", async () => {
  const world = await World.open();
  const zombie = await withZombie(world, () => 'late receipt');
  await world.perform(world.connector(), {}, { retry: 2 });
  await zombie.finish();
  const { outcome } = await world.perform(world.connector(), { tries: 1, digest: 'digest-other' });
  expect(outcome.end).toMatchObject({
    kind: 'uncertain',
    failure: { message: expect.stringMatching(/other content.*digest-wanted/) as string },
  });
  expect(world.calls).toBe(1);
});

test("a zombie's refusal changes nothing", async () => {
  const world = await World.open();
  const zombie = await withZombie(world, () => {
    throw new ConnectorRefused('late');
  });
  await world.perform(
    world.connector({ lookup: () => ({ holds: 'wanted', forGood: true }) }),
    {},
    { retry: 2 },
  );
  expect(await zombie.finish()).toMatchObject({ type: 'Effect.Leased' });
  expect(await world.ends()).toEqual(['0 success']);
});

test('a zombie of an epoch that is over proves what it did', async () => {
  const world = await World.open();
  const zombie = await withZombie(world, () => 'late receipt');
  await world.store.runs.openEpoch(run, 2, {});
  expect(await zombie.finish()).toMatchObject({ type: 'Run.OldEpoch' });
  const { outcome } = await world.perform(world.connector(), { epoch: 2, tries: 1 });
  expect([outcome.end.kind, world.calls]).toEqual(['success', 1]);
});

test('an answer that is lost: a repeatable connector is called again with the same key', async () => {
  const world = await World.open();
  const keys: string[] = [];
  world.answer = (call) => {
    keys.push(call.idempotencyKey);
    if (keys.length < 3) throw new Error('reset');
    return 'third time';
  };
  expect((await world.perform(world.connector({ repeatable: true }))).outcome.end.kind).toBe('success');
  expect(new Set(keys).size).toBe(1);
});

const lost: [string, (world: World) => Connector, string, number][] = [
  ['repeatable, never answers, no lookup', (world) => world.connector({ repeatable: true }), 'uncertain', 3],
  [
    'repeatable, never answers, lookup',
    (world) => world.connector({ repeatable: true, lookup: world.honest }),
    'refused',
    3,
  ],
  ['lookup says none for good', (world) => world.connector({ lookup: world.honest }), 'refused', 3],
  [
    'lookup says wanted',
    (world) => world.connector({ lookup: () => ({ holds: 'wanted', forGood: true }) }),
    'success',
    1,
  ],
  [
    "lookup can't tell",
    (world) => world.connector({ lookup: () => ({ holds: 'unknown', forGood: false }) }),
    'uncertain',
    1,
  ],
  ['no lookup', (world) => world.connector(), 'uncertain', 1],
];

test.for(lost)('answers are lost, %s', async ([, connectorOf, end, calls]) => {
  const world = await World.open();
  world.answer = () => {
    throw new Error('reset');
  };
  const { outcome } = await world.perform(connectorOf(world));
  expect([outcome.end.kind, world.calls]).toEqual([end, calls]);
});

const refusedLater: [string, (world: World) => Connector][] = [
  ['uncertain', (world) => world.connector({ repeatable: true })],
  ['refused', (world) => world.connector({ repeatable: true, lookup: world.honest })],
  [
    'success',
    (world) => world.connector({ repeatable: true, lookup: () => ({ holds: 'wanted', forGood: true }) }),
  ],
];

test.for(refusedLater)(
  'a refusal says nothing of an earlier call whose answer is missing: %s',
  async ([end, connectorOf]) => {
    const world = await World.open();
    world.answer = () => {
      if (world.calls === 1) throw new Error('reset');
      throw new ConnectorRefused('The password has expired.');
    };
    expect((await world.perform(connectorOf(world))).outcome.end.kind).toBe(end);
  },
);

const hanging: [string, boolean, (world: World) => Connector, string][] = [
  ['stops', true, (world) => world.connector({ lookup: world.honest }), 'refused'],
  ['stops', true, (world) => world.connector(), 'uncertain'],
  // It may still land: what a lookup finds now is not for good.
  ['does not stop', false, (world) => world.connector({ lookup: world.honest }), 'uncertain'],
];

test.for(hanging)('a connector that hangs and %s at its deadline', async ([, stops, connectorOf, end]) => {
  const world = await World.open();
  world.answer = async ({ abortSignal }) =>
    new Promise((_resolve, reject) => {
      if (stops) abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error));
    });
  const { outcome } = await world.perform(connectorOf(world), { timeout: 300 });
  expect([outcome.end.kind, world.calls]).toEqual([end, 1]);
});

test('content that was erased: refused where nothing was called, and the slot is free again', async () => {
  const world = await World.open();
  const report = await putJson(world.store, 'report', 'text');
  await world.store.artifacts.erase(report.digest);
  const { outcome } = await world.perform(world.connector(), { subjects: { report } });
  expect(outcome.end).toMatchObject({ kind: 'refused', failure: { type: 'Artifact.Erased' } });
  await putJson(world.store, 'report', 'text');
  expect((await world.perform(world.connector(), { subjects: { report }, tries: 1 })).outcome.end.kind).toBe(
    'success',
  );
});

test('no connector, or content erased, after an earlier attempt may have called: uncertain', async () => {
  for (const missing of ['connector', 'content']) {
    const world = await World.open();
    const report = await putJson(world.store, 'report', 'text');
    await expect(
      world.perform(world.connector(), { subjects: { report } }, { die: 'after markCalled' }),
    ).rejects.toThrow('died');
    world.ahead += timeout + 3000;
    if (missing === 'content') await world.store.artifacts.erase(report.digest);
    const { outcome } = await world.perform(
      missing === 'content' ? world.connector() : undefined,
      { subjects: { report } },
      { retry: 2 },
    );
    expect(outcome.end).toMatchObject({ kind: 'uncertain', failure: { type: 'Effect.Uncertain' } });
  }
});

test('a connector that this worker does not have', async () => {
  const world = await World.open();
  const { outcome } = await world.perform(undefined);
  expect(outcome.end).toMatchObject({
    kind: 'refused',
    failure: { type: 'Effect.NoConnector', message: expect.stringMatching(/tested/) as string },
  });
});

test('a store that is away for a moment is no end of the effect', async () => {
  const world = await World.open();
  const report = await putJson(world.store, 'report', 'text');
  const failing = {
    ...world.store,
    artifacts: {
      ...world.store.artifacts,
      get: async () =>
        Promise.reject(ApplicationFailure.create({ type: 'Store.Unavailable', message: 'away' })),
    },
  };
  const dependencies = makeDependencies(failing, { connectors: { tested: world.connector() } });
  await expect(
    attempt(dependencies, 'performEffect', inputFor({ subjects: { report } })),
  ).rejects.toMatchObject({ type: 'Store.Unavailable' });
  expect(await world.ends()).toEqual(['0 reserved']);
});

test('outcomes ride along, and the close with the success; a retry finds the run closed once', async () => {
  for (const die of ['before commit', 'after commit'] as const) {
    const world = await World.open();
    const parts: Partial<PerformEffectInput> = {
      book: {
        batch: {
          run,
          epoch: 1,
          from: 0,
          outcomes: [{ type: 'reserved', slot: 'publish', n: 0, verb: 'do', digest: wanted }],
        },
      },
      closes: { type: 'close', to: 'finished' },
      receipt: 'published',
    };
    const { closed, head } = await world.performTwice(world.connector({ repeatable: true }), die, parts);
    expect(closed).toBe(true);
    expect(await world.recorded()).toEqual(['1:0', 'effect:publish:0:do:0', 'close:1']);
    expect(head?.index).toBe(2);
    expect((await world.store.runs.get(run))?.status).toBe('finished');
  }
});

test('only success closes', async () => {
  const world = await World.open();
  world.answer = () => {
    throw new Error('reset');
  };
  const { closed } = await world.perform(world.connector(), { closes: { type: 'close', to: 'finished' } });
  expect(closed).toBe(false);
  expect((await world.store.runs.get(run))?.status).toBe('open');
});
