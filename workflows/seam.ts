import { sleep, workflowInfo } from '@temporalio/workflow';
import type { ContinuedArguments } from '../contracts/continued.ts';
import { refusal } from './acts/take-acts.ts';

/** How far one execution has come: events and bytes of its history, acts that it has taken. */
export interface Length {
  events: number;
  bytes: number;
  acts: number;
}

export interface Bounds {
  /** From here on the run goes on in another execution as soon as nothing is under way. */
  soon: Length;
  /** From here on nothing new is begun until it does. Temporal itself ends a run at 51,200 events, 50 MB or 2,000 acts. */
  latest: Length;
  /** Milliseconds for which nothing new is begun so that what is under way may end, before work goes on for a while. */
  hold: number;
  /** Bytes of what is handed on, as JSON. */
  handedOn: number;
}

/**
 * Bytes that a run may hand on to its next execution: text of printable characters fits into Temporal's 2 MB once it is
 * compressed, however little order there is in it.
 */
const handedOnAtMost = 2_400_000;

export const bounds: Bounds = {
  soon: { events: 8000, bytes: 8_000_000, acts: 1000 },
  latest: { events: 40_000, bytes: 40_000_000, acts: 1800 },
  hold: 60_000,
  handedOn: handedOnAtMost,
};

/** Where a run goes over into another execution of its workflow, so that no history grows without end. */
export interface Seam {
  noteAct(): void;
  /** Whether nothing new may be begun now; `isQuiet` where nothing is under way. */
  holds(isQuiet: boolean): boolean;
  /** Whether this is little enough to be handed on; else the seam is put off. Throws `Run.TooLong` where it can't be. */
  takes(handedOn: ContinuedArguments): boolean;
}

const measures = ['events', 'bytes', 'acts'] as const;

export function createSeam({ soon, latest, hold, handedOn: most }: Bounds, stir: () => void): Seam {
  const nowhere = { events: 0, bytes: 0, acts: 0 };
  let acts = 0;
  let tried = nowhere;
  let isHolding = false;

  const length = (): Length => {
    const { historyLength: events, historySize: bytes } = workflowInfo();
    return { events, bytes, acts };
  };
  const isDue = (): boolean => {
    const now = length();
    if (tried === nowhere && workflowInfo().continueAsNewSuggested) return true;
    return measures.some((one) => now[one] >= tried[one] + soon[one]);
  };
  /** Until the history has grown by as much again; whether that may be. */
  const putOff = (): boolean => {
    const now = length();
    if (measures.some((one) => now[one] >= latest[one])) return false;
    tried = now;
    isHolding = false;
    return true;
  };

  return {
    noteAct() {
      acts++;
    },
    holds(isQuiet) {
      if (isHolding || !isDue()) return isHolding;
      isHolding = true;
      // An agent may work for hours: the others must not wait for it that long.
      if (!isQuiet) void sleep(hold).then(() => isHolding && putOff() && stir());
      return true;
    },
    takes(handedOn) {
      const bytes = new TextEncoder().encode(JSON.stringify(handedOn)).length;
      if (bytes <= most) return true;
      if (putOff()) return false;
      const { run } = handedOn;
      const why = `Run ${run} would hand ${bytes} bytes on to its next execution, and may hand on ${most}.`;
      throw refusal(run, 'Run.TooLong', why);
    },
  };
}
