import type { AgentImplementation, MakePorts } from '../agents/implement-agent.ts';
import type { Agent, AgentInput, AgentOutput } from '../contracts/define-agent.ts';

type Made<T extends Agent> =
  | AgentOutput<T>
  | ((input: AgentInput<T>, ports: MakePorts) => AgentOutput<T> | Promise<AgentOutput<T>>);

/**
 * Takes an agent's place in a test: always makes this, or what a function makes of its input. Facts that the agent
 * declares are read off the members of the same name.
 */
export function standIn<T extends Agent>(agent: T, made: Made<T>): AgentImplementation<T> {
  return {
    agent,
    make: typeof made === 'function' ? (made as (input: never, ports: MakePorts) => unknown) : () => made,
    facts: Object.fromEntries(
      Object.entries(agent.facts).map(([artifact, { shape }]) => [
        artifact,
        (value: never) => pick(value, Object.keys(shape)),
      ]),
    ) as AgentImplementation<T>['facts'],
    applyEdit: (_artifact: never, base: never, delta) =>
      ({ ...(base as object), ...(delta as object) }) as unknown,
  };
}

function pick(value: unknown, names: string[]): { [fact: string]: unknown } {
  const members = (typeof value === 'object' && value !== null ? value : {}) as { [name: string]: unknown };
  return Object.fromEntries(names.flatMap((name) => (name in members ? [[name, members[name]]] : [])));
}
