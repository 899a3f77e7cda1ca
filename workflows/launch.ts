import {
  ActivityFailure,
  ApplicationFailure,
  TimeoutFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { delegateToRun } from './nested-run.ts';
import type {
  Activities,
  ApplyEditOutput,
  PerformEffectOutput,
  RunAgentInput,
  TaskOutput,
} from '../contracts/messages.ts';
import type { EffectStart, Next, State, TaskStart } from '../contracts/state.ts';
import type { Bookkeeping, LedgerHead } from '../contracts/ports.ts';
import type { OutcomeOf, TaskFailure } from '../contracts/outcome.ts';
import { activityOptions, runAttempt } from './attempt.ts';
import type { Whole } from './attempt.ts';
import { executeIsolated } from './isolate.ts';
import { baseOf } from '../contracts/element-names.ts';

/** Milliseconds that an effect's activity may take beyond the connector's call: looking up, recording. */
const effectMargin = 30_000;

/** What an activity failed of. */
export function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure ? error.cause : error;
}

/** What a failed activity comes to: the type and message that its person reads. */
export function toTaskFailure(error: unknown): TaskFailure {
  const cause = causeOf(error);
  if (cause instanceof ApplicationFailure) {
    return { type: cause.type ?? 'Agent.Failed', message: cause.message };
  }
  if (cause instanceof TimeoutFailure) {
    return {
      type: 'Agent.TimedOut',
      message: 'The attempt ended without a sign of life, or took longer than it may.',
    };
  }
  return { type: 'Agent.Failed', message: cause instanceof Error ? cause.message : String(cause) };
}

export { isCancellation };

/**
 * Runs one attempt of a task in its agent: within the workflow task (`local`), in a workflow of its own of this id
 * (`child`), or by activities of this one. Local ones hang directly on the SDK's promise.
 */
export function delegate(
  state: State,
  start: TaskStart,
  book: Bookkeeping | undefined,
  where: { local: boolean; child: string | undefined },
  now: () => State,
): Promise<TaskOutput> {
  const task = state.manifest.tasks[start.agent]!;
  if (task.process) return delegateToRun(state, start, task.process, book, now);
  const input: RunAgentInput = {
    ...start,
    needs: withoutFacts(start.needs),
    run: state.run,
    epoch: state.epoch,
    process: state.manifest.name,
    produces: task.produces,
    needSchemas: task.needs,
    durability: task.durability,
    ...(book && { book }),
  };
  const terms = { timeout: task.timeout, heartbeat: task.heartbeat, tries: task.tries };
  if (where.local) {
    // However often it is tried, it stays within the workflow task: no timer of the server's in between.
    const { retry, ...options } = activityOptions(input, terms);
    return proxyLocalActivities<Whole>({ ...options, retry: { ...retry, maximumInterval: 2000 } }).runAgent(
      input,
    );
  }
  return where.child === undefined ? runAttempt(input, terms) : executeIsolated(where.child, input, terms);
}

/** An agent reads contents; the facts of many elements would only fill the history. */
function withoutFacts(needs: TaskStart['needs']): TaskStart['needs'] {
  return Object.fromEntries(
    Object.entries(needs).map(([name, version]) => {
      if (!version?.elements) return [name, version];
      const elements = Object.entries(version.elements).map(([key, { digest }]) => [
        key,
        { digest, facts: {} },
      ]);
      return [name, { ...version, elements: Object.fromEntries(elements) }];
    }),
  );
}

/** Makes the artifact that an edit asks for; its digest is shown before it counts. */
export function applyEdit(
  state: State,
  edit: Next['applyEdit'][number],
  book: Bookkeeping | undefined,
): Promise<ApplyEditOutput> {
  const agent = baseOf(edit.task);
  const artifact = baseOf(edit.cell);
  const task = state.manifest.tasks[agent]!;
  const activities = proxyActivities<Activities>({
    startToCloseTimeout: task.timeout,
    heartbeatTimeout: task.heartbeat,
    retry: { maximumAttempts: task.tries, initialInterval: 200 },
    summary: `edit ${edit.cell}`,
  });
  return activities.applyEdit({
    run: state.run,
    epoch: state.epoch,
    process: state.manifest.name,
    agent,
    task: edit.task,
    artifact,
    base: edit.version,
    delta: edit.delta,
    schema: task.produces[artifact]!,
    ...(book && { book }),
  });
}

/** Fills, amends or empties a slot, once; ends for certain or says that it can't tell. */
export function perform(
  state: State,
  start: EffectStart,
  book: Bookkeeping | undefined,
  closes: OutcomeOf<'close'> | undefined,
): Promise<PerformEffectOutput> {
  const effect = state.manifest.effects[start.effect]!;
  // Without a limit to its retries: whether the effect happened has to be found out, however long the store is away.
  const { performEffect } = proxyActivities<Activities>({
    startToCloseTimeout: effect.timeout + effectMargin,
    heartbeatTimeout: 10_000,
    retry: { initialInterval: 500, maximumInterval: 30_000 },
    summary: `${start.verb} ${start.slot}`,
  });
  return performEffect({
    ...start,
    run: state.run,
    epoch: state.epoch,
    process: state.manifest.name,
    connector: effect.connector,
    destination: effect.destination,
    arguments: effect.arguments,
    timeout: effect.timeout,
    ...(effect.receipt !== undefined && { receipt: effect.receipt }),
    ...(book && { book }),
    ...(closes && { closes }),
  });
}

/**
 * Records outcomes and shows checkpoints, as a local activity: no task-queue hop, and the command that keeps a decision
 * from being handled before results that were delivered earlier. What is `loose` is recorded by an activity that starts
 * once the history holds it.
 */
export function record(
  state: State,
  book: Bookkeeping,
  loose: boolean,
  close?: State['status'],
): Promise<LedgerHead | null> {
  const activities = (loose ? proxyActivities : proxyLocalActivities)<Activities>({
    startToCloseTimeout: '20 seconds',
    retry: { initialInterval: 200, maximumInterval: 10_000 },
  });
  return activities.record({ process: state.manifest.name, book, ...(close && { close }) });
}
