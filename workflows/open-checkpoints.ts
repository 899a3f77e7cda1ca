import { decisionDigest } from '../contracts/checkpoint.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { State } from '../contracts/state.ts';
import { next } from './fold/next.ts';

export type OpenCheckpoint = { checkpoint: Checkpoint; digest: string };

/** What is asked in a state, with what a decision on it is bound to. */
export interface OpenCheckpoints {
  /** Of one state always the same list. */
  in(state: State): OpenCheckpoint[];
  /** In the state after an outcome the same is asked as before. */
  staysIn(after: State, before: State): void;
}

export function createOpenCheckpoints(): OpenCheckpoints {
  let known: { of: State; open: OpenCheckpoint[]; digests: Map<string, string> } | undefined;
  const find = (state: State): OpenCheckpoint[] => {
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
  return {
    in: find,
    staysIn(after, before) {
      if (known?.of === before) known = { ...known, of: after };
    },
  };
}
