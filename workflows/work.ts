import type { CancellationScope } from '@temporalio/workflow';
import type { Next, EffectStart, State, TaskStart } from '../contracts/state.ts';
import type { RunningTask } from '../contracts/messages.ts';
import type { Outcome, OutcomeOf } from '../contracts/outcome.ts';
import { fold } from './fold/fold.ts';
import { next } from './fold/next.ts';
import { applyEdit, delegate, isCancellation, perform, record, toTaskFailure } from './launch.ts';
import { nameChild } from './isolate.ts';
import { PlainScope } from './plain-scope.ts';
import type { OpenCheckpoint } from './open-checkpoints.ts';
import type { Recorder } from './recorder.ts';

/** What the work under way tells the run that it belongs to. */
export interface Host {
  readonly state: State;
  readonly recorder: Recorder;
  /** Whether agents may run within the workflow task, where their definition says so. */
  readonly mayBeLocal: boolean;
  open(): OpenCheckpoint[];
  /** `local`: it came of an activity within the workflow task, so that the history does not hold it yet. */
  readonly happen: (outcome: Outcome, options?: { recorded?: boolean; local?: boolean }) => void;
  /** Something changed that is no outcome. */
  readonly stir: () => void;
  /** As `stir`, where a local activity told so. */
  readonly lookNow: () => void;
  /** Ends the run where the failure says that it has nothing more to say; whether it did. */
  endsRun(error: unknown): boolean;
}

/** All that a run has under way: attempts, edits, effects, recording. */
export interface Work {
  startTasks(starts: TaskStart[]): void;
  cancelTask(one: Next['cancel'][number]): void;
  startEdit(one: Next['applyEdit'][number]): void;
  startEffect(one: EffectStart): void;
  /** Records what is due and shows what opened, unless that is under way already. */
  startRecording(): void;
  cancelAll(): void;
  readonly running: RunningTask[];
  /** Attempts were told to end that may still send word. */
  readonly hasCancelled: boolean;
  /** Nothing is under way that could carry what is due. */
  readonly isIdle: boolean;
  readonly isAttempting: boolean;
  /** Nothing is under way at all. */
  readonly isQuiet: boolean;
  /** An effect is under way that records the run's close with its own end: nothing may be folded in between. */
  readonly isClosing: boolean;
  /** An activity records what was loose: were the run to close meanwhile, the server would have it close again. */
  readonly isSecuring: boolean;
}

