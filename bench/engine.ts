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
import type { Bookkeeping, Connector, Store } from '../contracts/ports.ts';
import { connectTo } from '../server/connect.ts';
import { startTemporalServer } from '../server/start-server.ts';
import { openStore } from '../store/open-store.ts';
import { createComputePool } from '../worker/compute-pool.ts';
import { bundleProcessWorkflow, startWorker } from '../worker/create-worker.ts';
import { throughput } from './at-once.ts';
import { printFigures, quantile } from './figures.ts';
import { createRawActivities } from './raw/activities.ts';
import type { Make } from './raw/activities.ts';

const usage = `Usage: node bench/engine.ts [--runs N] [--load N] [--rounds N] [--json]

  Baton beside the same steps hand-written on Temporal, in turns, on one tuned server: once with agents that are
  functions, once with agents that are LangGraph graphs, on either side.

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
const byFunction = agents.map((agent) =>
  implementAgent(agent, {
    make: ({ caseId }) => ({ [`made-${agent.name}`]: { name: agent.name, workflowId: caseId } }),
  }),
);
const byGraph = agents.map((agent, place) => implementAgent(agent, { graph: () => graphs[place]! }));
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
/** What has been opened and not yet been looked at, by run. */
const shown = new Map<string, NonNullable<Bookkeeping['desk']>['opened'][number]>();
const nothing: Connector = { repeatable: true, call: async () => null };

/** Tells when a checkpoint has been shown, as the raw arm's activity does. */
function watchDesk(store: Store): Store {
  return {
    ...store,
    async commit(commit) {
      const head = await store.commit(commit);
      const [first] = commit.desk?.opened ?? [];
      if (commit.desk && first) {
        shown.set(commit.desk.run, first);
        opened.emit(commit.desk.run);
      }
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
const kernelWorkers = await Promise.all(
  Object.entries({ baton: byFunction, 'baton-graphs': byGraph }).map(async ([taskQueue, implementations]) =>
    startWorker({
      connection: native,
      store,
      agents: implementations,
      connectors: { nothing },
      taskQueue,
      logger,
      bundle,
    }),
  ),
);
const rawBundle = await bundleWorkflowCode({
  workflowsPath: new URL('./raw/workflow.ts', import.meta.url).pathname,
  logger: silent,
});
const makeByHand: Make = async (workflowId, name) => ({ name, workflowId });
const makeByGraph: Make = async (workflowId, name) => {
  const place = agentNames.findIndex((one) => one === name);
  const state: object = await graphs[place]!.invoke({ caseId: workflowId } as never);
  return (state as { [artifact: string]: object })[`made-${name}`]!;
};
const rawWorkers = await Promise.all(
  Object.entries({ raw: makeByHand, 'raw-graphs': makeByGraph }).map(async ([taskQueue, make]) =>
    Worker.create({
      connection: native,
      taskQueue,
      workflowBundle: rawBundle,
      activities: createRawActivities(path.join(folder, `${taskQueue}.db`), make, (id) => opened.emit(id)),
    }),
  ),
);
const rawRuns = rawWorkers.map((worker) => worker.run());
const rawClient = new Client({ connection });
const manager = { id: 'a-manager', roles: ['manager'] };

interface Timing {
  run: number;
  approve: number;
}
type Arm = () => Promise<Timing & { id: string }>;

function byBaton(taskQueue: string): Arm {
  const client = createClient({ connection, store, door, taskQueue });
  return async () => {
    const began = performance.now();
    const { run } = await client.start(benchProcess, { caseId: randomUUID() } as never, { by: 'a-starter' });
    // A start that was quick may have opened it before anybody listened.
    if (!shown.has(run)) await once(opened, run);
    const { checkpoint, digest } = shown.get(run)!;
    shown.delete(run);
    const asked = performance.now();
    await client.decide(run, { checkpoint: checkpoint.id, digest, verb: 'approve' }, manager);
    const { status } = await client.result(run);
    if (status !== 'finished') throw new Error(`Run ${run} is ${status}.`);
    return { id: run, run: performance.now() - began, approve: performance.now() - asked };
  };
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

const arms = {
  raw: handWritten('raw'),
  baton: byBaton('baton'),
  rawGraphs: handWritten('raw-graphs'),
  batonGraphs: byBaton('baton-graphs'),
};
type Name = keyof typeof arms;
const names = Object.keys(arms) as Name[];
/** Each arm comes first, second, third and fourth alike. */
const orderOf = (turn: number): Name[] => names.map((_, place) => names[(place + turn) % names.length]!);
const ofEach = <T>(make: () => T): Record<Name, T> => ({
  raw: make(),
  baton: make(),
  rawGraphs: make(),
  batonGraphs: make(),
});

async function eventsOf(id: string): Promise<number> {
  const { events } = await rawClient.workflow.getHandle(id).fetchHistory();
  return events?.length ?? 0;
}

say('warming up');
for (let index = 0; index < Number(options.warm); index++) for (const name of names) await arms[name]();
const times = ofEach<Timing[]>(() => []);
const events = ofEach<number[]>(() => []);
const runs = Number(options.runs);
for (let index = 0; index < runs; index++) {
  for (const name of orderOf(index)) {
    const timing = await arms[name]();
    times[name].push(timing);
    events[name].push(await eventsOf(timing.id));
  }
  if (index % 20 === 19) say(`${index + 1} of ${runs} runs of each arm`);
}
const rates = ofEach<number[]>(() => []);
for (let round = 0; round < Number(options.rounds); round++) {
  for (const name of orderOf(round)) rates[name].push(await throughput(arms[name], Number(options.load)));
  say(`round ${round + 1} of ${options.rounds} at 16 at once`);
}

say('event loop while a forecast runs');
const delay = await measureDelay();

const median = (values: number[]): number => quantile(values, 0.5);
const p50 = (name: Name, what: keyof Timing): number => median(times[name].map((one) => one[what]));
const rate = (name: Name): number => median(rates[name]);
const figures = {
  runP50Ratio: p50('baton', 'run') / p50('raw', 'run'),
  approveP50Ratio: p50('baton', 'approve') / p50('raw', 'approve'),
  throughput16Ratio: rate('baton') / rate('raw'),
  eventsRatio: median(events.baton) / median(events.raw),
  forecastLoopDelayMs: delay,
  graphsRunP50Ratio: p50('batonGraphs', 'run') / p50('rawGraphs', 'run'),
  graphsApproveP50Ratio: p50('batonGraphs', 'approve') / p50('rawGraphs', 'approve'),
  graphsThroughput16Ratio: rate('batonGraphs') / rate('rawGraphs'),
  graphsEventsRatio: median(events.batonGraphs) / median(events.rawGraphs),
};
const row = (of: (name: Name) => number, ratio: number, graphsRatio: number): string[] => [
  of('raw').toFixed(1),
  of('baton').toFixed(1),
  ratio.toFixed(3),
  of('rawGraphs').toFixed(1),
  of('batonGraphs').toFixed(1),
  graphsRatio.toFixed(3),
];
printFigures('engine', figures, {
  json: options.json,
  table: [
    ['', 'raw', 'Baton', 'ratio', 'raw, graphs', 'Baton, graphs', 'ratio'],
    ['run, p50, ms', ...row((name) => p50(name, 'run'), figures.runP50Ratio, figures.graphsRunP50Ratio)],
    [
      'approve to done, p50, ms',
      ...row((name) => p50(name, 'approve'), figures.approveP50Ratio, figures.graphsApproveP50Ratio),
    ],
    ['runs/s at 16 at once', ...row(rate, figures.throughput16Ratio, figures.graphsThroughput16Ratio)],
    [
      'history events, p50',
      ...row((name) => median(events[name]), figures.eventsRatio, figures.graphsEventsRatio),
    ],
    ['event loop delay while a forecast runs, max, ms', '', delay.toFixed(1), '', '', '', ''],
  ],
});

for (const worker of kernelWorkers) await worker.stop();
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
