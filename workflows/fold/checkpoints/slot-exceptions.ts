import type { Checkpoint } from '../../../contracts/checkpoint.ts';
import type { Slot, View } from '../view.ts';
import { ask, baseOn } from './basis.ts';
import { partsOf, showEffect, showSubjects } from './effect-shown.ts';

type Unjudged = Omit<Slot, 'settled' | 'ask' | 'wish'>;

/** Nobody knows whether the outside did it: a person finds out. */
export function askUncertain(view: View, unjudged: Unjudged): Checkpoint {
  return ask(view, baseException(view, unjudged, 'uncertain'), ['happened', 'didNot']);
}

/** The outside said no: a person decides how to go on. */
export function askRefused(view: View, unjudged: Unjudged, wish: NonNullable<Slot['wish']>): Checkpoint {
  const offers =
    view.state.status === 'closing' ? (['retry', 'leave'] as const) : (['retry', 'leave', 'stop'] as const);
  return ask(view, baseException(view, unjudged, `refused ${wish.verb}`), [...offers]);
}

function baseException(view: View, unjudged: Unjudged, what: string) {
  const slot: Slot = { ...unjudged, settled: false };
  const { name, effect, held } = slot;
  const id = `exception:slot:${name}`;
  return baseOn(view, 'exception:slot', name, [what, ...partsOf(slot)], () => ({
    id,
    kind: 'exception',
    name: effect,
    slot: name,
    by: view.state.manifest.owner,
    fourEyes: false,
    subjects: showSubjects(slot),
    shown: {
      effect: showEffect(slot, held.n),
      ...(held.failed ? { failure: { type: held.failed.type, message: held.failed.message } } : {}),
    },
    apart: JSON.stringify([what, held.verb ?? null, held.want ?? null, held.tries]),
  }));
}
