import { allHandlersFinished, condition, continueAsNew, defineQuery, setHandler } from '@temporalio/workflow';
import type { RunArguments, RunResult, RunView } from '../contracts/messages.ts';
import type { ContinuedArguments } from '../contracts/continued.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { Next, State } from '../contracts/state.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { VerifiedAct } from '../contracts/signed-act.ts';
import { foldAct, takeActs } from './acts/take-acts.ts';
import { fold } from './fold/fold.ts';
import { next } from './fold/next.ts';
import { outputsOf } from './fold/outputs.ts';
import { stateAtStart } from './fold/state-at-start.ts';
import { causeOf, record, toTaskFailure } from './launch.ts';
import { everything } from './may.ts';
import { createOpenCheckpoints } from './open-checkpoints.ts';
import type { OpenCheckpoint } from './open-checkpoints.ts';
import { createRecorder } from './recorder.ts';
import { bounds, createSeam } from './seam.ts';
import type { Bounds } from './seam.ts';
import { createTimers } from './timers.ts';
import { createWork } from './work.ts';
import type { Host } from './work.ts';

const stateQuery = defineQuery<RunView>(messageNames.state);

/** One run inside its workflow: folds what happens, and launches what comes next. */
export interface Kernel {
  readonly state: State;
  /** The last decision folded at the checkpoint of this name. */
  lastDecision(name: string): Extract<Outcome, { type: 'decision' }> | undefined;
  plan(): Next;
  /** Settles once the run is ready to close, or to go on in another execution; rejects where this one has nothing more to say. */
  readonly ended: Promise<void>;
  /** Has the run look again at what may be launched, as after `may` came to allow more. */
  stir(): void;
  /** Cancels the run on the word of whoever may cancel workflows in Temporal: no door signed it. */
  cancel(undo?: boolean): void;
  /** Records what is left, and gives the run's result; or throws what has the SDK go on in another execution. */
  end(): Promise<RunResult>;
}

