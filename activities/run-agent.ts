import { inspect } from 'node:util';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { Info } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { AgentImplementation, GraphPorts } from '../agents/implement-agent.ts';
import type { Version } from '../contracts/artifact.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunAgentInput, RunAgentOutput } from '../contracts/messages.ts';
import { contentsOf } from '../contracts/collection.ts';
import { isFailureType, toFailure } from '../contracts/failures.ts';
import type { Dependencies } from './dependencies.ts';
import { makeArtifact, nameOfElement, referTo, versionOf } from './make-artifact.ts';
import { openWork } from './open-work.ts';
import { readValue } from './read-artifacts.ts';
import { recordBook } from './record.ts';
import { reportProgress } from './report-progress.ts';

/** Temporal's retries of an attempt, and attempts of an epoch, that fit below the next one when all are one number. */
const retriesPerAttempt = 100_000;
const attemptsPerEpoch = 100_000;

/** One attempt of a task: its agent's work, from its last snapshot if an earlier attempt left one. */
export async function runAgent(dependencies: Dependencies, input: RunAgentInput): Promise<RunAgentOutput> {
  const context = Context.current();
  const logger = dependencies.logger.child({
    run: input.run,
    epoch: input.epoch,
    task: input.task,
    attempt: input.attempt,
    retry: context.info.attempt,
  });
  const stopHeartbeat = startHeartbeat(context);
  try {
    const head = await recordBook(dependencies.store, input.process, input.book);
    const implementation = findAgent(dependencies, input.agent);
    logger.info('task started');
    return { ...(await runAttempt(dependencies, input, implementation, context, logger)), head };
  } catch (error) {
    if (context.cancellationSignal.aborted)
      throw new CancelledFailure(`Task ${input.task} is not wanted any more.`);
    const failure = toAgentFailure(error, input.task);
    logger.warn({ type: failure.type, ...originOf(error) }, 'task failed');
    // An agent's own words may quote what it worked on.
    logger.debug({ reason: failure.message }, 'why a task failed');
    throw failure;
  } finally {
    stopHeartbeat();
  }
}

async function runAttempt(
  dependencies: Dependencies,
  input: RunAgentInput,
  implementation: AgentImplementation,
  context: Context,
  logger: Logger,
): Promise<Omit<RunAgentOutput, 'head'>> {
  const { store } = dependencies;
  const { run, task, key } = input;
  const saved = await store.snapshots.load({ run, task, key });
  const reporter = reportProgress(async (said) => store.progress.note(now, said), logger);
  const ports = { ...dependencies.portsOf(implementation, logger), progress: reporter.progress };
  const work = openWork(implementation, {
    ports: input.durability === 'local' ? withoutModel(ports, input.agent) : ports,
    logger,
    thread: `${run}/${task}/${key}`,
    save: async (content) => void (await store.snapshots.save(at, content)),
    reach: reporter.reach,
    scheduled: context.info.currentAttemptScheduledTimestampMs,
    saved: saved?.content,
  });
  const attempt = fenceOf(input, context.info, saved && { by: saved.attempt, scheduled: work.before });
  const at = { run, task, key, attempt };
  const now = { run, epoch: input.epoch, task, attempt: input.attempt, fence: attempt };
  const end = await work
    .run({
      input: async () => readAgentInput(dependencies, input, implementation),
      answers: input.answers,
      signal: context.cancellationSignal,
      ...(input.step && { step: input.step }),
    })
    .finally(reporter.end);
  if (end.kind === 'stepped') {
    logger.info({ step: end.step, next: end.next }, 'task stepped');
    return { end };
  }
  if (end.kind === 'asks') {
    if (input.durability === 'local') throw unfitForLocal(input.agent, 'asks nobody');
    logger.info({ questions: end.questions.length }, 'task asks');
    return { end };
  }
  const made = Object.entries(input.produces).map(([name, declared]) =>
    makeArtifact(implementation, name, end.values[name], declared, input.element),
  );
  // Only now: were the end of an agent that made something unfit kept, trying again would only read it again.
  const stored = referTo(made, await store.snapshots.save(at, work.content(), contentsOf(made)));
  const artifacts = Object.fromEntries(
    stored.map((reference): [string, Version] => [reference.name, versionOf(reference)]),
  );
  const references = stored.map((reference) => ({
    ...reference,
    name: nameOfElement(reference.name, input.element),
  }));
  logger.info({ artifacts: references.map(({ name, bytes }) => ({ name, bytes })) }, 'task done');
  return { end: { kind: 'done', artifacts }, references, lineage: lineageOf(input, implementation) };
}

/** A local attempt may be run again from its beginning without a trace in the history: nothing that costs belongs in it. */
function withoutModel(ports: GraphPorts, agent: string): GraphPorts {
  return {
    ...ports,
    model() {
      throw unfitForLocal(agent, 'calls no model');
    },
  };
}

