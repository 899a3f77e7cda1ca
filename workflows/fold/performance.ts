import type { EffectStart } from '../../contracts/state.ts';
import type { Slot } from './view.ts';

/** What a connector is asked to do about a slot. */
export function performanceOf(
  slot: Slot,
  { verb, digest }: Pick<NonNullable<Slot['wish']>, 'verb' | 'digest'>,
): EffectStart {
  const { name, effect, element, held, content } = slot;
  return {
    slot: name,
    effect,
    ...(element === undefined ? {} : { element }),
    n: held.n,
    verb,
    digest,
    ...(held.status === 'done' && held.digest !== undefined ? { former: held.digest } : {}),
    subjects: verb !== 'undo' && content.state === 'wanted' ? content.subjects : {},
    tries: held.tries,
  };
}
