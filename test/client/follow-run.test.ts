import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { implementAgent } from '../../agents/implement-agent.ts';
import { followShown } from '../../cli/follow-shown.ts';
import type { RunEvent } from '../../client/follow-run.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess, review } from '../../contracts/define-process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { temporalAddress } from '../temporal-server.ts';

const address = await temporalAddress();
/** What has a terminal begin its line anew. */
const clearLine = '\r\u001b[2K';
const hostile = 'rows\u001b[2J\u001b]0;owned\u0007 \u202eread';
/** What the agents wait for, by the name of the case and the place. */
const gates = new Map<string, PromiseWithResolvers<void>>();
const gateAt = (place: string): PromiseWithResolvers<void> => {
  const gate = gates.get(place) ?? Promise.withResolvers<void>();
  gates.set(place, gate);
  return gate;
};

const counting = defineAgent({
  name: 'counting',
  needs: { name: z.string() },
  produces: { count: z.number() },
});
const wording = defineAgent({
  name: 'wording',
  needs: { name: z.string(), count: z.number() },
  produces: { spelled: z.string() },
});
const telling = defineProcess({
  name: 'tell-progress',
  input: z.object({ name: z.string() }),
  output: { spelled: z.string() },
  team: [counting, wording],
  checkpoints: { approveWords: review('spelled', { by: 'reader' }) },
});

const countingAgent = implementAgent(counting, {
  async make({ name }, { progress }) {
    progress({ text: hostile, done: 1, of: 3 });
    await gateAt(`${name} rows`).promise;
    progress({ text: 'columns', done: 9, of: 3 });
    await gateAt(`${name} columns`).promise;
    return { count: 3 };
  },
});

const State = Annotation.Root({
  name: Annotation<string>,
  count: Annotation<number>,
  spelled: Annotation<string>,
});
const wordingAgent = implementAgent(wording, {
  graph: () => {
    const inner = new StateGraph(State)
      .addNode('spellOut', async ({ name }, { writer }: LangGraphRunnableConfig) => {
        await gateAt(`${name} node`).promise;
        writer?.({ text: 'spelling', done: 1, of: 2 });
        await gateAt(`${name} spelling`).promise;
        return { spelled: 'three' };
      })
      .addEdge(START, 'spellOut')
      .addEdge('spellOut', END)
      .compile();
    return new StateGraph(State).addNode('find', inner).addEdge(START, 'find').addEdge('find', END).compile();
  },
});

let baton: TestProject;
let failing: boolean;
beforeAll(async () => {
  baton = await startTestProject(
    { processes: [telling], agents: [countingAgent, wordingAgent] as never },
    {
      address,
      wrapStore: (store) => ({
        ...store,
        progress: {
          ...store.progress,
          note: async (...given) =>
            failing ? Promise.reject(new Error('the disk is full')) : store.progress.note(...given),
        },
      }),
    },
  );
});
afterAll(async () => baton.stop());
afterEach(() => {
  failing = false;
  vi.restoreAllMocks();
});

async function start(name: string): Promise<string> {
  return (await baton.client.start(telling, { name }, { by: 'a-clerk' })).run;
}

async function approve(run: string): Promise<void> {
  const { checkpoint, digest } = await baton.opened(run, 'approveWords');
  const person = { id: 'a-reader', roles: ['reader'] };
  await baton.client.decide(run, { checkpoint: checkpoint.id, digest, verb: 'approve' }, person);
}

const nameOf = (event: RunEvent): string => {
  if (event.kind === 'outcome') return event.outcome.type;
  if (event.kind === 'progress') return `${event.task}: ${event.text} ${event.done}/${event.of}`;
  return `${event.kind} ${event.kind === 'opened' ? event.checkpoint.name : event.checkpoint}`;
};

