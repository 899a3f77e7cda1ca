import { Command, GraphRecursionError } from '@langchain/langgraph';
import { ApplicationFailure } from '@temporalio/common';
import type { CompiledGraph } from '../agents/implement-agent.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunAgentInput } from '../contracts/messages.ts';
import type { Question } from '../contracts/outcome.ts';
import type { Progress } from '../contracts/progress.ts';
import { failures, toFailure } from '../contracts/failures.ts';
import { toMessage } from '../contracts/well-formed.ts';
import { makeQuestion } from './make-question.ts';
import type { SnapshotSaver } from './snapshot-saver.ts';
import type { WorkEnd } from './open-work.ts';
import { tellProgress } from './tell-progress.ts';

/** Supersteps after which a graph counts as running in circles. */
const superstepsAtMost = 1000;

interface GraphState {
  next: readonly string[];
  values: { [channel: string]: unknown };
  metadata?: { step?: number } | undefined;
  tasks: readonly { interrupts: readonly { id?: string; value?: unknown; response_schema?: unknown }[] }[];
}

export interface GraphRun {
  task: string;
  thread: string;
  graph: CompiledGraph;
  /** The graph's own saver. */
  saver: SnapshotSaver;
  input(): Promise<JsonObject>;
  answers: { [question: string]: Json } | undefined;
  signal: AbortSignal;
  /** Told what the graph writes to its custom stream. */
  progress: (said: Progress) => void;
  /** Told the nodes that are under way, each time that one begins. */
  reach: (nodes: readonly string[]) => void;
  step?: RunAgentInput['step'];
}

/** Runs a graph on from where its snapshot left it, until it is done or asks. Its last snapshot is not yet saved. */
export async function runGraph(run: GraphRun): Promise<WorkEnd> {
  const { graph, saver } = run;
  const config = {
    configurable: { thread_id: run.thread },
    recursionLimit: superstepsAtMost,
    durability: 'sync' as const,
    signal: run.signal,
    ...(run.step && { interruptAfter: '*' as const }),
  };
  const readState = async (): Promise<GraphState> => (await graph.getState(config)) as GraphState;
  const invoke = async (input: unknown): Promise<void> => {
    try {
      await tellProgress(graph, input, config, run);
    } catch (error) {
      // A node that failed leaves its siblings' work in writes that no snapshot carries yet.
      await saver.flush().catch(() => {});
      throw error instanceof GraphRecursionError ? endless(run.task, error) : error;
    }
  };

  if (saver.begun) {
    const before = await readState();
    const isThere = run.step?.after !== undefined && stepOf(before) > run.step.after;
    const asked = interruptsOf(before);
    // Answers to other questions are an earlier superstep's, which this attempt's predecessor handed in before it died.
    const given = asked.filter(({ id }) => run.answers && Object.hasOwn(run.answers, id));
    if (asked.length > 0 && given.length === asked.length) {
      // LangGraph hands a map with wrong keys to every interrupt as a value: only what is asked goes in.
      await invoke(
        new Command({ resume: Object.fromEntries(given.map(({ id }) => [id, run.answers![id]])) }),
      );
    } else if (given.length > 0) {
      const missing = asked.filter((one) => !given.includes(one)).map(({ id }) => id);
      throw toFailure('Agent.BadAnswer', `${run.task} still waits for an answer to ${missing.join(', ')}.`, {
        name: run.task,
      });
    } else if (asked.length === 0 && before.next.length > 0 && !isThere) {
      await invoke(null);
    }
  } else {
    await invoke(await run.input());
  }

  const after = await readState();
  const questions = interruptsOf(after).map((question) => makeQuestion(run.task, question));
  if (questions.length > 0) {
    await saver.flush();
    return { kind: 'asks', questions };
  }
  if (after.next.length > 0) {
    if (!run.step) throw stopped(run.task, after.next);
    if (stepOf(after) >= superstepsAtMost) throw endless(run.task);
    return { kind: 'stepped', step: stepOf(after), next: [...after.next] };
  }
  return { kind: 'done', values: after.values };
}

const stepOf = ({ metadata }: GraphState): number => metadata?.step ?? -1;

/** A question's text is the interrupt's value; its `answer` member, if an object, is the JSON Schema of the answer. */
function interruptsOf(state: GraphState): Question[] {
  return state.tasks.flatMap((task) =>
    task.interrupts.map(({ id = '', value, response_schema: schema }) => {
      const prompt = (value ?? null) as Json;
      if (isObject(schema as Json)) return { id, prompt, answer: schema as JsonObject };
      if (isObject(prompt)) {
        const { answer, ...rest } = prompt;
        if (isObject(answer)) return { id, prompt: rest, answer };
      }
      return { id, prompt };
    }),
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Trying the same circle again would only cost the same again. */
function endless(task: string, cause?: Error): ApplicationFailure {
  return lastingFailure(task, `${task} ran ${superstepsAtMost} supersteps without coming to an end.`, cause);
}

function stopped(task: string, next: readonly string[]): ApplicationFailure {
  return lastingFailure(
    task,
    `The graph of ${task} stopped before ${next.join(', ')} without asking; use interrupt() in place of breakpoints.`,
  );
}

function lastingFailure(task: string, message: string, cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'Agent.Failed',
    message: toMessage(message),
    nonRetryable: true,
    details: [{ name: task, mend: failures['Agent.Failed'].mend }],
    ...(cause && { cause }),
  });
}
