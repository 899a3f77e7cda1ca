import type { State } from '../../contracts/state.ts';
import { splitName } from '../../contracts/element-names.ts';
import { own } from './records.ts';
import { viewOf } from './view.ts';

/** The basis that a slot would be filled or emptied on, while it can still be recalled. */
export function grantOf(state: State, name: string): string | undefined {
  const { base, element } = splitName(name);
  if (!own(state.manifest.effects, base)?.recall) return undefined;
  const { wish } = viewOf(state).slot(base, element);
  return wish && !wish.elapsed ? wish.basis : undefined;
}