describe('following a run', () => {
  it('tells what is recorded, asked and said, in order, and ends when the run closes', async () => {
    const run = await start('a');
    const seen: string[] = [];
    for await (const event of baton.client.follow(run)) {
      seen.push(nameOf(event));
      if (event.kind === 'progress') {
        // Each is let go on only once what it said was seen.
        if (event.text === hostile) gateAt('a rows').resolve();
        if (event.text === 'columns') gateAt('a columns').resolve();
        if (event.text === 'find, spellOut') gateAt('a node').resolve();
        if (event.text === 'spelling') gateAt('a spelling').resolve();
      }
      if (event.kind === 'opened') await approve(run);
    }
    expect(seen.filter((one) => !one.startsWith('closed'))).toEqual([
      'started',
      `counting: ${hostile} 1/3`,
      'counting: columns 9/null',
      'result',
      'started',
      'wording: find, spellOut null/null',
      'wording: spelling 1/2',
      'result',
      'opened approveWords',
      'decision',
      'close',
    ]);
    expect(seen.filter((one) => one.startsWith('closed'))).toHaveLength(1);
    expect(await baton.store.progress.list(run)).toEqual([]);
    expect(JSON.stringify(await baton.store.ledger.read(run))).not.toContain('columns');
  });

  it('ends where the signal is aborted, and leaves the run as it is', async () => {
    const run = await start('b');
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const event of baton.client.follow(run, { signal: controller.signal })) {
      seen.push(nameOf(event));
      if (event.kind === 'progress') controller.abort();
    }
    expect(seen.at(-1)).toBe(`counting: ${hostile} 1/3`);
    expect((await baton.store.runs.get(run))?.status).toBe('open');
    await baton.client.cancel(run, { id: 'a-clerk', roles: [] });
    await baton.client.result(run);
  });

  it('is refused for a run that is not there', async () => {
    const first = baton.client.follow('nothing')[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ type: 'Run.Unknown' });
  });

  it('goes on without a word of progress where that can not be written, and so does the task', async () => {
    failing = true;
    const run = await start('c');
    for (const place of ['rows', 'columns', 'node', 'spelling']) gateAt(`c ${place}`).resolve();
    const seen: string[] = [];
    for await (const event of baton.client.follow(run)) {
      seen.push(event.kind);
      if (event.kind === 'opened') await approve(run);
    }
    expect(seen).not.toContain('progress');
    expect((await baton.client.result(run)).status).toBe('finished');
  });
});

describe('`baton show --follow`', () => {
  const settings = { folder: '', namespace: 'default', taskQueue: '', verbose: false, trace: false };

  async function shown(name: string, json: boolean): Promise<string> {
    const run = await start(name);
    let written = '';
    let approved: Promise<void> | undefined;
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += String(text);
      if (written.includes('counting: 1 of 3') || written.includes('"done":1'))
        gateAt(`${name} rows`).resolve();
      if (written.includes('columns')) gateAt(`${name} columns`).resolve();
      if (written.includes('spellOut')) gateAt(`${name} node`).resolve();
      // What opens and closes between two looks is not told.
      if (/asked: |"kind":"opened"/.test(written)) approved ??= approve(run);
      if (written.includes('spelling')) gateAt(`${name} spelling`).resolve();
      return true;
    });
    await followShown({ ...settings, json }, baton.store, run);
    await approved;
    return written;
  }

  it('prints the timeline and progress as lines, which obey nothing of what an agent says', async () => {
    const lines = (await shown('d', false)).trimEnd().split('\n');
    const texts = lines.map((line) => line.replace(/^ *[\d.]+ (ms|s) +/, '').trim());
    expect(texts).toContain('counting: 1 of 3, rows[2J]0;owned <U+202E>read');
    expect(texts).toContain('counting: 9, columns');
    expect(texts).toContain('wording: 1 of 2, spelling');
    expect(texts.filter((text) => text.startsWith('asked: '))).toHaveLength(1);
    expect(texts.at(-1)).toBe('run finished');
  });

  it('prints one JSON value a line with --json', async () => {
    const lines = (await shown('e', true)).trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as RunEvent);
    expect(events.map(({ kind }) => kind)).toContain('opened');
    expect(events.filter(({ kind }) => kind === 'progress')).toContainEqual(
      expect.objectContaining({ task: 'counting', attempt: 1, epoch: 1, text: hostile, done: 1, of: 3 }),
    );
    expect(events.at(-1)).toMatchObject({ kind: 'outcome', outcome: { type: 'close', to: 'finished' } });
  });

  it('keeps progress on one line at a terminal, which gives way to what happens', async () => {
    const before = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
    const width = Object.getOwnPropertyDescriptor(process.stdout, 'columns');
    Object.defineProperties(process.stdout, {
      isTTY: { value: true, configurable: true },
      columns: { value: 40, configurable: true },
    });
    try {
      const written = await shown('f', false);
      // oxlint-disable-next-line no-control-regex
      const plain = written.replaceAll(/\u001b\[\d*m/g, '').replaceAll(clearLine, '⇤');
      expect(plain).toMatch(/started\ncounting: 1 of 3, rows\[2J\]0;owned[^\n]*…⇤counting: 9, columns/);
      expect(plain).toMatch(/wording: 1 of 2, spelling⇤ +[\d.]+ m?s {2}wording made spelled/);
      expect(plain).toMatch(/run finished\n$/);
    } finally {
      Object.defineProperty(process.stdout, 'isTTY', before ?? { value: undefined, configurable: true });
      Object.defineProperty(process.stdout, 'columns', width ?? { value: undefined, configurable: true });
    }
  });
});
