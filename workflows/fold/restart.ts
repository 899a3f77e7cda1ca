import type { State, Verdict } from '../../contracts/state.ts';
import { omit } from './records.ts';
import { foldEffectEnded } from './slot-transitions.ts';

/** A closed run opened again, one epoch later: what was made and approved stays, what was under way or refused does not. */
export function restart(state: State): State {
  if (state.status === 'open' || state.status === 'closing') return state;
  return {
    ...state,
    epoch: state.epoch + 1,
    status: 'open',
    tasks: Object.fromEntries(
      Object.entries(state.tasks).map(([task, record]) => [task, omit(record, 'running', 'failed')]),
    ),
    drafts: {},
    verdicts: Object.fromEntries(Object.entries(state.verdicts).filter(([, verdict]) => isKept(verdict))),
    slots: Object.fromEntries(
      Object.entries(state.slots).map(([slot, held]) => [
        slot,
        held.status === 'uncertain' ? held : omit(held, 'failed', 'verb', 'want'),
      ]),
    ),
  };
}

/**
 * What a run counts as whose workflow was ended from outside: stopped, and whatever it had reserved is uncertain, since
 * nobody is left to say what became of it.
 */
export function abandon(state: State): State {
  if (state.status !== 'open' && state.status !== 'closing') return state;
  const abandoned = Object.entries(state.slots).reduce(
    (before, [slot, { status, n, verb = 'do', tries }]) => {
      const failure = {
        type: 'Effect.Uncertain',
        message: `${slot} was under way when its workflow was ended.`,
      };
      const end = { kind: 'uncertain' as const, failure };
      return status === 'reserved'
        ? foldEffectEnded(before, { type: 'effectEnded', slot, n, verb, tries, end })
        : before;
    },
    state,
  );
  return { ...omit(abandoned, 'closing'), status: 'stopped' };
}

/** Approvals of versions outlive an epoch, and so do rejections that did not close it; authorisations do not. */
function isKept({ verb, kind, closes }: Verdict): boolean {
  return (verb === 'approve' && kind === 'review') || (verb === 'reject' && !closes);
}
