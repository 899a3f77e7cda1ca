import { ApplicationFailure, defineUpdate, setHandler } from '@temporalio/workflow';
import { failures } from '../../contracts/failures.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { ActAnswer } from '../../contracts/messages.ts';
import { messageNames } from '../../contracts/message-names.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import type { OpenCheckpoint } from '../open-checkpoints.ts';
import { judgeAct } from './judge-act.ts';

const decideUpdate = defineUpdate<ActAnswer, [unknown]>(messageNames.act);

/** Checkpoints that an answer names as opened: each answer stays in the history. */
const openedAtMost = 20;

/** What acts come to in the run that takes them. */
export interface ActHost {
  readonly state: State;
  open(): OpenCheckpoint[];
  readonly happen: (outcome: Outcome) => void;
  /** The run goes on in another execution, which would not know of what this one folds. */
  readonly isMoving: boolean;
  /** What is under way may close the run with its own end. */
  mayClose(): boolean;
  /** Told of each act that takes its place in the history. */
  noteAct(): void;
}

/** From now on the run takes acts: each judged before it is written to the history, and again when it is folded. */
export function takeActs(host: ActHost): void {
  setHandler(
    decideUpdate,
    (received) => {
      host.noteAct();
      refuseIfMoving(host);
      const before = new Set(host.open().map(({ digest }) => digest));
      const id = foldAct(host, received, Date.now());
      const { state } = host;
      const open = host.open();
      const opened = open.filter(({ digest }) => !before.has(digest)).slice(0, openedAtMost);
      return {
        id,
        accepted: true,
        as: state.seen[id] ?? null,
        opened: opened.map(({ checkpoint, digest }) => ({ id: checkpoint.id, digest })),
        open: open.length,
        status: state.status,
      };
    },
    {
      // Synchronous on purpose: the SDK never awaits a validator.
      validator(received) {
        const { state } = host;
        refuseIfMoving(host);
        if (host.mayClose()) throw refusal(state.run, 'Run.Closing', `Run ${state.run} is about to close.`);
        const judgement = judgeAct(state, received, Date.now());
        if (judgement.kind === 'refused') throw refusal(state.run, judgement.type, judgement.message);
      },
    },
  );
}

/** Judges and folds one act, and answers its id. `now` in milliseconds of workflow time. */
export function foldAct(
  { state, happen }: Pick<ActHost, 'state' | 'happen'>,
  received: unknown,
  now: number,
): string {
  const judgement = judgeAct(state, received, now);
  if (judgement.kind === 'refused') throw refusal(state.run, judgement.type, judgement.message);
  if (judgement.kind === 'accepted') happen(judgement.outcome);
  return judgement.id;
}

function refuseIfMoving({ isMoving, state: { run } }: ActHost): void {
  if (isMoving) throw refusal(run, 'Run.Closing', `Run ${run} is about to go on in another execution.`);
}

export function refusal(run: string, type: FailureType, message: string): ApplicationFailure {
  const { retryable, mend } = failures[type];
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !retryable,
    details: [{ name: run, mend }],
  });
}