function unfitForLocal(agent: string, what: string): ApplicationFailure {
  return toFailure(
    'Process.Invalid',
    `The agent ${agent} has durability 'local', which is for what ${what}: leave the durability out.`,
    { name: agent },
  );
}

/** One number that grows with epoch, attempt and Temporal's retries: who has a smaller one may not save any more. */
function fenceOf(
  { epoch, attempt }: RunAgentInput,
  info: Pick<Info, 'attempt' | 'currentAttemptScheduledTimestampMs'>,
  saved: { by: number; scheduled: number | undefined } | null,
): number {
  const first = (epoch * attemptsPerEpoch + attempt) * retriesPerAttempt;
  const own = first + info.attempt;
  if (!saved || saved.by < own || saved.by >= first + retriesPerAttempt) return own;
  // Temporal counts retries from 1 again when an activity is reset. A zombie has a lower number too, but was scheduled
  // before whoever saved; what was scheduled since is the newer one.
  const isNewer = info.currentAttemptScheduledTimestampMs > (saved.scheduled ?? Number.POSITIVE_INFINITY);
  return isNewer ? saved.by + 1 : own;
}

async function readAgentInput(
  { store }: Dependencies,
  input: RunAgentInput,
  { agent }: AgentImplementation,
): Promise<JsonObject> {
  const needs = await Promise.all(
    Object.entries(input.needs).map(async ([name, version]): Promise<[string, Json] | null> =>
      version ? [name, await readValue(store, name, version)] : null,
    ),
  );
  return {
    ...Object.fromEntries(needs.filter((need) => need !== null)),
    adjust: readAdjust(agent, input),
    ...(input.changes.words !== undefined && { words: input.changes.words }),
    ...(input.element !== undefined && { element: input.element }),
  };
}

/** What a request for changes set, with the defaults of what it left out. */
function readAdjust({ adjust }: AgentImplementation['agent'], { agent, changes }: RunAgentInput): JsonObject {
  if (!adjust) return changes.fields;
  const parsed = adjust.safeParse(changes.fields);
  if (parsed.success) return parsed.data as JsonObject;
  const issue = parsed.error.issues[0];
  throw toFailure('Decision.InvalidChanges', `${agent}: ${issue?.path.join('.')}: ${issue?.message}`, {
    name: agent,
  });
}

export function findAgent({ agents }: Dependencies, name: string): AgentImplementation {
  const implementation = agents.get(name);
  if (implementation) return implementation;
  const known = [...agents.keys()].join(', ') || 'none';
  throw toFailure('Agent.Unknown', `This worker has no agent ${name}; it has ${known}.`, { name });
}

function lineageOf(
  input: RunAgentInput,
  implementation: AgentImplementation,
): NonNullable<RunAgentOutput['lineage']> {
  return {
    task: input.task,
    attempt: input.attempt,
    key: input.key,
    agent: input.agent,
    agentVersion: implementation.agent.version,
    from: Object.fromEntries(
      Object.entries(input.needs).map(([name, version]) => [name, version?.digest ?? null]),
    ),
  };
}

/** Signs of life at a third of what the server waits for; they carry nothing. */
export function startHeartbeat(context: Context): () => void {
  if (context.info.isLocal) return () => {};
  const limit = context.info.heartbeatTimeoutMs ?? 30_000;
  const timer = setInterval(() => context.heartbeat(), Math.max(100, limit / 3));
  return () => clearInterval(timer);
}

/** What an agent threw, and where in its code: the place, and none of the words. */
function originOf(error: unknown): { thrown?: string; at?: string } {
  if (!(error instanceof Error) || error instanceof ApplicationFailure) return {};
  const frame = error.stack
    ?.split('\n')
    .find((line) => /^\s+at .*[/\\].*:\d+:\d+\)?$/.test(line) && !/node_modules|node:/.test(line));
  const [, at] = /([^/\\()]+:\d+):\d+\)?$/.exec(frame ?? '') ?? [];
  return { thrown: error.name, ...(at !== undefined && { at }) };
}

/** Failures of the table keep their type; whatever else a graph throws is the agent's failure, with its own words. */
export function toAgentFailure(error: unknown, task: string): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  // Several nodes of a superstep failed: what no retry mends decides.
  if (error instanceof AggregateError && error.errors.length > 0) {
    const parts = error.errors.map((one) => toAgentFailure(one, task));
    return parts.find(({ nonRetryable }) => nonRetryable) ?? parts[0]!;
  }
  const message = error instanceof Error ? error.message : inspect(error, { depth: 1 });
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  if (isFailureType(type)) return toFailure(type, message, { name: task, cause: error });
  return toFailure('Agent.Failed', `${task}: ${message}`, { name: task, cause: error });
}
