import type { AgentImplementation, MakePorts } from '../agents/implement-agent.ts';
import { toFailure } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';

const endless = new WeakSet<AgentImplementation>();

/** Whether it was made by `neverEnds`: in memory nobody waits for its time to be over. */
export const isEndless = (implementation: AgentImplementation): boolean => endless.has(implementation);

/** An agent whose first attempts fail, so many of them, and that then works; `type` is what they fail with. */
export function failsTimes<T extends AgentImplementation>(
  implementation: T,
  times: number,
  type: FailureType = 'Agent.Failed',
): T {
  let left = times;
  const orFail =
    <Arguments extends unknown[], Result>(work: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      if (left <= 0) return work(...given);
      left -= 1;
      throw toFailure(type, `${implementation.agent.name} is broken for this test.`, {
        name: implementation.agent.name,
      });
    };
  const { make, graph } = implementation;
  return { ...implementation, ...(make && { make: orFail(make) }), ...(graph && { graph: orFail(graph) }) };
}

/** An agent that makes nothing until its time is over: give it a short `timeout` where it runs on a server. */
export function neverEnds<T extends AgentImplementation>(implementation: T): T {
  const { graph: _graph, ...rest } = implementation;
  const broken = {
    ...rest,
    make: async (_input: never, { signal }: MakePorts) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
  } as unknown as T;
  endless.add(broken);
  return broken;
}
