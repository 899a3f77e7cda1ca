import type { Version } from '../../contracts/artifact.ts';
import type { OutcomeOf, TaskFailure } from '../../contracts/outcome.ts';
import type { SlotState, State } from '../../contracts/state.ts';
import { drop, omit, own } from './records.ts';
import { emptySlot } from './slots.ts';

export function withSlot(state: State, slot: string, held: SlotState): State {
  return { ...state, slots: { ...state.slots, [slot]: held } };
}

export function foldReserved(state: State, { slot, n, verb, digest }: OutcomeOf<'reserved'>): State {
  const held = own(state.slots, slot) ?? emptySlot;
  const fits = verb === 'do' ? held.status === 'empty' || held.status === 'undone' : held.status === 'done';
  if (!fits || held.n !== n || (state.status !== 'open' && state.status !== 'closing')) return state;
  const reserved: SlotState = {
    ...omit(held, 'failed', 'want'),
    status: 'reserved',
    verb,
    ...(digest === null ? {} : { want: digest }),
  };
  // Slots stand in the order in which they were filled: closing undoes the newest first.
  const slots = verb === 'do' ? drop(state.slots, slot) : state.slots;
  return withSlot({ ...state, slots }, slot, reserved);
}

export function foldEffectEnded(
  state: State,
  { slot, n, verb, tries, end }: OutcomeOf<'effectEnded'>,
): State {
  const held = own(state.slots, slot);
  if (!held || held.n !== n || held.verb !== verb) return state;
  if (held.status === 'uncertain') {
    // A late proof settles what nobody knew; a late refusal says nothing of the calls before it.
    const isProof = end.kind === 'success' && tries === held.tries - 1;
    return isProof ? withSlot(state, slot, succeed(held, end.receipt)) : state;
  }
  if (held.status !== 'reserved' || tries !== held.tries) return state;
  if (end.kind === 'success') return withSlot(state, slot, succeed(held, end.receipt));
  if (end.kind === 'refused') return withSlot(state, slot, { ...revert(held), failed: end.failure });
  return withSlot(state, slot, beUncertain(held, end.failure));
}

function beUncertain(held: SlotState, failed: TaskFailure): SlotState {
  return { ...held, status: 'uncertain', tries: held.tries + 1, failed };
}

/** The slot after what was reserved has happened. */
export function succeed(held: SlotState, receipt: Version | undefined): SlotState {
  const { n, verb, want } = held;
  if (verb === 'undo') return { n: n + 1, status: 'undone', tries: 0 };
  return {
    n: verb === 'amend' ? n + 1 : n,
    status: 'done',
    tries: 0,
    ...(want === undefined ? {} : { digest: want }),
    ...(receipt ? { receipt } : {}),
  };
}

/** The slot as it was before the reservation, which did not happen; what was tried stays on it. */
export function revert(held: SlotState): SlotState {
  const status = held.verb === 'do' ? (held.n === 0 ? 'empty' : 'undone') : 'done';
  return { ...omit(held, 'failed'), status, tries: held.status === 'reserved' ? held.tries + 1 : held.tries };
}
