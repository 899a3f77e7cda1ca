import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { implementAgent } from '../agents/implement-agent.ts';
import { fetchHistories } from '../client/fetch-histories.ts';
import { defineAgent, whole } from '../contracts/define-agent.ts';
import { defineProcess, review } from '../contracts/define-process.ts';
import { personFor } from '../testing/script.ts';
import { startTestProject } from '../testing/start-test-project.ts';
import { printFigures, quantile } from './figures.ts';

const usage = `Usage: node bench/long.ts [--tasks N] [--reviews] [--cold] [--json]

  One run of many tasks that do nothing, eight at a time: whether the last ones take longer than the first, and whether
  the worker's memory grows.

  --tasks N  tasks (1000)
  --reviews  each result is reviewed by a person as well, all of them open at once, and then approved one by one
  --cold     without a run before it that warms up
  --json     one JSON object and nothing else`;

const { values: options } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000' },
    reviews: { type: 'boolean', default: false },
    cold: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const tasks = Number(options.tasks);

const Question = z.object({ text: z.string() });
const asking = defineAgent({
  name: 'asking',
  needs: { topic: z.string() },
  produces: { questions: z.record(z.string(), Question) },
});
const answering = defineAgent({
  name: 'answering',
  needs: { questions: Question },
  produces: { answer: Question },
  each: { over: 'questions', atOnce: 8 },
});
const summing = defineAgent({
  name: 'summing',
  needs: { answer: whole(Question) },
  produces: { count: z.int() },
});
const shape = {
  input: z.object({ topic: z.string() }),
  output: { count: z.int() },
  team: [asking, answering, summing],
} as const;
const long = defineProcess({ ...shape, name: 'long' });
const reviewed = defineProcess({
  ...shape,
  name: 'long-reviewed',
  checkpoints: { look: review('answer', { by: 'editor' }) },
});

/** Moments, in milliseconds, at which the tasks ended. */
const ends: number[] = [];
const memory: number[] = [];
const agents = [
  implementAgent(asking, {
    make: ({ topic }) => ({
      questions: Object.fromEntries(
        Array.from({ length: tasks }, (_, place) => [`q${place}`, { text: `${topic} ${place}` }]),
      ),
    }),
  }),
  implementAgent(answering, {
    make: ({ questions: { text } }) => {
      ends.push(performance.now());
      memory.push(process.memoryUsage().rss);
      return { answer: { text: `${text}, answered` } };
    },
  }),
  implementAgent(summing, { make: ({ answer }) => ({ count: Object.keys(answer).length }) }),
];

/** Milliseconds for one, over the second tenth of them and over the last; the first tenth warms up. */
function compare(moments: number[]): { first: number; last: number } {
  const tenth = Math.floor(moments.length / 10);
  const over = (from: number): number => (moments[from + tenth - 1]! - moments[from]!) / (tenth - 1);
  return { first: over(tenth), last: over(moments.length - tenth) };
}

await using project = await startTestProject({ processes: [long, reviewed], agents });
const { client, store } = project;
const decided: number[] = [];
let began = 0;

async function runOnce(): Promise<string> {
  for (const sample of [ends, memory, decided]) sample.length = 0;
  began = performance.now();
  const process = options.reviews ? reviewed : long;
  const { run } = await client.start(process, { topic: 'generated' }, { by: 'a-starter' });
  if (options.reviews) {
    while ((await store.desk.open({ run })).length < tasks) await sleep(100);
    for (const { checkpoint, digest } of await store.desk.open({ run })) {
      const at = { checkpoint: checkpoint.id, digest, verb: 'approve' } as const;
      await client.decide(run, at, personFor(checkpoint));
      decided.push(performance.now());
    }
  }
  const { status } = await client.result(run);
  if (status !== 'finished') throw new Error(`Run ${run} is ${status}.`);
  return run;
}

// The first run loads and compiles what the second one uses.
if (!options.cold) await runOnce();
const run = await runOnce();
const total = performance.now() - began;
const histories = await fetchHistories(client.temporal, run);
const events = histories.reduce((sum, { events: of }) => sum + (of?.length ?? 0), 0);
const { raw } = await client.temporal.workflow.getHandle(run).describe();

const task = compare(ends);
const decision = options.reviews ? compare(decided) : { first: 0, last: 0 };
const tenth = Math.floor(tasks / 10);
const mebibytes = (sample: number[]): number => quantile(sample, 0.5) / 2 ** 20;
const memoryFirst = mebibytes(memory.slice(tenth, 2 * tenth));
const memoryLast = mebibytes(memory.slice(-tenth));
const figures = {
  taskRatio: task.last / task.first,
  taskFirstMs: task.first,
  taskLastMs: task.last,
  memoryFirstMiB: memoryFirst,
  memoryLastMiB: memoryLast,
  executions: histories.length,
  events,
  seconds: total / 1000,
  ...(options.reviews && {
    decisionRatio: decision.last / decision.first,
    decisionFirstMs: decision.first,
    decisionLastMs: decision.last,
  }),
};
printFigures('long', figures, {
  json: options.json,
  table: [
    ['', 'second tenth', 'last tenth', 'ratio'],
    ['a task, ms', task.first.toFixed(1), task.last.toFixed(1), figures.taskRatio.toFixed(2)],
    ['memory, MiB', memoryFirst.toFixed(0), memoryLast.toFixed(0), (memoryLast / memoryFirst).toFixed(2)],
    ...(options.reviews
      ? [
          [
            'a decision, ms',
            decision.first.toFixed(1),
            decision.last.toFixed(1),
            (decision.last / decision.first).toFixed(2),
          ],
        ]
      : []),
    ['executions', '', String(histories.length), ''],
    ['events', '', String(events), ''],
    [
      'kB of the last history',
      '',
      (Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) / 1000).toFixed(0),
      '',
    ],
    ['seconds in all', '', (total / 1000).toFixed(1), ''],
  ],
});
