import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { decisionDigest } from '../contracts/checkpoint.ts';
import { failures } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';
import type { ActAnswer, RunArguments, RunResult, RunView } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { Next, State } from '../contracts/state.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { VerifiedAct } from '../contracts/signed-act.ts';
import { judgeAct } from './acts/judge-act.ts';
import { fold } from './fold/fold.ts';
import { initialState } from './fold/initial-state.ts';
import { next } from './fold/next.ts';
import { outputsOf } from './fold/outputs.ts';
import { restart } from './fold/restart.ts';
import { record, toTaskFailure } from './launch.ts';
import { createRecorder } from './recorder.ts';
import type { OpenCheckpoint } from './recorder.ts';
import { createTimers } from './timers.ts';
import { createWork } from './work.ts';
import type { Host } from './work.ts';

const decideUpdate = defineUpdate<ActAnswer, [unknown]>(messageNames.act);
const stateQuery = defineQuery<RunView>(messageNames.state);

/** Which of the work that is due may be launched now. */
export interface May {
  start(task: string): boolean;
  perform(slot: string): boolean;
}
const everything: May = { start: () => true, perform: () => true };

/** One run inside its workflow: folds what happens, and launches what comes next. */
export interface Kernel {
  readonly state: State;
  /** The last decision folded at the checkpoint of this name. */
  lastDecision(name: string): Extract<Outcome, { type: 'decision' }> | undefined;
  plan(): Next;
  /** Settles once the run is ready to close; rejects where this execution has nothing more to say. */
  readonly ended: Promise<void>;
  /** Has the run look again at what may be launched, as after `may` came to allow more. */
  stir(): void;
  /** Cancels the run on the word of whoever may cancel workflows in Temporal: no door signed it. */
  cancel(): void;
  /** Records what is left, and gives the run's result. */
  close(): Promise<RunResult>;
}

