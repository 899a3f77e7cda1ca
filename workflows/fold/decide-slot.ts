import type { OutcomeOf } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import { leaveFilled } from './closing.ts';
import { baseOf, splitName } from '../../contracts/element-names.ts';
import { omit, own } from './records.ts';
import { revert, succeed, withSlot } from './slot-transitions.ts';
import { withVerdict } from './verdicts.ts';
import { viewOf } from './view.ts';

/** What a person found out about a slot, or how they go on after a refusal. */
export function decideSlotException(state: State, name: string, decision: OutcomeOf<'decision'>): State {
  const held = own(state.slots, name);
  if (!held) return state;
  switch (decision.verb) {
    case 'happened': {
      const receipt = state.manifest.effects[baseOf(name)]?.receipt;
      const given = receipt === undefined ? undefined : own(decision.artifacts, receipt);
      return withSlot(state, name, succeed(held, given));
    }
    case 'didNot':
      return withSlot(state, name, omit(revert(held), 'verb', 'want'));
    case 'retry':
      return withSlot(state, name, omit(held, 'failed', 'verb', 'want'));
    case 'leave':
      return leaveRefused(state, name, decision.by.person);
    default:
      return state;
  }
}

function leaveRefused(state: State, name: string, person: string): State {
  const { base, element } = splitName(name);
  if (state.status === 'closing') return leaveFilled(state, name);
  const { content, held } = viewOf(state).slot(base, element);
  const settled = {
    ...omit(held, 'failed', 'verb', 'want'),
    left: content.state === 'wanted' ? content.digest : null,
  };
  const basis = wishedBasis(state, name);
  const left = withSlot(state, name, settled);
  const verdict = basis === undefined ? undefined : state.verdicts[basis];
  if (basis === undefined) return left;
  // What was granted and refused outside is not granted again by itself when the same content comes back.
  return withVerdict(left, basis, {
    verb: 'withdrawn',
    round: verdict?.round ?? 0,
    by: person,
    kind: held.status === 'done' ? 'correction' : 'authorise',
    place: name,
  });
}

/** The basis of the grant that the refused call rested on: asked for without the refusal. */
function wishedBasis(state: State, name: string): string | undefined {
  const held = own(state.slots, name);
  if (!held) return undefined;
  const { base, element } = splitName(name);
  return viewOf(withSlot(state, name, omit(held, 'failed'))).slot(base, element).wish?.basis;
}
