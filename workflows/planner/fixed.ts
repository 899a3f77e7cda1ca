/** A demanded agent that has not done all its work yet. */
export interface Unfinished {
  agent: string;
  running: boolean;
}

/**
 * The order in which agents take their turns: as it is written down, but nobody before those they wait for. Agents that
 * it leaves out come last.
 */
export function arrange(
  order: string[],
  agents: string[],
  awaitedBy: (agent: string) => ReadonlySet<string>,
): string[] {
  const waiting = [
    ...order.filter((agent) => agents.includes(agent)),
    ...agents.filter((a) => !order.includes(a)),
  ];
  const arranged: string[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex((agent) =>
      waiting.every((other) => other === agent || !awaitedBy(agent).has(other)),
    );
    arranged.push(...waiting.splice(Math.max(0, at), 1));
  }
  return arranged;
}

/** Those whose turn it is: one agent after another, each once nobody before it has anything left to do. */
export function chooseFixed<T extends { agent: string }>(
  arranged: string[],
  ready: T[],
  unfinished: Unfinished[],
): T[] {
  const turnOf = (agent: string): number => arranged.indexOf(agent);
  return ready.filter(({ agent }) =>
    unfinished.every(
      (other) => other.agent === agent || !(other.running || turnOf(other.agent) < turnOf(agent)),
    ),
  );
}
