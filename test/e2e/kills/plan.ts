import type { Failpoint } from '../kill/failpoints.ts';

/** How the workers of one run are killed: all of it follows from a seed and from the failpoints there are. */
export interface KillPlan {
  process: 'once' | 'each' | 'elements';
  /** Where the first workers die, one after another. */
  failpoints: Failpoint[];
  /** Milliseconds from the start after which the first worker dies. */
  moment?: number;
  /** The decision, counted from 0, that the run waits for when its worker dies. */
  waiting?: number;
}

/** What happens at once: some runs, and perhaps the death of the server that they share. */
export interface Round {
  plans: KillPlan[];
  /** Milliseconds after all have started. */
  serverDies?: number;
}

const runsAtOnce = 16;
const decisions = 4;
/** Milliseconds: about as long as a run takes that nobody kills. */
const latest = 5000;
/** From here on no node of a graph runs: however often a worker dies, none runs a third time. */
const isOfEffect = ({ operation }: Failpoint): boolean => operation.startsWith('reserve');

/** Numbers of 0 to 1 that follow from the seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `failpoints` in the order in which an undisturbed run of each process comes to them. */
export function planRound(
  seed: number,
  failpoints: { [process in KillPlan['process']]: Failpoint[] },
): Round {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const processes = ['once', 'each', 'elements'] as const;
  const planOne = (): KillPlan => {
    const process = processes[below(processes.length)]!;
    const all = failpoints[process];
    switch (below(6)) {
      case 0:
        return { process, failpoints: [], moment: below(latest) };
      case 1:
        return { process, failpoints: [], waiting: below(decisions) };
      case 2: {
        const late = all.slice(all.findIndex(isOfEffect));
        const chosen = new Set(Array.from({ length: 2 + below(2) }, () => below(late.length)));
        return {
          process,
          failpoints: [...chosen].toSorted((one, other) => one - other).map((at) => late[at]!),
        };
      }
      default:
        return { process, failpoints: [all[below(all.length)]!] };
    }
  };
  const plans = Array.from({ length: runsAtOnce }, planOne);
  return below(2) === 0 ? { plans } : { plans, serverDies: below(latest) };
}
