import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { Version } from '../contracts/artifact.ts';
import type { RunResult, StartArguments } from '../contracts/messages.ts';
import type { OutcomeOf } from '../contracts/outcome.ts';
import type { State } from '../contracts/state.ts';
import { artifactsOf } from './fold/keys.ts';
import { openKernel } from './kernel.ts';

/**
 * A run whose order is written by hand, in a workflow of one's own: for what no declaration covers. Checkpoints, slots,
 * the record and every rule of the manifest hold as they do for any run; only what is launched, and when, is yours.
 */
export interface Conductor {
  readonly state: State;
  /** Lets a task run, and waits until what it makes can be used, or never will be (null). */
  delegate(task: string): Promise<{ [artifact: string]: Version | null }>;
  /** Waits for a decision at a declared checkpoint; the decision that settled it. */
  ask(checkpoint: string): Promise<OutcomeOf<'decision'>>;
  /** Lets an effect happen, and waits until its slot is done. Throws `Effect.Refused` where people decided against it. */
  perform(effect: string): Promise<void>;
  /** Lets everything that is left run, and closes the run. */
  finish(): Promise<RunResult>;
}

/** Takes up a run in a hand-written workflow; once a workflow, first of all. */
export function conductRun(start: StartArguments): Conductor {
  const kernel = openKernel(start);
  const allowed = { tasks: new Set<string>(), effects: new Set<string>(), all: false };
  let ready = false;
  let failure: unknown;
  const base = (name: string): string => name.split('/')[0]!;

  const drive = async (): Promise<void> => {
    const may = {
      start: (task: string) => allowed.all || allowed.tasks.has(base(task)),
      perform: (slot: string) => allowed.all || allowed.effects.has(base(slot)),
    };
    while (await kernel.turn(may));
    ready = true;
  };
  drive().catch((error: unknown) => (failure = error));

  const until = async (settled: () => boolean): Promise<void> => {
    kernel.stir();
    await condition(() => failure !== undefined || ready || settled());
    if (failure !== undefined) throw failure;
  };
  const declared = (kind: 'tasks' | 'checkpoints' | 'effects', name: string): void => {
    const known = Object.keys(kernel.state.manifest[kind]);
    if (known.includes(name)) return;
    throw ApplicationFailure.nonRetryable(
      `There is no ${name} among the ${kind} ${known.join(', ')}.`,
      'Process.Invalid',
    );
  };

  return {
    get state() {
      return kernel.state;
    },
    async delegate(task) {
      declared('tasks', task);
      allowed.tasks.add(task);
      const produced = Object.keys(kernel.state.manifest.tasks[task]!.produces);
      const standing = (name: string) => artifactsOf(kernel.state)[name];
      await until(() =>
        produced.every((name) => ['usable', 'absent'].includes(standing(name)?.state ?? 'waiting')),
      );
      return Object.fromEntries(produced.map((name) => [name, standing(name)?.version ?? null]));
    },
    async ask(checkpoint) {
      declared('checkpoints', checkpoint);
      const isSettled = (): boolean =>
        kernel.lastDecision(checkpoint) !== undefined &&
        !kernel.plan().ask.some(({ name }) => name === checkpoint);
      await until(isSettled);
      const decision = kernel.lastDecision(checkpoint);
      if (!decision)
        throw ApplicationFailure.nonRetryable(`${checkpoint} was never asked.`, 'Checkpoint.NotOpen');
      return decision;
    },
    async perform(effect) {
      declared('effects', effect);
      allowed.effects.add(effect);
      await until(() => kernel.state.slots[effect]?.status === 'done');
      if (kernel.state.slots[effect]?.status !== 'done') {
        throw ApplicationFailure.nonRetryable(`${effect} was not performed.`, 'Effect.Refused');
      }
    },
    async finish() {
      allowed.all = true;
      await until(() => false);
      return kernel.close();
    },
  };
}
