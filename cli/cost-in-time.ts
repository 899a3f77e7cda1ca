import type { RecordedOutcome } from '../client/read-run.ts';
import type { Outcome } from '../contracts/outcome.ts';

/** Where a run's time went, in milliseconds, by when things were recorded. Tasks that ran at once overlap. */
export interface CostInTime {
  tasks: { task: string; attempts: number; milliseconds: number }[];
  effects: { slot: string; milliseconds: number }[];
  /** Time in which nothing ran until somebody decided, amended, supplied or did whatever else let the run go on. */
  people: { decisions: number; milliseconds: number };
  /** What is left: the engine, the server, the record. */
  between: number;
  total: number;
}

export function costInTime(outcomes: RecordedOutcome[]): CostInTime {
  const tasks = new Map<string, { attempts: number; milliseconds: number }>();
  const effects = new Map<string, number>();
  const begun = new Map<string, number>();
  const people = { decisions: 0, milliseconds: 0 };
  const times = outcomes.map(({ at, outcome }) => Date.parse(isAct(outcome) ? outcome.at : at));
  let busy = 0;
  let latest = times[0] ?? 0;
  let total = 0;
  let closed = false;
  for (const [index, { outcome }] of outcomes.entries()) {
    const time = Math.max(latest, times[index]!);
    // Between a close and the re-run after it nothing is spent.
    if (closed) latest = time;
    total += time - latest;
    const running = begun.size > 0;
    if (running) busy += time - latest;
    // Where nothing runs, only a person lets a run go on: whatever they do ends the wait for them.
    else if (isAct(outcome)) people.milliseconds += time - latest;
    switch (outcome.type) {
      case 'started': {
        const known = tasks.get(outcome.task) ?? { attempts: 0, milliseconds: 0 };
        tasks.set(outcome.task, { ...known, attempts: known.attempts + 1 });
        begun.set(`task ${outcome.task}`, time);
        break;
      }
      case 'result':
      case 'cancelled': {
        const known = tasks.get(outcome.task);
        const since = take(begun, `task ${outcome.task}`);
        if (known && since !== undefined) known.milliseconds += time - since;
        break;
      }
      case 'reserved':
        begun.set(`slot ${outcome.slot}`, time);
        break;
      case 'effectEnded': {
        const since = take(begun, `slot ${outcome.slot}`);
        if (since !== undefined) effects.set(outcome.slot, (effects.get(outcome.slot) ?? 0) + time - since);
        break;
      }
      case 'decision':
        people.decisions += 1;
        break;
      default:
    }
    latest = time;
    closed = outcome.type === 'close';
  }
  return {
    tasks: [...tasks].map(([task, cost]) => ({ task, ...cost })),
    effects: [...effects].map(([slot, milliseconds]) => ({ slot, milliseconds })),
    people,
    between: Math.max(0, total - busy - people.milliseconds),
    total,
  };
}

/** What a person did, and when they did it: it is recorded a little later. */
function isAct(outcome: Outcome): outcome is Extract<Outcome, { at: string }> {
  return 'at' in outcome;
}

function take(begun: Map<string, number>, name: string): number | undefined {
  const since = begun.get(name);
  begun.delete(name);
  return since;
}
