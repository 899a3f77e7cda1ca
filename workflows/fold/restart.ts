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
    verdicts: Object.fromEntries(
      Object.entries(state.verdicts).flatMap(([basis, verdict]) => {
        const kept = keep(verdict);
        return kept ? [[basis, kept]] : [];
      }),
    ),
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

/**
 * Approvals of versions outlive an epoch, and so do rejections that did not close it; authorisations do not. What was
 * rejected for good is asked about again, also where nobody would have to be asked by now.
 */
function keep(verdict: Verdict): Verdict | undefined {
  const { verb, kind, closes } = verdict;
  if (verb === 'reject' && closes) return { ...omit(verdict, 'closes'), verb: 'withdrawn' };
  return verb === 'reject' || (verb === 'approve' && kind === 'review') ? verdict : undefined;
}
