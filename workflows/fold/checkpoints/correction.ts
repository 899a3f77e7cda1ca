import type { Verb } from '../../../contracts/checkpoint.ts';
import type { Slot, View } from '../view.ts';
import type { Judged } from './authorise.ts';
import { acceptsChanges } from './accepts.ts';
import { ask, baseOn } from './basis.ts';
import { partsOf, showEffect, showSubjects } from './effect-shown.ts';

/** What becomes of a filled slot whose content is no longer the wanted one: decided, or to be asked. */
export function correction(view: View, unjudged: Omit<Slot, 'settled' | 'ask' | 'wish'>): Judged {
  const slot: Slot = { ...unjudged, settled: false };
  const { content, declared, effect, name, held } = slot;
  const id = `correction:${effect}:${name}`;
  // Whoever may authorise the effect may also correct it.
  const authorise = view.graph.authorise.get(effect)?.authorise;
  const based = baseOn(view, 'correction', name, partsOf(slot), () => ({
    id,
    kind: 'correction',
    name: effect,
    slot: name,
    by: authorise?.by ?? view.state.manifest.owner,
    fourEyes: authorise?.fourEyes ?? false,
    subjects: showSubjects(slot),
    shown: { effect: showEffect(slot, held.n) },
    // Subjects may be shown although a condition no longer wants the effect.
    apart: content.state,
  }));
  const verdict = view.verdict(based.basis);
  const { basis } = based;
  const elapsed = verdict?.elapsed === true;
  if (content.state === 'wanted' && verdict?.verb === 'amend') {
    return { settled: false, wish: { verb: 'amend', digest: content.digest, basis, elapsed } };
  }
  if (verdict?.verb === 'undo' || verdict?.verb === 'undoThenDo') {
    return { settled: false, wish: { verb: 'undo', digest: null, basis, elapsed } };
  }
  const root = view.graph.effectRoot(declared);
  const accepts = acceptsChanges(view, declared.subjects, { root, element: slot.element });
  const offers: Verb[] = ['leave'];
  if (content.state === 'wanted') {
    if (declared.amendable) offers.push('amend');
    if (declared.undoable) offers.push('undoThenDo');
    if (accepts.changes) offers.push('changes');
  } else if (declared.undoable) offers.push('undo');
  return { settled: false, ask: ask(view, based, offers, offers.includes('changes') ? accepts : {}) };
}
