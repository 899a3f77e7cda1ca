import type { Slot, View } from '../view.ts';
import { ask, baseOn } from './basis.ts';
import type { Judged } from './authorise.ts';
import { partsOf, showEffect, showSubjects } from './effect-shown.ts';

/** Whether a closing run may empty this slot: at once, or once whoever the effect names for it has agreed. */
export function undoing(view: View, slot: Slot): Pick<Judged, 'ask' | 'wish'> {
  const { declared, effect, name, held } = slot;
  const by = declared.undoBy;
  if (by === undefined) return { wish: { verb: 'undo', digest: null, basis: '', elapsed: true } };
  const based = baseOn(view, 'undo', name, partsOf(slot), () => ({
    id: `undo:${effect}:${name}`,
    kind: 'correction',
    name: effect,
    slot: name,
    by,
    fourEyes: false,
    subjects: showSubjects(slot),
    shown: { effect: showEffect(slot, held.n) },
    apart: 'closing',
  }));
  const { basis } = based;
  if (view.verdict(basis)?.verb === 'undo') {
    return { wish: { verb: 'undo', digest: null, basis, elapsed: true } };
  }
  return { ask: ask(view, based, ['undo', 'leave']) };
}
