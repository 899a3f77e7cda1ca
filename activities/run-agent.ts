import { CancelledFailure, ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { Command } from '@langchain/langgraph';
import type { Logger } from 'pino';
import type { AgentImplementation, CompiledGraph } from '../agents/implement-agent.ts';
import type { Version } from '../contracts/artifact.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunAgentInput, RunAgentOutput } from '../contracts/messages.ts';
import type { Question } from '../contracts/outcome.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Dependencies } from './dependencies.ts';
import { makeArtifact } from './make-artifact.ts';
import { readValue } from './read-artifacts.ts';
import { recordBook } from './record.ts';
import { SnapshotSaver } from './snapshot-saver.ts';

/** Supersteps after which a graph counts as running in circles. */
const superstepsAtMost = 1000;
/** Temporal's retries of one attempt are fenced as well: this many fit between two attempts of the run. */
const retriesPerAttempt = 100_000;

/** One attempt of a task: its graph, from its last snapshot if an earlier attempt left one. */
export async function runAgent(dependencies: Dependencies, input: RunAgentInput): Promise<RunAgentOutput> {
  const { store } = dependencies;
  const context = Context.current();
  const logger = dependencies.logger.child({
    run: input.run,
    epoch: input.epoch,
    task: input.task,
    attempt: input.attempt,
    retry: context.info.attempt,
  });
  const head = await recordBook(store, input.process, input.book);
  const implementation = findAgent(dependencies, input.agent);
  const stopHeartbeat = startHeartbeat(context);
  logger.info('task started');
  try {
    const attempt = input.attempt * retriesPerAttempt + context.info.attempt;
    const at = { run: input.run, task: input.task, key: input.key, attempt };
    const saved = await store.snapshots.load(at);
    const saver = new SnapshotSaver(async (content) => store.snapshots.save(at, content), saved?.content);
    const graph = implementation.graph(dependencies.portsOf(implementation, logger));
    graph.checkpointer = saver;
    const end = await runGraph(graph, saver, dependencies, input, context.cancellationSignal);
    if (end.kind === 'asks') {
      logger.info({ questions: end.questions.length }, 'task asks');
      return { end, head };
    }
    const contents = Object.entries(input.produces).map(([name, declared]) =>
      makeArtifact(implementation, name, end.values[name], declared),
    );
    const references = await store.artifacts.put(contents);
    const artifacts = Object.fromEntries(
      references.map(({ name, digest, facts }): [string, Version] => [name, { digest, facts }]),
    );
    logger.info({ artifacts: references.map(({ name, bytes }) => ({ name, bytes })) }, 'task done');
    return { end: { kind: 'done', artifacts }, references, lineage: lineageOf(input, implementation), head };
  } catch (error) {
    if (context.cancellationSignal.aborted)
      throw new CancelledFailure(`Task ${input.task} is not wanted any more.`);
    const failure = toAgentFailure(error, input.task);
    logger.warn({ type: failure.type, reason: failure.message }, 'task failed');
    throw failure;
  } finally {
    stopHeartbeat();
  }
}

type GraphEnd =
  | { kind: 'done'; values: { [artifact: string]: unknown } }
  | { kind: 'asks'; questions: Question[] };

interface GraphState {
  next: readonly string[];
  values: { [channel: string]: unknown };
  tasks: readonly { interrupts: readonly { id?: string; value?: unknown }[] }[];
}

async function runGraph(
  graph: CompiledGraph,
  saver: SnapshotSaver,
  dependencies: Dependencies,
  input: RunAgentInput,
  signal: AbortSignal,
): Promise<GraphEnd> {
  const config = {
    configurable: { thread_id: `${input.run}/${input.task}/${input.key}` },
    recursionLimit: superstepsAtMost,
    durability: 'sync' as const,
    signal,
  };
  const before = (await graph.getState(config)) as GraphState;
  const begun = before.next.length > 0 || Object.keys(before.values ?? {}).length > 0;
  const asked = interruptsOf(before);
  if (!begun) {
    await invoke(await readGraphInput(dependencies, input));
  } else if (asked.length > 0 && input.answers) {
    // LangGraph hands a map with wrong keys to every interrupt as a value: check before resuming.
    const missing = asked.filter(({ id }) => !Object.hasOwn(input.answers!, id));
    if (missing.length > 0) {
      throw toFailure(
        'Agent.BadAnswer',
        `${input.task} still waits for ${missing.map(({ id }) => id).join(', ')}.`,
        {
          name: input.task,
        },
      );
    }
    const resume = Object.fromEntries(asked.map(({ id }) => [id, input.answers![id]]));
    await invoke(new Command({ resume }));
  } else if (asked.length === 0 && before.next.length > 0) {
    await invoke(null);
  }
  const after = (await graph.getState(config)) as GraphState;
  const questions = interruptsOf(after);
  if (questions.length > 0) return { kind: 'asks', questions };
  return { kind: 'done', values: after.values };

  async function invoke(graphInput: unknown): Promise<void> {
    try {
      await graph.invoke(graphInput, config);
    } finally {
      // A node that failed leaves its siblings' work in pending writes; so do questions.
      await saver.flush();
    }
  }
}

async function readGraphInput(dependencies: Dependencies, input: RunAgentInput): Promise<JsonObject> {
  const { store } = dependencies;
  const needs = await Promise.all(
    Object.entries(input.needs).map(async ([name, version]): Promise<[string, Json] | null> =>
      version ? [name, await readValue(store, name, version)] : null,
    ),
  );
  return {
    ...Object.fromEntries(needs.filter((need) => need !== null)),
    // Defaults are the agent's own; the fields themselves were checked when they were asked for.
    adjust: (findAgent(dependencies, input.agent).agent.adjust?.parse(input.changes.fields) ?? {}) as JsonObject,
    ...(input.changes.words !== undefined && { words: input.changes.words }),
  };
}

/** A question's text is the interrupt's value; its `answer` member, if an object, is the JSON Schema of the answer. */
function interruptsOf(state: GraphState): Question[] {
  return state.tasks.flatMap((task) =>
    task.interrupts.map(({ id, value }) => {
      const prompt = (value ?? null) as Json;
      if (prompt && typeof prompt === 'object' && !Array.isArray(prompt)) {
        const { answer, ...rest } = prompt;
        if (answer && typeof answer === 'object' && !Array.isArray(answer))
          return { id: id ?? '', prompt: rest, answer };
      }
      return { id: id ?? '', prompt };
    }),
  );
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
function startHeartbeat(context: Context): () => void {
  const limit = context.info.heartbeatTimeoutMs ?? 30_000;
  const timer = setInterval(() => context.heartbeat(), Math.max(100, limit / 3));
  return () => clearInterval(timer);
}

/** Failures of the table keep their type; whatever else a graph throws is the agent's failure, with its own words. */
export function toAgentFailure(error: unknown, task: string): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return toFailure('Agent.Failed', `${task}: ${message}`, { name: task, cause: error });
}
