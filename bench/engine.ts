import { randomUUID } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import pino from 'pino';
import { z } from 'zod';
import { implementAgent } from '../agents/implement-agent.ts';
import forecastingAgent from '../agents/forecasting/graph.ts';
import { createClient } from '../client/create-client.ts';
import { createDoor } from '../client/door.ts';
import { defineAgent } from '../contracts/define-agent.ts';
import { defineEffect } from '../contracts/define-effect.ts';
import { authorise, defineProcess } from '../contracts/define-process.ts';
import type { Connector, Store } from '../contracts/ports.ts';
import { connectTo } from '../server/connect.ts';
import { startTemporalServer } from '../server/start-server.ts';
import { openStore } from '../store/open-store.ts';
import { createComputePool } from '../worker/compute-pool.ts';
import { bundleProcessWorkflow, startWorker } from '../worker/create-worker.ts';
import { printFigures, quantile } from './figures.ts';
import { createRawActivities } from './raw/activities.ts';

const usage = `Usage: node bench/engine.ts [--runs N] [--load N] [--rounds N] [--json]

  Baton beside the same steps hand-written on Temporal, in turns, on one tuned server.

  --runs N    runs of each arm, one at a time (60)
  --load N    runs of each arm in a round at 16 at once (160)
  --rounds N  rounds at 16 at once (3)
  --json      one JSON object and nothing else`;

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '60' },
    load: { type: 'string', default: '160' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const say = (line: string): void => void process.stderr.write(`${line}\n`);

Runtime.install({
  logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

const Made = z.object({ name: z.string(), workflowId: z.string() });
const agentNames = ['a', 'b', 'c'] as const;
const agents = agentNames.map((name) =>
  defineAgent({ name, needs: { caseId: z.string() }, produces: { [`made-${name}`]: Made } }),
);
// They do nothing, so their graphs are as plain as LangGraph has them, and made once.
const implementations = agents.map((agent) => {
  const graph = new StateGraph(
    Annotation.Root({ caseId: Annotation<string>, [`made-${agent.name}`]: Annotation<object> }),
  )
    .addNode('make', ({ caseId }) => ({ [`made-${agent.name}`]: { name: agent.name, workflowId: caseId } }))
    .addEdge(START, 'make')
    .addEdge('make', END)
    .compile();
  return implementAgent(agent, { graph: () => graph });
});
const [first, second, third] = agents;
const benchProcess = defineProcess({
  name: 'bench-process',
  input: z.object({ caseId: z.string() }),
  output: {},
  team: [first!, second!, third!],
  checkpoints: { approve: authorise('last', { by: 'manager', fourEyes: true }) },
  effects: {
    last: defineEffect({
      subject: ['made-a', 'made-b', 'made-c'] as never[],
      connector: 'nothing',
      destination: {},
      consequences: 'Nothing happens.',
    }),
  },
} as never) as ReturnType<typeof defineProcess>;

const opened = new EventEmitter().setMaxListeners(0);
const nothing: Connector = { repeatable: true, call: async () => null };

/** Tells when a checkpoint has been shown, as the raw arm's activity does. */
function watchDesk(store: Store): Store {
  return {
    ...store,
    async commit(commit) {
      const head = await store.commit(commit);
      if (commit.desk && commit.desk.open.length > 0) opened.emit(commit.desk.run, commit.desk.open[0]);
      return head;
    },
  };
}

const folder = await mkdtemp(path.join(tmpdir(), 'baton-bench-'));
const server = await startTemporalServer({ report: say });
const native = await NativeConnection.connect({ address: server.address });
const connection = await connectTo(server.address);
const store = watchDesk(await openStore({ folder }));
const door = createDoor();
const bundle = await bundleProcessWorkflow();
const logger = pino({ level: 'silent' });
const kernelWorker = await startWorker({
  connection: native,
  store,
  agents: implementations,
  connectors: { nothing },
  taskQueue: 'kernel',
  logger,
  bundle,
});
const rawWorker = await Worker.create({
  connection: native,
  taskQueue: 'raw',
  workflowsPath: new URL('./raw/workflow.ts', import.meta.url).pathname,
  activities: createRawActivities(folder, (id) => opened.emit(id)),
});
const rawRun = rawWorker.run();
const client = createClient({ connection, store, door, taskQueue: 'kernel' });
const rawClient = new Client({ connection });
const manager = { id: 'a-manager', roles: ['manager'] };

interface Timing {
  run: number;
  approve: number;
}
type Arm = () => Promise<Timing & { id: string }>;

const kernel: Arm = async () => {
  const began = performance.now();
  const { run } = await client.start(benchProcess, { caseId: randomUUID() } as never, { by: 'a-starter' });
  const waiting = once(opened, run);
  // A start that was quick may have opened it before anybody listened.
  const [row] = await Promise.race([waiting, firstOpen(run)]);
  const shown = row as { checkpoint: { id: string }; digest: string };
  const asked = performance.now();
  await client.decide(
    run,
    { checkpoint: shown.checkpoint.id, digest: shown.digest, verb: 'approve' },
    manager,
  );
  const { status } = await client.result(run);
  if (status !== 'finished') throw new Error(`Run ${run} is ${status}.`);
  return { id: run, run: performance.now() - began, approve: performance.now() - asked };
};

async function firstOpen(run: string): Promise<unknown[]> {
  const [row] = await store.desk.open({ run });
  return row ? [row] : new Promise(() => {});
}

const raw: Arm = async () => {
  const id = `raw-${randomUUID()}`;
  const waiting = once(opened, id);
  const began = performance.now();
  const handle = await rawClient.workflow.start('rawProcess', { taskQueue: 'raw', workflowId: id });
  await waiting;
  const asked = performance.now();
  await handle.executeUpdate('decide', { args: ['approve'] });
  await handle.result();
  return { id, run: performance.now() - began, approve: performance.now() - asked };
};

async function eventsOf(id: string): Promise<number> {
  const { events } = await rawClient.workflow.getHandle(id).fetchHistory();
  return events?.length ?? 0;
}

async function throughput(arm: Arm, runs: number): Promise<number> {
  let left = runs;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (left-- > 0) await arm();
    }),
  );
  return runs / ((performance.now() - began) / 1000);
}

