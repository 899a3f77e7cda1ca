import { randomUUID } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { Client } from '@temporalio/client';
import {
  NativeConnection,
  Runtime,
  Worker,
  bundleWorkflowCode,
  makeTelemetryFilterString,
} from '@temporalio/worker';
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
import type { Make } from './raw/activities.ts';

const usage = `Usage: node bench/engine.ts [--runs N] [--load N] [--rounds N] [--json]

  Baton beside the same steps hand-written on Temporal, in turns, on one tuned server. A third arm, hand-written too,
  has LangGraph run its agents, as Baton's are: what lies between it and Baton is coordination, record and policy.

  --runs N    runs of each arm, one at a time (60)
  --warm N    runs of each arm before them (300)
  --load N    runs of each arm in a round at 16 at once (160)
  --rounds N  rounds at 16 at once (3)
  --json      one JSON object and nothing else`;

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '60' },
    warm: { type: 'string', default: '300' },
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

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
Runtime.install({
  logger: silent,
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

const Made = z.object({ name: z.string(), workflowId: z.string() });
const agentNames = ['a', 'b', 'c'] as const;
const agents = agentNames.map((name) =>
  defineAgent({ name, needs: { caseId: z.string() }, produces: { [`made-${name}`]: Made } }),
);
// They do nothing, so their graphs are as plain as LangGraph has them, and made once.
const graphs = agents.map(({ name }) =>
  new StateGraph(Annotation.Root({ caseId: Annotation<string>, [`made-${name}`]: Annotation<object> }))
    .addNode('make', ({ caseId }) => ({ [`made-${name}`]: { name, workflowId: caseId } }))
    .addEdge(START, 'make')
    .addEdge('make', END)
    .compile(),
);
const implementations = agents.map((agent, place) => implementAgent(agent, { graph: () => graphs[place]! }));
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
const rawBundle = await bundleWorkflowCode({
  workflowsPath: new URL('./raw/workflow.ts', import.meta.url).pathname,
  logger: silent,
});
const byHand: Make = async (workflowId, name) => ({ name, workflowId });
const byGraph: Make = async (workflowId, name) => {
  const place = agentNames.findIndex((one) => one === name);
  const state: object = await graphs[place]!.invoke({ caseId: workflowId } as never);
  return (state as { [artifact: string]: object })[`made-${name}`]!;
};
const rawWorkers = await Promise.all(
  Object.entries({ raw: byHand, graphs: byGraph }).map(([taskQueue, make]) =>
    Worker.create({
      connection: native,
      taskQueue,
      workflowBundle: rawBundle,
      activities: createRawActivities(path.join(folder, `${taskQueue}.db`), make, (id) => opened.emit(id)),
    }),
  ),
);
const rawRuns = rawWorkers.map((worker) => worker.run());
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

const handWritten =
  (taskQueue: string): Arm =>
  async () => {
    const id = `${taskQueue}-${randomUUID()}`;
    const waiting = once(opened, id);
    const began = performance.now();
    const handle = await rawClient.workflow.start('rawProcess', { taskQueue, workflowId: id });
    await waiting;
    const asked = performance.now();
    await handle.executeUpdate('decide', { args: ['approve'] });
    await handle.result();
    return { id, run: performance.now() - began, approve: performance.now() - asked };
  };

const names = ['raw', 'graphs', 'kernel'] as const;
type Name = (typeof names)[number];
const arms: Record<Name, Arm> = { raw: handWritten('raw'), graphs: handWritten('graphs'), kernel };
/** Each arm comes first, second and third alike. */
const orderOf = (turn: number): Name[] => names.map((_, place) => names[(place + turn) % names.length]!);
const ofEach = <T>(make: () => T): Record<Name, T> => ({ raw: make(), graphs: make(), kernel: make() });

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
for (let index = 0; index < Number(options.warm); index++) for (const name of names) await arms[name]();
const times = ofEach<Timing[]>(() => []);
const ids = ofEach(() => '');
const runs = Number(options.runs);
for (let index = 0; index < runs; index++) {
  for (const name of orderOf(index)) {
    const timing = await arms[name]();
    times[name].push(timing);
    ids[name] = timing.id;
  }
  if (index % 20 === 19) say(`${index + 1} of ${runs} runs of each arm`);
}
const rates = ofEach<number[]>(() => []);
for (let round = 0; round < Number(options.rounds); round++) {
  for (const name of orderOf(round)) rates[name].push(await throughput(arms[name], Number(options.load)));
  say(`round ${round + 1} of ${options.rounds} at 16 at once`);
}
const events = { raw: await eventsOf(ids.raw), kernel: await eventsOf(ids.kernel) };

say('event loop while a forecast runs');
const delay = await measureDelay();

const p50 = (name: Name, what: keyof Timing): number =>
  quantile(
    times[name].map((one) => one[what]),
    0.5,
  );
const rate = (name: Name): number => quantile(rates[name], 0.5);
const figures = {
  runP50Ratio: p50('kernel', 'run') / p50('raw', 'run'),
  approveP50Ratio: p50('kernel', 'approve') / p50('raw', 'approve'),
  throughput16Ratio: rate('kernel') / rate('raw'),
  eventsRatio: events.kernel / events.raw,
  forecastLoopDelayMs: delay,
  sameGraphsRunP50Ratio: p50('kernel', 'run') / p50('graphs', 'run'),
  sameGraphsApproveP50Ratio: p50('kernel', 'approve') / p50('graphs', 'approve'),
  sameGraphsThroughput16Ratio: rate('kernel') / rate('graphs'),
};
const cells = (values: number[], digits = 1): string[] => values.map((value) => value.toFixed(digits));
const row = (of: (name: Name) => number, ratios: number[]): string[] => [
  ...cells(names.map(of)),
  ...cells(ratios, 3),
];
printFigures('engine', figures, {
  json: options.json,
  table: [
    ['', 'raw', 'raw with graphs', 'Baton', 'to raw', 'to raw with graphs'],
    [
      'run, p50, ms',
      ...row((name) => p50(name, 'run'), [figures.runP50Ratio, figures.sameGraphsRunP50Ratio]),
    ],
    [
      'approve to done, p50, ms',
      ...row((name) => p50(name, 'approve'), [figures.approveP50Ratio, figures.sameGraphsApproveP50Ratio]),
    ],
    ['runs/s at 16 at once', ...row(rate, [figures.throughput16Ratio, figures.sameGraphsThroughput16Ratio])],
    ['history events', String(events.raw), '', String(events.kernel), ...cells([figures.eventsRatio], 3), ''],
    ['event loop delay while a forecast runs, max, ms', '', '', ...cells([delay]), '', ''],
  ],
});

await kernelWorker.stop();
for (const worker of rawWorkers) worker.shutdown();
await Promise.all(rawRuns);
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
