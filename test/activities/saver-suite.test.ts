import { readFileSync } from 'node:fs';
import type { RunnableConfig } from '@langchain/core/runnables';
import { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import type {
  Checkpoint,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SnapshotSaver } from '../../activities/snapshot-saver.ts';

/** SnapshotSavers for any number of threads, each made anew from what the one before it saved, for every single call. */
class SaversByThread extends BaseCheckpointSaver {
  readonly #saved = new Map<string, Uint8Array>();

  async #withThread<T>(thread: string, work: (saver: SnapshotSaver) => Promise<T>): Promise<T> {
    const saved = this.#saved.get(thread);
    const saver = new SnapshotSaver({
      save: async (content) => void this.#saved.set(thread, content),
      ...(saved && { saved }),
    });
    const result = await work(saver);
    await saver.flush();
    return result;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    return this.#withThread(threadOf(config), async (saver) => saver.getTuple(config));
  }

  override async *list(
    config: RunnableConfig,
    options?: CheckpointListOptions,
  ): AsyncGenerator<CheckpointTuple> {
    const wanted = config.configurable?.['thread_id'] as string | undefined;
    let left = options?.limit ?? Number.POSITIVE_INFINITY;
    for (const thread of wanted === undefined ? this.#saved.keys() : [wanted]) {
      const ofThread = { configurable: { ...config.configurable, thread_id: thread } };
      const found = await this.#withThread(thread, async (saver) => {
        const tuples: CheckpointTuple[] = [];
        for await (const tuple of saver.list(ofThread, { ...options, limit: left })) tuples.push(tuple);
        return tuples;
      });
      left -= found.length;
      yield* found;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    return this.#withThread(threadOf(config), async (saver) => saver.put(config, checkpoint, metadata));
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    task: string,
    path?: string,
  ): Promise<void> {
    return this.#withThread(threadOf(config), async (saver) => saver.putWrites(config, writes, task, path));
  }

  override async deleteThread(thread: string): Promise<void> {
    await this.#withThread(thread, async (saver) => saver.deleteThread());
  }
}

function threadOf(config: RunnableConfig): string {
  return String(config.configurable?.['thread_id']);
}

/** Names of the suite's tests that a saver of the newest snapshot can't pass; docs/decisions/006-snapshots.md says why. */
const expectedFailures = new Set(
  readFileSync(new URL('saver-suite-failures.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);
const seen = new Map<string, number>();
const registered = new Set<string>();

type Body = (...values: never[]) => unknown;

/** The suite's `it`: a test must fail exactly where the list says so. */
function register(path: readonly string[], title: string, body: () => unknown): void {
  const name = [...path, title].join(' > ');
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  const unique = count === 1 ? name : `${name} (${count})`;
  registered.add(unique);
  it(unique, async () => {
    const failure = await outcomeOf(body);
    if (failure !== null && !expectedFailures.has(unique)) throw failure;
    if (failure === null && expectedFailures.has(unique))
      throw new Error('It passes now: take it off the list of expected failures.');
  });
}

async function outcomeOf(body: () => unknown): Promise<Error | null> {
  try {
    await body();
    return null;
  } catch (error) {
    return error as Error;
  }
}

const path: string[] = [];
const suiteDescribe = Object.assign(
  (title: string, body: () => void) => {
    path.push(title);
    // vitest collects the body of a `describe` later than it returns: the path has to be that of now.
    const here = [...path];
    path.pop();
    describe(title, () => {
      const before = path.splice(0, path.length, ...here);
      body();
      path.splice(0, path.length, ...before);
    });
  },
  {
    each: (values: readonly string[]) => (title: string, body: (value: string) => void) => {
      for (const value of values) suiteDescribe(title.replace('%s', value), () => body(value));
    },
  },
);
const suiteIt = Object.assign((title: string, body: () => unknown) => register(path, title, body), {
  each: (cases: readonly { description: string }[]) => (_title: string, body: Body) => {
    for (const one of cases) register(path, one.description, () => body(one as never));
  },
});

// The suite takes vitest's functions from the global scope; a soft expectation would fail a test that is to fail.
Object.assign(globalThis, {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe: suiteDescribe,
  expect: new Proxy(expect, {
    get: (target, key): unknown => (key === 'soft' ? target : Reflect.get(target, key)),
  }),
  it: suiteIt,
});
const { deltaChannelHistoryTests, validate } = await import('@langchain/langgraph-checkpoint-validation');
const initializer = {
  checkpointerName: 'SnapshotSaver',
  createCheckpointer: () => new SaversByThread(),
};
validate(initializer);
deltaChannelHistoryTests(initializer);

it('has every test that the list of expected failures names', () => {
  expect([...expectedFailures].filter((name) => !registered.has(name))).toEqual([]);
});
