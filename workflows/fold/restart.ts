import type { State, Verdict } from '../../contracts/state.ts';
import { omit } from './records.ts';

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
      Object.entries(state.slots).map(([slot, held]) => [slot, omit(held, 'failed', 'verb', 'want')]),
    ),
  };
}

/** Approvals of versions outlive an epoch, and so do rejections that did not close it; authorisations do not. */
function isKept({ verb, kind, closes }: Verdict): boolean {
  return (verb === 'approve' && kind === 'review') || (verb === 'reject' && !closes);
}
