import type { TaskStart } from '../../contracts/state.ts';

/** A demanded agent that has not done all its work yet. */
export interface Unfinished {
  agent: string;
  running: boolean;
  /** Agents that it waits for, directly or not. */
  behind: ReadonlySet<string>;
}

/**
 * One agent after another, as the order has them: an agent waits for those before it that are unfinished, unless they
 * wait for it. Where that would bring everything to rest, the first of the ready goes on.
 */
export function chooseFixed(
  order: string[],
  ready: TaskStart[],
  unfinished: Unfinished[],
  isAtRest: boolean,
): TaskStart[] {
  const place = (agent: string): number => (order.includes(agent) ? order.indexOf(agent) : order.length);
  const isBefore = (one: string, other: string): boolean => place(one) < place(other);
  const [first] = ready.map(({ agent }) => agent).toSorted((a, b) => place(a) - place(b));
  if (first === undefined) return [];
  const turn = ready.filter(({ agent }) =>
    unfinished.every(
      (other) =>
        other.agent === agent ||
        (!other.running && !(isBefore(other.agent, agent) && !other.behind.has(agent))),
    ),
  );
  if (turn.length > 0 || !isAtRest) return turn;
  return ready.filter(({ agent }) => agent === first);
}
