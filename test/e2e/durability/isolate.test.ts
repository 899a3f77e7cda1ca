import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { END, START, StateGraph } from '@langchain/langgraph';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { askPerson } from '../../../agents/ask-person.ts';
import { implementAgent } from '../../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../../agents/implement-agent.ts';
import { show } from '../../../cli/commands/show.ts';
import { fetchHistories } from '../../../client/fetch-histories.ts';
import { outcomesOf } from '../../../client/read-run.ts';
import { messageNames } from '../../../contracts/message-names.ts';
import type { RunView } from '../../../contracts/messages.ts';
import { defineAgent, whole } from '../../../contracts/define-agent.ts';
import { defineProcess } from '../../../contracts/define-process.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { replayRun } from '../../replay-run.ts';
import { temporalAddress } from '../../temporal-server.ts';

const isolate = true;
const splitting = defineAgent({
  name: 'splitting',
  needs: { list: z.string() },
  produces: { parts: z.record(z.string(), z.string()) },
});
const spelling = defineAgent({
  name: 'spelling',
  needs: { parts: z.string() },
  produces: { spelt: z.string() },
  each: { over: 'parts', atOnce: 2 },
  tries: 2,
  isolate,
});
const entitling = defineAgent({
  name: 'entitling',
  needs: { spelt: whole(z.string()) },
  produces: { text: z.string() },
  durability: 'step',
  isolate,
});
const holding = defineAgent({
  name: 'holding',
  needs: { list: z.string() },
  produces: { text: z.string() },
  tries: 1,
  isolate,
});
const input = z.object({ list: z.string() });
const output = { text: z.string() };
const spelt = defineProcess({ name: 'spelt', input, output, team: [splitting, spelling, entitling] });
const held = defineProcess({ name: 'held', input, output, team: [holding] });

/** Words that cannot be spelt, by how often they still can't. */
const failing = new Map<string, number>();
const ran: string[] = [];
let hold: Promise<void> | undefined;
const Text = z.object({ spelt: z.record(z.string(), z.string()), title: z.string(), text: z.string() });
const agents = [
  implementAgent(splitting, {
    make: ({ list }) => ({ parts: Object.fromEntries(list.split(' ').map((word) => [word, word])) }),
  }),
  implementAgent(spelling, {
    make({ parts }) {
      ran.push(parts);
      const left = failing.get(parts) ?? 0;
      if (left > 0) {
        failing.set(parts, left - 1);
        throw new Error(`${parts} is no word`);
      }
      return { spelt: parts.split('').join('-') };
    },
  }),
  implementAgent(entitling, {
    graph: () =>
      new StateGraph(Text)
        .addNode('entitle', () => ({ title: askPerson({ prompt: 'Which title?', answer: z.string() }) }))
        .addNode('join', ({ title, spelt: parts }) => ({
          text: `${title}: ${Object.values(parts).join(' ')}`,
        }))
        .addEdge(START, 'entitle')
        .addEdge('entitle', 'join')
        .addEdge('join', END)
        .compile(),
  }),
  implementAgent(holding, {
    graph: () =>
      new StateGraph(z.object({ list: z.string(), text: z.string() }))
        .addNode('wait', async ({ list }) => {
          ran.push('wait');
          await hold;
          return { text: list };
        })
        .addEdge(START, 'wait')
        .addEdge('wait', END)
        .compile(),
  }),
] as unknown as AgentImplementation[];

let baton: TestProject;
const address = await temporalAddress();
const folder = await mkdtemp(path.join(tmpdir(), 'baton-isolate-'));
beforeAll(async () => {
  // None is kept: each workflow task replays all that came before it, in the run and in its attempts.
  baton = await startTestProject(
    { processes: [spelt, held], agents },
    { address, folder: path.join(folder, 'store'), maxCachedWorkflows: 0 },
  );
});
afterAll(async () => {
  await baton?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The workflows that a run's attempts had, by id. */
async function childrenOf(run: string): Promise<{ id: string; type: string }[]> {
  const { events } = await baton.client.temporal.workflow.getHandle(run).fetchHistory();
  return (events ?? []).flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: child }) =>
    child ? [{ id: child.workflowId ?? '', type: child.workflowType?.name ?? '' }] : [],
  );
}

async function replayAll(run: string): Promise<void> {
  await replayRun(baton.client, run);
  for (const { id } of await childrenOf(run)) await replayRun(baton.client, id);
}

const startHeld = async (): Promise<string> => {
  ran.length = 0;
  const { run } = await baton.client.start(held, { list: 'x' }, { by: 'a-starter' });
  await vi.waitUntil(() => ran.length > 0, { timeout: 120_000 });
  return run;
};

const viewOf = async (run: string): Promise<RunView> =>
  baton.client.temporal.workflow.getHandle(run).query<RunView>(messageNames.state);