say('warming up');
for (let index = 0; index < 10; index++) for (const arm of [raw, kernel]) await arm();
const times = { raw: [] as Timing[], kernel: [] as Timing[] };
const ids = { raw: '', kernel: '' };
const runs = Number(options.runs);
for (let index = 0; index < runs; index++) {
  const order = index % 2 === 0 ? (['raw', 'kernel'] as const) : (['kernel', 'raw'] as const);
  for (const name of order) {
    const timing = await (name === 'raw' ? raw : kernel)();
    times[name].push(timing);
    ids[name] = timing.id;
  }
  if (index % 20 === 19) say(`${index + 1} of ${runs} runs of each arm`);
}
const rates = { raw: [] as number[], kernel: [] as number[] };
for (let round = 0; round < Number(options.rounds); round++) {
  const order = round % 2 === 0 ? (['kernel', 'raw'] as const) : (['raw', 'kernel'] as const);
  for (const name of order)
    rates[name].push(await throughput(name === 'raw' ? raw : kernel, Number(options.load)));
  say(`round ${round + 1} of ${options.rounds} at 16 at once`);
}
const events = { raw: await eventsOf(ids.raw), kernel: await eventsOf(ids.kernel) };

say('event loop while a forecast runs');
const delay = await measureDelay();

const p50 = (name: 'raw' | 'kernel', what: keyof Timing): number =>
  quantile(
    times[name].map((one) => one[what]),
    0.5,
  );
const median = (name: 'raw' | 'kernel'): number => quantile(rates[name], 0.5);
const figures = {
  runP50Ratio: p50('kernel', 'run') / p50('raw', 'run'),
  approveP50Ratio: p50('kernel', 'approve') / p50('raw', 'approve'),
  throughput16Ratio: median('kernel') / median('raw'),
  eventsRatio: events.kernel / events.raw,
  forecastLoopDelayMs: delay,
};
const cell = (value: number, digits = 1): string => value.toFixed(digits);
printFigures('engine', figures, {
  json: options.json,
  table: [
    ['', 'raw', 'Baton', 'ratio'],
    ['run, p50, ms', cell(p50('raw', 'run')), cell(p50('kernel', 'run')), cell(figures.runP50Ratio, 3)],
    [
      'approve to done, p50, ms',
      cell(p50('raw', 'approve')),
      cell(p50('kernel', 'approve')),
      cell(figures.approveP50Ratio, 3),
    ],
    ['runs/s at 16 at once', cell(median('raw')), cell(median('kernel')), cell(figures.throughput16Ratio, 3)],
    ['history events', String(events.raw), String(events.kernel), cell(figures.eventsRatio, 3)],
    ['event loop delay while a forecast runs, max, ms', '', cell(delay), ''],
  ],
});

await kernelWorker.stop();
rawWorker.shutdown();
await rawRun;
await native.close();
await connection.close();
await store.close();
await server.stop();
await rm(folder, { recursive: true, force: true });

/** The longest that the event loop was held up, in milliseconds, while forecasts run in the pool. */
async function measureDelay(): Promise<number> {
  const pool = createComputePool();
  const compute = pool.computeOf(forecastingAgent);
  const values = Array.from(
    { length: 240 },
    (_, month) => 100 + month + 20 * Math.sin((month * Math.PI) / 6) + ((month * 37) % 11),
  );
  const request = {
    id: 'generated',
    label: 'generated',
    values,
    season: 12,
    horizon: 12,
    method: 'combination',
  };
  await compute('forecastSeries', request);
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await Promise.all(Array.from({ length: 8 }, async () => compute('forecastSeries', request)));
  histogram.disable();
  await pool.close();
  return histogram.max / 1e6;
}