/** Takes up a run: from now on its handlers answer, and what is due and allowed is launched. Once a workflow. */
export function openKernel([start, act]: RunArguments, may = everything, within: Bounds = bounds): Kernel {
  let state = stateAtStart(start);
  let isMoving = false;
  let isLookDue = false;
  let isOver = false;
  let fatal: unknown;
  const carried = start.kind === 'continued' ? start : undefined;
  let isCancelWanted = carried?.cancelWanted ?? false;
  let isUndoWanted = false;
  const turn = Promise.resolve();
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  const decisions = new Map(Object.entries(carried?.decisions ?? {}));
  const checkpoints = createOpenCheckpoints();
  const open = (): OpenCheckpoint[] => checkpoints.in(state);
  const recorder = createRecorder(
    start.run,
    state.epoch,
    carried && { record: carried.record, open: open() },
  );

  /** What happens together is looked at together: the look comes after whatever is folded before it. */
  const stir = (): void => {
    if (isLookDue) return;
    isLookDue = true;
    void turn.then(look);
  };

  /** After what a local activity came to: a replay hands several over together that came one by one. */
  const lookNow = (): void => {
    isLookDue = true;
    look();
  };

  const happen: Host['happen'] = (outcome, { recorded = false, local = false } = {}) => {
    if (outcome.type === 'decision') {
      const asked = next(state).ask.find(({ id }) => id === outcome.checkpoint);
      if (asked) decisions.set(asked.name, outcome);
    }
    const before = state;
    state = fold(state, outcome);
    // Only what is due is started, and nothing is asked about that: to look through all of it again would cost as much.
    if (outcome.type === 'started') checkpoints.staysIn(state, before);
    recorder.add(outcome, { recorded, loose: local });
    if (local) lookNow();
    else stir();
  };

  const host: Host = {
    get state() {
      return state;
    },
    recorder,
    // Steps written by hand go on when the SDK looks at their conditions: after several results at once on replay.
    mayBeLocal: may === everything,
    open,
    happen,
    stir,
    lookNow,
    endsRun(error) {
      const { type } = toTaskFailure(error);
      // A newer epoch is live, or the record does not fit: this execution has nothing more to say.
      if (type !== 'Run.OldEpoch' && type !== 'Ledger.Broken') return false;
      fatal = causeOf(error);
      stir();
      return true;
    },
  };
  const work = createWork(host);
  const seam = createSeam(within, stir);
  const timers = createTimers(happen);

  // Before the handlers: acts that wait for this epoch are answered as soon as there is one, and come after its own.
  if (start.kind === 'again' && start.signed) {
    // Signed before the workflow was started, however long that took.
    const signedAt = act instanceof VerifiedAct && act.act ? Date.parse(act.act.at) : 0;
    foldAct({ state, happen }, act, signedAt);
  }

  setHandler(stateQuery, () => ({
    state,
    next: { ask: next(state).ask, wait: next(state).wait },
    open: open(),
    head: recorder.head,
    running: work.running,
  }));

  const mayClose = (): boolean => work.isClosing || next(state).close !== undefined;

  takeActs({
    get state() {
      return state;
    },
    open,
    happen,
    noteAct: () => seam.noteAct(),
    get isMoving() {
      return isMoving;
    },
    mayClose,
  });

  const launch = (): void => {
    const plan = next(state);
    // Looked at before anything starts: it is the same afterwards.
    open();
    for (const one of plan.cancel) work.cancelTask(one);
    if (!may.move() || !seam.holds(work.isQuiet)) {
      work.startTasks(plan.start.filter(({ task }) => may.start(task)));
      for (const one of plan.applyEdit) work.startEdit(one);
      for (const one of plan.perform) if (may.perform(one.slot)) work.startEffect(one);
    }
    const recallable = timers.keep(plan.wait.filter(({ slot }) => may.perform(slot)));
    // What is due travels with the run.
    if (isReadyToMove()) return;
    // What opens has to be shown at once; what else is due rides along, unless nothing is under way to carry it.
    if (recallable || recorder.isNew(open()) || (work.isIdle && !isReadyToClose())) work.startRecording();
  };

  /** Not while an effect is under way that may close the run with its own end. */
  const cancelIfWanted = (): void => {
    if (!isCancelWanted || mayClose() || state.status !== 'open') return;
    const by = { person: 'temporal', roles: [], door: '' };
    happen({ type: 'cancel', id: 'temporal', undo: isUndoWanted, by, at: new Date().toISOString() });
  };

  function look(): void {
    if (isOver) return;
    let isPutOff = false;
    try {
      if (fatal) throw fatal;
      cancelIfWanted();
      launch();
      isOver = isReadyToClose() && !work.isSecuring;
      if (!isOver && isReadyToMove()) {
        isOver = isMoving = seam.takes(handOn());
        isPutOff = !isOver;
      }
      if (isOver) return end();
    } catch (error) {
      isOver = true;
      return fail(error);
    }
    // Launching folds outcomes of its own; only what comes after them is news.
    isLookDue = false;
    if (isPutOff) stir();
  }

  // Nothing closes while a task runs: what is next need not be looked through for that.
  const isReadyToClose = (): boolean =>
    isClosed(state) || (!work.isAttempting && next(state).close !== undefined);

  const handOn = (): ContinuedArguments => ({
    kind: 'continued',
    run: state.run,
    state,
    record: recorder.carry(open()),
    decisions: Object.fromEntries([...decisions].filter(([name]) => name in state.manifest.checkpoints)),
    cancelWanted: isCancelWanted,
  });

  const isReadyToMove = (): boolean => work.isQuiet && may.move() && seam.holds(true);

  stir();
  return {
    get state() {
      return state;
    },
    lastDecision: (name) => decisions.get(name),
    plan: () => next(state),
    ended,
    stir,
    cancel(undo = false) {
      isCancelWanted = true;
      isUndoWanted ||= undo;
      stir();
    },
    async end() {
      if (isMoving) {
        await condition(allHandlersFinished);
        return continueAsNew<(...given: RunArguments) => Promise<RunResult>>(handOn());
      }
      // Whatever still runs is not wanted any more; its results would be fenced anyway.
      work.cancelAll();
      const { close } = next(state);
      if (close && !isClosed(state)) happen({ type: 'close', to: close });
      const book = recorder.take([], { all: true });
      // Word from a cancelled attempt has the server take the run's last step again: what that step had recorded by itself
      // would then stand in another order than the run's.
      const loose = recorder.isLoose || work.hasCancelled;
      if (book) recorder.arrived(book, await record(state, book, loose, state.status));
      await condition(allHandlersFinished);
      const { run, epoch, status } = state;
      return { run, epoch, status, outputs: outputsOf(state), head: recorder.head };
    },
  };
}

const isClosed = (state: State): boolean => state.status !== 'open' && state.status !== 'closing';
