import type { Verb } from '../../../contracts/checkpoint.ts';
import type { Slot, View } from '../view.ts';
import type { Based } from './basis.ts';
import { evaluate } from '../conditions.ts';
import { acceptsChanges } from './accepts.ts';
import { ask, baseOn } from './basis.ts';
import { partsOf, showEffect, showSubjects } from './effect-shown.ts';

type Unjudged = Omit<Slot, 'settled' | 'ask' | 'wish'>;
export type Judged = Pick<Slot, 'settled' | 'ask' | 'wish'>;

/** Whether the wanted content may be put into the slot: decided, to be asked, or by policy where nobody need be asked. */
export function authorisation(view: View, unjudged: Unjudged): Judged {
  const slot: Slot = { ...unjudged, settled: false };
  const { content, declared, held } = slot;
  if (content.state !== 'wanted') return { settled: true };
  const based = baseAuthorisation(view, slot, held.n);
  const verdict = view.verdict(based.basis);
  const wish = {
    verb: 'do',
    digest: content.digest,
    basis: based.basis,
    elapsed: verdict?.elapsed === true,
  } as const;
  if (verdict?.verb === 'approve') return { settled: false, wish };
  if (verdict?.verb === 'reject') return { settled: true };
  const isBegun = verdict !== undefined && verdict.verb !== 'policy';
  const required = isBegun ? 'yes' : isRequired(view, slot);
  if (required === 'unknown') return { settled: false };
  if (required === 'no') return { settled: false, wish };
  const root = view.graph.effectRoot(declared);
  const accepts = acceptsChanges(view, declared.subjects, { root, element: slot.element });
  const offers: Verb[] = accepts.changes ? ['approve', 'changes', 'reject'] : ['approve', 'reject'];
  return { settled: false, ask: ask(view, based, offers, accepts) };
}

/** The question whether the wanted content may be put into the slot at a given `n`. */
export function baseAuthorisation(view: View, slot: Slot, n: number): Based {
  const declared = view.graph.authorise.get(slot.effect);
  const name = declared?.name ?? slot.effect;
  const id = `authorise:${name}:${slot.name}`;
  return baseOn(
    view,
    n === slot.held.n ? 'authorise' : 'authorise next',
    slot.name,
    [n, ...partsOf(slot)],
    () => {
      const { filled: _, ...effect } = showEffect(slot, n);
      return {
        id,
        kind: 'authorise',
        name,
        slot: slot.name,
        by: declared?.authorise.by ?? view.state.manifest.owner,
        fourEyes: declared?.authorise.fourEyes ?? false,
        subjects: showSubjects(slot),
        shown: { effect },
      };
    },
  );
}

function isRequired(view: View, slot: Slot): 'yes' | 'no' | 'unknown' {
  // Policy may fill a slot once; what was undone or amended, or belongs to a fork, is a person's to do again.
  if (slot.held.n > 0 || view.state.fork) return 'yes';
  const declared = view.graph.authorise.get(slot.effect);
  if (!declared) return 'no';
  const { when } = declared.authorise;
  if (!when || view.state.brakes.askAlways) return 'yes';
  const from = { root: view.graph.effectRoot(slot.declared), element: slot.element };
  const truth = evaluate(when, (artifact) => view.near(artifact, from));
  return truth.firm ? truth.holds : 'unknown';
}
