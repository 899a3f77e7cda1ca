import { decisionDigest } from '../contracts/checkpoint.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { State } from '../contracts/state.ts';
import { next } from './fold/next.ts';

export type OpenCheckpoint = { checkpoint: Checkpoint; digest: string };

/** What is asked in a state, with what a decision on it is bound to; of one state always the same list. */
export function createOpenCheckpoints(): (state: State) => OpenCheckpoint[] {
  let known: { of: State; open: OpenCheckpoint[]; digests: Map<string, string> } | undefined;
  return (state) => {
    if (known?.of === state) return known.open;
    const digests = new Map<string, string>();
    const open = next(state).ask.map((checkpoint) => {
      const { id, basis, round } = checkpoint;
      const shown = `${id} ${basis} ${round}`;
      // A hash each, and most of what is open was open before.
      const digest = known?.digests.get(shown) ?? decisionDigest(state.run, state.epoch, checkpoint);
      digests.set(shown, digest);
      return { checkpoint, digest };
    });
    known = { of: state, open, digests };
    return open;
  };
}