/** Takes up a run: from now on its handlers answer, and what is due and allowed is launched. Once a workflow. */
export function openKernel([start, act]: RunArguments, may = everything): Kernel {
  let state = start.kind === 'new' ? initialState(start) : restart(start.state);
  let isLookDue = false;
  let fatal: unknown;
  let isCancelWanted = false;
  const turn = Promise.resolve();
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  const decisions = new Map<string, Extract<Outcome, { type: 'decision' }>>();
  const recorder = createRecorder(start.run, state.epoch, 0);

  let opened: { of: State; checkpoints: OpenCheckpoint[] } | undefined;
  const open = (): OpenCheckpoint[] => {
    if (opened?.of !== state) {
      const checkpoints = next(state).ask.map((checkpoint) => ({
        checkpoint,
        digest: decisionDigest(state.run, state.epoch, checkpoint),
      }));
      opened = { of: state, checkpoints };
    }
    return opened.checkpoints;
  };

  /** What happens together is looked at together: the look comes after whatever is folded before it. */
  const stir = (): void => {
    if (isLookDue) return;
    isLookDue = true;
    void turn.then(look);
  };

  const happen = (outcome: Outcome, options?: { recorded: boolean }): void => {
    if (outcome.type === 'decision') {
      const asked = next(state).ask.find(({ id }) => id === outcome.checkpoint);
      if (asked) decisions.set(asked.name, outcome);
    }
    state = fold(state, outcome);
    recorder.add(outcome, options);
    stir();
  };

  const host: Host = {
    get state() {
      return state;
    },
    recorder,
    open,
    happen,
    stir,
    endsRun(error) {
      const { type } = toTaskFailure(error);
      // A newer epoch is live, or the record does not fit: this execution has nothing more to say.
      if (type !== 'Run.OldEpoch' && type !== 'Ledger.Broken') return false;
      fatal = error instanceof ActivityFailure ? error.cause : error;
      stir();
      return true;
    },
  };
  const work = createWork(host);
  const timers = createTimers(happen);

  // Before the handlers: acts that wait for this epoch are answered as soon as there is one, and come after its own.
  if (start.kind === 'again') {
    // Signed before the workflow was started, however long that took.
    const signedAt = act instanceof VerifiedAct && act.act ? Date.parse(act.act.at) : 0;
    const judgement = judgeAct(state, act, signedAt);
    if (judgement.kind === 'refused') throw refusal(state.run, judgement.type, judgement.message);
    if (judgement.kind === 'accepted') happen(judgement.outcome);
  }

  setHandler(stateQuery, () => ({
    state,
    next: { ask: next(state).ask, wait: next(state).wait },
    open: open(),
    head: recorder.head,
    running: work.running,
  }));

  setHandler(
    decideUpdate,
    (received) => {
      const judgement = judgeAct(state, received, Date.now());
      if (judgement.kind === 'refused') throw refusal(state.run, judgement.type, judgement.message);
      if (judgement.kind === 'accepted') happen(judgement.outcome);
      return {
        id: judgement.id,
        accepted: true,
        as: state.seen[judgement.id] ?? null,
        open: open().map(({ checkpoint, digest }) => ({ id: checkpoint.id, digest })),
        status: state.status,
      };
    },
    {
      // Synchronous on purpose: the SDK never awaits a validator.
      validator(received) {
        if (work.isClosing || next(state).close) {
          throw refusal(state.run, 'Run.Closing', `Run ${state.run} is about to close.`);
        }
        const judgement = judgeAct(state, received, Date.now());
        if (judgement.kind === 'refused') throw refusal(state.run, judgement.type, judgement.message);
      },
    },
  );

  const launch = (): void => {
    const plan = next(state);
    for (const one of plan.cancel) work.cancelTask(one);
    work.startTasks(plan.start.filter(({ task }) => may.start(task)));
    for (const one of plan.applyEdit) work.startEdit(one);
    for (const one of plan.perform) if (may.perform(one.slot)) work.startEffect(one);
    const recallable = timers.keep(plan.wait.filter(({ slot }) => may.perform(slot)));
    // What opens has to be shown at once; what else is due rides along, unless nothing is under way to carry it.
    if (recallable || recorder.isNew(open()) || (work.isIdle && !isReadyToClose())) work.startRecording();
  };

  /** Not while an effect is under way that may close the run with its own end. */
  const cancelIfWanted = (): void => {
    if (!isCancelWanted || work.isClosing || state.status !== 'open' || next(state).close) return;
    const by = { person: 'temporal', roles: [], door: '' };
    happen({ type: 'cancel', id: 'temporal', undo: false, by, at: new Date().toISOString() });
  };

  function look(): void {
    try {
      if (fatal) throw fatal;
      cancelIfWanted();
      launch();
      if (isReadyToClose()) return end();
    } catch (error) {
      return fail(error);
    }
    // Launching folds outcomes of its own; only what comes after them is news.
    isLookDue = false;
  }

  const isReadyToClose = (): boolean => next(state).close !== undefined || isClosed(state);

  stir();
  return {
    get state() {
      return state;
    },
    lastDecision: (name) => decisions.get(name),
    plan: () => next(state),
    ended,
    stir,
    cancel() {
      isCancelWanted = true;
      stir();
    },
    async close() {
      // Whatever still runs is not wanted any more; its results would be fenced anyway.
      work.cancelAll();
      const { close } = next(state);
      if (close && !isClosed(state)) happen({ type: 'close', to: close });
      const book = recorder.take([], { all: true });
      if (book) recorder.arrived(book, await record(state, book, state.status));
      await condition(allHandlersFinished);
      const { run, epoch, status } = state;
      return { run, epoch, status, outputs: outputsOf(state), head: recorder.head };
    },
  };
}

const isClosed = (state: State): boolean => state.status !== 'open' && state.status !== 'closing';

function refusal(run: string, type: FailureType, message: string): ApplicationFailure {
  const { retryable, mend } = failures[type];
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !retryable,
    details: [{ name: run, mend }],
  });
}
