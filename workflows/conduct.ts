import { ApplicationFailure, CancellationScope, condition, setHandler } from '@temporalio/workflow';
import type { Version } from '../contracts/artifact.ts';
import type { RunArguments, RunResult } from '../contracts/messages.ts';
import type { OutcomeOf } from '../contracts/outcome.ts';
import type { State } from '../contracts/state.ts';
import { artifactsOf } from './fold/keys.ts';
import { demandOf } from './fold/demand.ts';
import { viewOf } from './fold/view.ts';
import type { Slot } from './fold/view.ts';
import { openKernel } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { cancelSignal } from './run-within.ts';
import { baseOf } from '../contracts/element-names.ts';

/** The three verbs, for a run whose order is written by hand. */
export interface Conductor {
  readonly state: State;
  /** Lets a task run, and waits until what it makes can be used, or never will be (null). */
  delegate(task: string): Promise<{ [artifact: string]: Version | null }>;
  /**
   * Waits until a declared checkpoint is settled; the decision that settled it in this epoch, or null where nobody had
   * to be asked: an approval of an earlier epoch stands, or its condition does not hold.
   */
  ask(checkpoint: string): Promise<OutcomeOf<'decision'> | null>;
  /** Lets an effect happen, and waits until its slot, or that of each element, is settled: whether all is done. */
  perform(effect: string): Promise<boolean>;
}

/**
 * A run whose order is written by hand, in a workflow of one's own: for what no declaration covers. Checkpoints, slots,
 * the record and every rule of the manifest hold as they do for any run; only what is launched, and when, is yours.
 * Where the steps end, whatever the process still asks for runs by itself, and the run closes. A run that closes earlier
 * (rejected, cancelled, stopped) ends the steps where they wait.
 */
export async function conductRun(
  given: RunArguments,
  steps: (run: Conductor) => Promise<void>,
): Promise<RunResult> {
  const workflow = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    const allowed: Allowed = { tasks: new Set(), effects: new Set(), all: false, waiting: 0 };
    const kernel = openKernel(given, {
      start: (task) => allowed.all || allowed.tasks.has(baseOf(task)),
      perform: (slot) => allowed.all || allowed.effects.has(baseOf(slot)),
      // What the steps themselves wait for would not come: a timer of theirs would begin anew, an activity be lost.
      move: () => allowed.all || allowed.waiting > 0,
    });
    workflow.cancelRequested.catch(() => kernel.cancel());
    setHandler(cancelSignal, (undo) => kernel.cancel(undo));
    await Promise.race([kernel.ended, steps(createConductor(kernel, allowed))]);
    allowed.all = true;
    kernel.stir();
    await kernel.ended;
    return kernel.end();
  });
}

interface Allowed {
  readonly tasks: Set<string>;
  readonly effects: Set<string>;
  all: boolean;
  /** Verbs that are being waited for. */
  waiting: number;
}

function createConductor(kernel: Kernel, allowed: Allowed): Conductor {
  // Steps that wait for what will never come stay behind when the run closes: they must not hold it up.
  const until = async (settled: () => boolean): Promise<void> => {
    allowed.waiting++;
    kernel.stir();
    await condition(settled);
    allowed.waiting--;
  };
  const declared = (kind: 'tasks' | 'checkpoints' | 'effects', name: string): void => {
    const known = Object.keys(kernel.state.manifest[kind]);
    if (known.includes(name)) return;
    throw ApplicationFailure.nonRetryable(
      `There is no ${name} among the ${kind} ${known.join(', ')}.`,
      'Process.Invalid',
    );
  };
  const standing = (artifact: string) => artifactsOf(kernel.state)[artifact];
  const isThere = (artifact: string): boolean =>
    ['usable', 'absent'].includes(standing(artifact)?.state ?? 'waiting');
  const isPassed = (checkpoint: string): boolean => {
    if (kernel.plan().ask.some(({ name }) => name === checkpoint)) return false;
    if (kernel.lastDecision(checkpoint)) return true;
    const { manifest } = kernel.state;
    const asked = manifest.checkpoints[checkpoint]!;
    if (asked.kind === 'review') return isThere(asked.of);
    return kernel.plan().perform.some(({ effect }) => effect === asked.effect) || isSettled(asked.effect);
  };
  /** Of an effect that is done for each element: all of them, once they are known. */
  const slotsOf = (effect: string): Slot[] | undefined => {
    const view = viewOf(kernel.state);
    if (!kernel.state.manifest.effects[effect]!.each) return [view.slot(effect, undefined)];
    const { slots, slotsKnown } = demandOf(view);
    return slotsKnown ? slots.filter((slot) => slot.effect === effect) : undefined;
  };
  const isSettled = (effect: string): boolean => slotsOf(effect)?.every(({ settled }) => settled) ?? false;

  return {
    get state() {
      return kernel.state;
    },
    async delegate(task) {
      declared('tasks', task);
      allowed.tasks.add(task);
      const produced = Object.keys(kernel.state.manifest.tasks[task]!.produces);
      await until(() => produced.every(isThere));
      return Object.fromEntries(produced.map((name) => [name, standing(name)?.version ?? null]));
    },
    async ask(checkpoint) {
      declared('checkpoints', checkpoint);
      await until(() => isPassed(checkpoint));
      return kernel.lastDecision(checkpoint) ?? null;
    },
    async perform(effect) {
      declared('effects', effect);
      allowed.effects.add(effect);
      await until(() => isSettled(effect));
      return slotsOf(effect)!.every(({ held }) => held.status === 'done');
    },
  };
}
