import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { decisionDigest } from '../contracts/checkpoint.ts';
import { failures } from '../contracts/failures.ts';
import type { ActAnswer, RunResult, RunView, StartArguments } from '../contracts/messages.ts';
import type { Bookkeeping } from '../contracts/ports.ts';
import type { EffectStart, Next, State, TaskStart } from '../contracts/state.ts';
import type { Outcome, OutcomeOf } from '../contracts/outcome.ts';
import { messageNames } from '../contracts/messages.ts';
import { judgeAct } from './acts/judge-act.ts';
import type { Judgement } from './acts/judge-act.ts';
import { applyEdit, delegate, isCancellation, perform, record, toTaskFailure } from './launch.ts';
import { fold } from './fold/fold.ts';
import { next } from './fold/next.ts';
import { outputsOf } from './fold/outputs.ts';
import { createRecorder } from './recorder.ts';
import type { OpenCheckpoint } from './recorder.ts';

const decideUpdate = defineUpdate<ActAnswer, [unknown]>(messageNames.act);
const stateQuery = defineQuery<RunView>(messageNames.state);

/**
 * One run of any process: folds what happens, asks the fold what comes next, and launches it.
 * The default workflow, so that a run's workflow type is its process's name.
 */
export default async function runProcess(start: StartArguments): Promise<RunResult> {
  let state = start.state;
  let planned: Next | undefined;
  let changes = 0;
  let fatal: unknown;
  // A last effect under way records the close with its own end: nothing may be folded in between.
  let lastEffect = false;
  const recorder = createRecorder(start.run, state.epoch, start.seq);
  const running = new Map<string, { attempt: number; since: number; scope: CancellationScope }>();
  const editing = new Set<string>();
  let performing = 0;

  const plan = (): Next => (planned ??= next(state));
  const openNow = (): OpenCheckpoint[] =>
    plan().ask.map((checkpoint) => ({
      checkpoint,
      digest: decisionDigest(state.run, state.epoch, checkpoint),
    }));

  const happen = (outcome: Outcome, options?: { recorded: boolean }): void => {
    state = fold(state, outcome);
    recorder.add(outcome, options);
    planned = undefined;
    changes++;
  };

  // A newer epoch is live, or the record does not fit: this execution has nothing more to say.
  const endsRun = (error: unknown): boolean => {
    const { type } = toTaskFailure(error);
    if (type !== 'Run.OldEpoch' && type !== 'Ledger.Broken') return false;
    fatal = error instanceof ActivityFailure ? error.cause : error;
    changes++;
    return true;
  };

  const refuse = (judgement: Extract<Judgement, { kind: 'refused' }>): never => {
    throw ApplicationFailure.create({
      type: judgement.type,
      message: judgement.message,
      nonRetryable: !failures[judgement.type].retryable,
      details: [{ name: state.run, mend: failures[judgement.type].mend }],
    });
  };

  setHandler(stateQuery, () => ({
    state,
    next: { ask: plan().ask },
    open: openNow(),
    head: recorder.head,
    running: [...running].map(([task, { attempt, since }]) => ({ task, attempt, since })),
  }));

  setHandler(
    decideUpdate,
    (received) => {
      const judgement = judgeAct(state, received, Date.now());
      if (judgement.kind === 'refused') return refuse(judgement);
      if (judgement.kind === 'accepted') happen(judgement.outcome);
      return {
        id: judgement.kind === 'seen' ? judgement.id : idOf(judgement.outcome),
        accepted: true,
        open: openNow().map(({ checkpoint, digest }) => ({ id: checkpoint.id, digest })),
        status: state.status,
      };
    },
    {
      // Synchronous on purpose: the SDK never awaits a validator.
      validator(received) {
        if (lastEffect || plan().close) {
          return refuse({
            kind: 'refused',
            type: 'Run.Closing',
            message: `Run ${state.run} is about to close.`,
          });
        }
        const judgement = judgeAct(state, received, Date.now());
        if (judgement.kind === 'refused') refuse(judgement);
      },
    },
  );

  const launchTask = (one: TaskStart): void => {
    happen({ type: 'started', task: one.task, attempt: one.attempt, key: one.key });
    const book = recorder.take(openNow());
    const scope = new CancellationScope();
    running.set(one.task, { attempt: one.attempt, since: Date.now(), scope });
    const ended = (end: OutcomeOf<'result'>['end'], extra: object = {}): void => {
      if (running.get(one.task)?.attempt === one.attempt) running.delete(one.task);
      happen({ type: 'result', task: one.task, attempt: one.attempt, epoch: state.epoch, end, ...extra });
    };
    const before = state;
    void scope
      .run(async () => delegate(before, one, book))
      .then(
        ({ end, references, lineage, head }) => {
          recorder.arrived(book, head);
          ended(end, { ...(references && { references }), ...(lineage && { lineage }) });
        },
        (error: unknown) => {
          recorder.lost(book);
          if (isCancellation(error)) changes++;
          else if (!endsRun(error)) ended({ kind: 'failed', failure: toTaskFailure(error) });
        },
      );
  };

  const launchEdit = (one: Next['applyEdit'][number]): void => {
    const id = JSON.stringify([one.cell, one.base, one.delta]);
    if (editing.has(id)) return;
    editing.add(id);
    const book = recorder.take(openNow());
    const { cell, base, delta } = one;
    void applyEdit(state, one, book).then(
      ({ result, reference, head }) => {
        editing.delete(id);
        recorder.arrived(book, head);
        happen({ type: 'editApplied', cell, base, delta, end: { result }, reference });
      },
      (error: unknown) => {
        editing.delete(id);
        recorder.lost(book);
        if (endsRun(error)) return;
        happen({ type: 'editApplied', cell, base, delta, end: { failure: toTaskFailure(error) } });
      },
    );
  };

  const launchEffect = (one: EffectStart): void => {
    happen({ type: 'reserved', slot: one.slot, n: one.n, verb: one.verb, digest: one.digest });
    performing++;
    const closes = closeAfter(state, one, running.size);
    if (closes) lastEffect = true;
    const book = recorder.take(openNow());
    void perform(state, one, book, closes).then(
      ({ outcome, head, closed }) => {
        performing--;
        recorder.arrived(book, head);
        lastEffect = false;
        happen(outcome, { recorded: true });
        if (closed && closes) happen(closes, { recorded: true });
      },
      (error: unknown) => {
        performing--;
        recorder.lost(book);
        lastEffect = false;
        if (endsRun(error)) return;
        const { slot, n, verb, tries } = one;
        // An activity that ended in failure says nothing of the outside: a person finds out.
        happen({
          type: 'effectEnded',
          slot,
          n,
          verb,
          tries,
          end: { kind: 'uncertain', failure: toTaskFailure(error) },
        });
      },
    );
  };

  let recording: Promise<void> | undefined;
  const recordNow = (): void => {
    const book = recorder.take(openNow());
    if (!book) return;
    recording = record(state, book, undefined).then(
      (head) => {
        recorder.arrived(book, head);
        recording = undefined;
        changes++;
      },
      (error: unknown) => {
        recorder.lost(book);
        recording = undefined;
        fatal = error instanceof ActivityFailure ? error.cause : error;
        changes++;
      },
    );
  };

  for (;;) {
    if (fatal) throw fatal;
    launchAll();
    if (plan().close || isClosed(state)) break;
    const seen = changes;
    await condition(() => changes !== seen);
  }
  // Whatever still runs is not wanted any more; its results would be fenced anyway.
  for (const { scope } of running.values()) scope.cancel();
  const { close } = plan();
  if (close && !isClosed(state)) happen({ type: 'close', to: close });
  const book: Bookkeeping | undefined = recorder.take([], { all: true });
  if (book) recorder.arrived(book, await record(state, book, state.status));
  await condition(allHandlersFinished);
  return {
    run: state.run,
    epoch: state.epoch,
    status: state.status,
    outputs: outputsOf(state),
    head: recorder.head,
  };

  function launchAll(): void {
    const { cancel, start: starts, applyEdit: edits, perform: effects } = plan();
    for (const one of cancel) {
      running.get(one.task)?.scope.cancel();
      running.delete(one.task);
      happen({ type: 'cancelled', task: one.task, attempt: one.attempt });
    }
    for (const one of starts) launchTask(one);
    for (const one of edits) launchEdit(one);
    for (const one of effects) launchEffect(one);
    if (!recording && !lastEffect && (recorder.isNew(openNow()) || isIdle())) recordNow();
  }

  /** Nothing else is under way that could carry what is due. */
  function isIdle(): boolean {
    return running.size === 0 && editing.size === 0 && performing === 0 && !plan().close;
  }
}

const idOf = (outcome: Outcome): string => ('id' in outcome ? outcome.id : '');

const isClosed = (state: State): boolean => state.status !== 'open' && state.status !== 'closing';

/** The close that this effect's success leads to, if nothing but its success is missing. */
function closeAfter(state: State, one: EffectStart, running: number): OutcomeOf<'close'> | undefined {
  const effect = state.manifest.effects[one.effect];
  if (running > 0 || effect?.receipt !== undefined) return undefined;
  const { slot, n, verb, tries } = one;
  const after = next(fold(state, { type: 'effectEnded', slot, n, verb, tries, end: { kind: 'success' } }));
  return after.close && { type: 'close', to: after.close };
}
