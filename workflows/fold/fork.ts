import type { State } from '../../contracts/state.ts';
import { initialState } from './initial-state.ts';

/** A run of its own with another's inputs, results and overlays; it performs nothing unless told to, and then asks anew. */
export function fork(state: State, { run, performs = false }: { run: string; performs?: boolean }): State {
  const { manifest, inputs, pinned, startedBy, trusted, amendedBy, changes, results, overlays } = state;
  return {
    ...initialState({ run, manifest, inputs, pinned, startedBy, trusted }),
    amendedBy,
    // Results are kept under keys that cover the changes asked for.
    changes,
    results,
    overlays,
    fork: { run: state.run, epoch: state.epoch, performs },
  };
}