/** The JSON that a command prints. */
async function printed(command: () => Promise<void>): Promise<unknown> {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await command();
  } finally {
    write.mockRestore();
  }
  return JSON.parse(text);
}

const statusOf = async (id: string): Promise<string> =>
  (await baton.client.temporal.workflow.getHandle(id).describe()).status.name;

test('each attempt has a workflow of its own: elements, one that is tried again, one that fails and is asked about, one that asks', async () => {
  failing.set('fig', 1).set('plum', 2);
  ran.length = 0;
  const { run } = await baton.client.start(spelt, { list: 'apple fig plum' }, { by: 'a-starter' });
  await baton.opened(run, 'spelling');
  await baton.restartWorker();
  const { result, outputs, decided } = await baton.finish(run, {
    spelling: [{ verb: 'retry' }],
    entitling: [{ verb: 'answer', answer: 'Fruit' }],
  });
  expect(result.status).toBe('finished');
  expect(outputs).toEqual({ text: 'Fruit: a-p-p-l-e f-i-g p-l-u-m' });
  expect(ran.toSorted()).toEqual(['apple', 'fig', 'fig', 'plum', 'plum', 'plum']);
  expect(decided.map(({ verb }) => verb)).toEqual(['retry', 'answer']);
  const children = await childrenOf(run);
  expect(children.map(({ id }) => id.slice(0, -9)).toSorted()).toEqual([
    `${run}/1/entitling/1`,
    `${run}/1/entitling/2`,
    `${run}/1/spelling/apple/1`,
    `${run}/1/spelling/fig/1`,
    `${run}/1/spelling/plum/1`,
    `${run}/1/spelling/plum/2`,
  ]);
  expect(new Set(children.map(({ type }) => type))).toEqual(new Set(['spelt/spelling', 'spelt/entitling']));
  expect(await baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
  const failures = outcomesOf(await baton.store.ledger.read(run)).flatMap(({ outcome }) =>
    outcome.type === 'result' && outcome.end.kind === 'failed' ? [outcome.end.failure] : [],
  );
  expect(failures).toEqual([{ type: 'Agent.Failed', message: 'spelling/plum: plum is no word' }]);
  await replayAll(run);
});

test('a run names the workflow of what is under way, and cancels it when it is cancelled', async () => {
  hold = new Promise(() => {});
  const run = await startHeld();
  const [child] = await childrenOf(run);
  expect((await viewOf(run)).running).toEqual([
    { task: 'holding', attempt: 1, since: expect.any(Number), workflow: child!.id },
  ]);
  const taskQueue = baton.taskQueue;
  const settings = {
    folder,
    address,
    namespace: 'default',
    taskQueue,
    json: true,
    verbose: false,
    trace: false,
  };
  const shown = await printed(async () => show(settings, run, {}));
  expect(shown).toMatchObject({
    running: [{ task: 'holding', attempt: 1, workflow: child!.id }],
    server: { children: [child!.id], activities: [{ name: 'runAgent' }] },
  });
  await baton.client.cancel(run, { id: 'an-owner', roles: ['owner'] });
  expect((await baton.client.result(run)).status).toBe('cancelled');
  await vi.waitUntil(async () => (await statusOf(child!.id)) === 'CANCELLED', { timeout: 120_000 });
  await replayAll(run);
});

test.each(['cancel', 'terminate'] as const)(
  'where somebody has Temporal %s an attempt’s workflow, the run asks what to do',
  async (how) => {
    hold = new Promise(() => {});
    const run = await startHeld();
    const [child] = await childrenOf(run);
    await baton.client.temporal.workflow.getHandle(child!.id)[how]();
    await baton.opened(run, 'holding');
    hold = undefined;
    const { result, outputs } = await baton.finish(run, { holding: [{ verb: 'retry' }] });
    expect([result.status, outputs]).toEqual(['finished', { text: 'x' }]);
    await replayRun(baton.client, run);
  },
);

test('a run goes on in another execution once its attempts’ workflows have ended, and loses none', async () => {
  ran.length = 0;
  const workflowsPath = fileURLToPath(new URL('../continue/short-workflow.ts', import.meta.url));
  await using short = await startTestProject(
    { processes: [spelt, held], agents },
    { address, workflowsPath },
  );
  const list = 'apple fig plum pear lime';
  const script = { entitling: [{ verb: 'answer', answer: 'Fruit' } as const] };
  const { run, result, outputs } = await short.run(spelt, { list }, { script });
  expect([result.status, outputs]).toEqual([
    'finished',
    { text: 'Fruit: a-p-p-l-e f-i-g l-i-m-e p-e-a-r p-l-u-m' },
  ]);
  expect(ran.toSorted()).toEqual(list.split(' ').toSorted());
  expect((await fetchHistories(short.client.temporal, run)).length).toBeGreaterThan(1);
  expect(await short.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
});
