import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { implementAgent } from '../agents/implement-agent.ts';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import { defineAgent } from '../contracts/define-agent.ts';
import { defineProcess } from '../contracts/define-process.ts';
import { startTestProject } from '../testing/start-test-project.ts';
import { throughput } from './at-once.ts';
import { printFigures, quantile } from './figures.ts';
import type { Figures } from './figures.ts';
import { createRawActivities } from './raw/activities.ts';

const usage = `Usage: node bench/durability.ts [--runs N] [--warm N] [--load N] [--rounds N] [--json]

  A run of three agents, one after another, each a graph of two supersteps that do nothing: with durability 'task',
  'step' and 'local', and hand-written on Temporal with an activity an agent; in turns, on one tuned server.

  --runs N    runs of each arm, one at a time (60)
  --warm N    runs of each arm before them (100)
  --load N    runs of each arm in a round at 16 at once (160)
  --rounds N  rounds at 16 at once (3)
  --json      one JSON object and nothing else`;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    runs: { type: 'string', default: '60' },
    warm: { type: 'string', default: '100' },
    load: { type: 'string', default: '160' },
    rounds: { type: 'string', default: '3' },
  },
});
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const artifacts = ['first', 'second', 'third'] as const;
/** What each is made from: the one before it. */
const sources = { first: 'text', second: 'first', third: 'second' } as const;
const Words = Annotation.Root({
  text: Annotation<string>,
  draft: Annotation<string>,
  first: Annotation<string>,
  second: Annotation<string>,
  third: Annotation<string>,
});
const graphs = {
  first: graphOf('first'),
  second: graphOf('second'),
  third: graphOf('third'),
};

function graphOf(artifact: (typeof artifacts)[number]) {
  return new StateGraph(Words)
    .addNode('write', (state) => ({ draft: state[sources[artifact]] }))
    .addNode('finish', ({ draft }) => ({ [artifact]: `${draft}, ${artifact}` }))
    .addEdge(START, 'write')
    .addEdge('write', 'finish')
    .addEdge('finish', END)
    .compile();
}

function chainOf(durability: 'task' | 'step' | 'local') {
  const team = artifacts.map((artifact) =>
    defineAgent({
      name: `${durability}-${artifact}`,
      needs: { [sources[artifact]]: z.string() },
      produces: { [artifact]: z.string() },
      durability,
      ...(durability === 'local' && { timeout: '10 seconds' }),
    }),
  );
  const chain = defineProcess({
    name: `chain-${durability}`,
    input: z.object({ text: z.string() }),
    output: { third: z.string() },
    team,
  } as never) as ReturnType<typeof defineProcess>;
  const agents = team.map((agent, place) =>
    implementAgent(agent, { graph: () => graphs[artifacts[place]!] as never }),
  ) as unknown as AgentImplementation[];
  return { chain, agents };
}

const chains = { task: chainOf('task'), step: chainOf('step'), local: chainOf('local') };
await using parts = new AsyncDisposableStack();
const folder = await mkdtemp(path.join(tmpdir(), 'baton-bench-'));
parts.defer(async () => rm(folder, { recursive: true, force: true }));
const project = parts.use(
  await startTestProject({
    processes: Object.values(chains).map(({ chain }) => chain),
    agents: Object.values(chains).flatMap(({ agents }) => agents),
  }),
);
const { client } = project;
const connection = await NativeConnection.connect({ address: project.address });
parts.defer(async () => connection.close());
const taskQueue = 'raw-chain';
const made = new Map<string, string>();
const rawWorker = await Worker.create({
  connection,
  taskQueue,
  workflowsPath: new URL('./raw/chain.ts', import.meta.url).pathname,
  activities: createRawActivities(
    path.join(folder, 'raw.db'),
    async (run, name) => {
      const artifact = artifacts.find((one) => one === name)!;
      const state = { [sources[artifact]]: made.get(run) ?? 'generated' };
      const end = await graphs[artifact].invoke(state);
      made.set(run, end[artifact]);
      return { text: end[artifact] };
    },
    () => {},
  ),
});
const rawRun = rawWorker.run();
parts.defer(async () => {
  rawWorker.shutdown();
  await rawRun;
});
const rawClient = new Client({ connection: client.temporal.connection });

/** Runs once; the run's id. */
type Arm = () => Promise<string>;

const byBaton =
  (durability: keyof typeof chains): Arm =>
  async () => {
    const { chain } = chains[durability];
    const { run } = await client.start(chain, { text: randomUUID() } as never, { by: 'a-starter' });
    const { status } = await client.result(run);
    if (status !== 'finished') throw new Error(`Run ${run} is ${status}.`);
    return run;
  };
const arms = {
  raw: async () => {
    const id = `raw-${randomUUID()}`;
    await rawClient.workflow.execute('rawChain', { taskQueue, workflowId: id, args: [id, [...artifacts]] });
    made.delete(id);
    return id;
  },
  task: byBaton('task'),
  step: byBaton('step'),
  local: byBaton('local'),
} satisfies { [name: string]: Arm };
type Name = keyof typeof arms;
const names = Object.keys(arms) as Name[];
/** Each arm comes first, second, third and fourth alike. */
const orderOf = (turn: number): Name[] => names.map((_, place) => names[(place + turn) % names.length]!);
const ofEach = <T>(make: () => T): Record<Name, T> => ({
  raw: make(),
  task: make(),
  step: make(),
  local: make(),
});

say('warming up');
for (let index = 0; index < Number(options.warm); index++) for (const name of names) await arms[name]();
const times = ofEach<number[]>(() => []);
const events = ofEach<number[]>(() => []);
for (let index = 0; index < Number(options.runs); index++) {
  for (const name of orderOf(index)) {
    const began = performance.now();
    const id = await arms[name]();
    times[name].push(performance.now() - began);
    events[name].push(await eventsOf(id));
  }
}
const rates = ofEach<number[]>(() => []);
for (let round = 0; round < Number(options.rounds); round++) {
  for (const name of orderOf(round)) rates[name].push(await throughput(arms[name], Number(options.load)));
  say(`round ${round + 1} of ${options.rounds} at 16 at once`);
}

const median = (values: number[]): number => quantile(values, 0.5);
const figures: Figures = Object.fromEntries(
  names.flatMap((name) => [
    [`${name}RunP50Ms`, median(times[name])],
    [`${name}Throughput16`, median(rates[name])],
    [`${name}Throughput16Ratio`, median(rates[name]) / median(rates.raw)],
    [`${name}Events`, median(events[name])],
  ]),
);
const row = (what: string, digits: number): string[] =>
  names.map((name) => figures[`${name}${what}`]!.toFixed(digits));
printFigures('durability', figures, {
  json: options.json,
  table: [
    ['', 'raw activities', ...names.slice(1).map((name) => `'${name}'`)],
    ['run, p50, ms', ...row('RunP50Ms', 1)],
    ['runs/s at 16 at once', ...row('Throughput16', 1)],
    ['beside raw activities', ...row('Throughput16Ratio', 3)],
    ['history events, p50', ...row('Events', 0)],
  ],
});

async function eventsOf(id: string): Promise<number> {
  const { events } = await rawClient.workflow.getHandle(id).fetchHistory();
  return events?.length ?? 0;
}