export function createWork(host: Host): Work {
  const { recorder, happen } = host;
  const attempts = new Map<string, Omit<RunningTask, 'task'> & { scope: CancellationScope }>();
  const edits = new Set<string>();
  let effects = 0;
  let closing = false;
  let recording = false;
  let cancelled = false;
  let securing = false;

  const launchTask = (one: TaskStart): void => {
    const { task, attempt } = one;
    const { durability, isolate } = host.state.manifest.tasks[one.agent]!;
    const local = host.mayBeLocal && durability === 'local';
    const child = isolate ? nameChild(host.state.run, host.state.epoch, one) : undefined;
    const book = recorder.take(host.open(), { settled: local });
    const scope = new PlainScope();
    attempts.set(task, {
      attempt,
      since: Date.now(),
      scope,
      ...(child !== undefined && { workflow: child }),
    });
    const ended = (end: OutcomeOf<'result'>['end'], about: object = {}): void => {
      if (attempts.get(task)?.attempt === attempt) attempts.delete(task);
      happen({ type: 'result', task, attempt, epoch: host.state.epoch, end, ...about }, { local });
    };
    void scope
      .run(() => delegate(host.state, one, book, { local, child }, () => host.state))
      .then(
        ({ end, references, lineage, head }) => {
          recorder.arrived(book, head);
          ended(end, { ...(references && { references }), ...(lineage && { lineage }) });
        },
        (error: unknown) => {
          recorder.lost(book);
          // Whoever may cancel workflows in Temporal can cancel an attempt's own: that is a failure like any other.
          if (isCancellation(error) && scope.consideredCancelled) (local ? host.lookNow : host.stir)();
          else if (!host.endsRun(error)) ended({ kind: 'failed', failure: toTaskFailure(error) });
        },
      );
  };

  return {
    startTasks(starts) {
      // All are folded before the first is launched: one activity carries the record of them all.
      for (const { task, attempt, key } of starts) happen({ type: 'started', task, attempt, key });
      for (const one of starts) launchTask(one);
    },

    cancelTask({ task, attempt }) {
      cancelled = true;
      attempts.get(task)?.scope.cancel();
      attempts.delete(task);
      happen({ type: 'cancelled', task, attempt });
    },

    startEdit(one) {
      const id = JSON.stringify([one.cell, one.base, one.delta]);
      if (edits.has(id)) return;
      edits.add(id);
      const book = recorder.take(host.open());
      const { cell, base, delta } = one;
      void applyEdit(host.state, one, book).then(
        ({ result, reference, head }) => {
          edits.delete(id);
          recorder.arrived(book, head);
          happen({ type: 'editApplied', cell, base, delta, end: { result }, reference });
        },
        (error: unknown) => {
          edits.delete(id);
          recorder.lost(book);
          if (host.endsRun(error)) return;
          happen({ type: 'editApplied', cell, base, delta, end: { failure: toTaskFailure(error) } });
        },
      );
    },

    startEffect(one) {
      const { slot, n, verb, digest, tries } = one;
      happen({ type: 'reserved', slot, n, verb, digest });
      effects++;
      const closes = closeAfter(host.state, one, attempts.size + effects - 1);
      closing = closes !== undefined;
      const book = recorder.take(host.open());
      void perform(host.state, one, book, closes).then(
        ({ outcome, head, closed }) => {
          effects--;
          closing = false;
          recorder.arrived(book, head);
          happen(outcome, { recorded: true });
          if (closed && closes) happen(closes, { recorded: true });
        },
        (error: unknown) => {
          effects--;
          closing = false;
          recorder.lost(book);
          if (host.endsRun(error)) return;
          // An activity that ended in failure says nothing of the outside: a person finds out.
          const end = { kind: 'uncertain' as const, failure: toTaskFailure(error) };
          happen({ type: 'effectEnded', slot, n, verb, tries, end });
        },
      );
    },

    startRecording() {
      if (recording || closing) return;
      const book = recorder.take(host.open());
      if (!book) return;
      recording = true;
      const loose = recorder.isLoose;
      securing = loose;
      const again = loose ? host.stir : host.lookNow;
      void record(host.state, book, loose).then(
        (head) => {
          recording = securing = false;
          recorder.arrived(book, head);
          again();
        },
        (error: unknown) => {
          recording = securing = false;
          recorder.lost(book);
          if (!host.endsRun(error)) again();
        },
      );
    },

    cancelAll() {
      if (attempts.size > 0) cancelled = true;
      for (const { scope } of attempts.values()) scope.cancel();
    },
    get running() {
      return [...attempts].map(([task, { scope: _scope, ...about }]) => ({ task, ...about }));
    },
    get hasCancelled() {
      return cancelled;
    },
    get isIdle() {
      return attempts.size === 0 && edits.size === 0 && effects === 0;
    },
    get isAttempting() {
      return attempts.size > 0;
    },
    get isQuiet() {
      return !recording && attempts.size === 0 && edits.size === 0 && effects === 0;
    },
    get isClosing() {
      return closing;
    },
    get isSecuring() {
      return securing;
    },
  };
}

/** The close that this effect's success leads to, if nothing but its success is missing. */
function closeAfter(state: State, one: EffectStart, others: number): OutcomeOf<'close'> | undefined {
  if (others > 0 || state.manifest.effects[one.effect]?.receipt !== undefined) return undefined;
  const { slot, n, verb, tries } = one;
  const after = next(fold(state, { type: 'effectEnded', slot, n, verb, tries, end: { kind: 'success' } }));
  return after.close && { type: 'close', to: after.close };
}
