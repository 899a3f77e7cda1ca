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
export function chooseFixed<T extends { agent: string }>(
  order: string[],
  ready: T[],
  unfinished: Unfinished[],
  isAtRest: boolean,
): T[] {
  const place = (agent: string): number => (order.includes(agent) ? order.indexOf(agent) : order.length);
  const holdsUp = (other: Unfinished, agent: string): boolean => {
    if (other.agent === agent) return false;
    return other.running || (place(other.agent) < place(agent) && !other.behind.has(agent));
  };
  const turn = ready.filter(({ agent }) => !unfinished.some((other) => holdsUp(other, agent)));
  if (turn.length > 0 || !isAtRest) return turn;
  const [first] = ready.toSorted((a, b) => place(a.agent) - place(b.agent));
  return ready.filter(({ agent }) => agent === first?.agent);
}
