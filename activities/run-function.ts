import type { MakePorts } from '../agents/implement-agent.ts';
import type { Agent } from '../contracts/define-agent.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Work, WorkOptions } from './open-work.ts';

interface Saved {
  version: 1;
  scheduled?: number | undefined;
  /** By artifact: what the function returned. A graph's snapshot has none. */
  made?: { [artifact: string]: unknown } | undefined;
}

/** The work of an agent that is a function: run once, and read back where an earlier attempt's end was saved. */
export function openFunction(
  agent: Agent,
  make: (input: never, ports: MakePorts) => unknown,
  { ports, scheduled, saved }: WorkOptions,
): Work {
  const before = saved ? (JSON.parse(Buffer.from(saved).toString()) as Saved) : undefined;
  let made = before?.made;
  return {
    before: before?.scheduled,
    async run({ input, signal }) {
      const given = made ? undefined : await input();
      signal.throwIfAborted();
      made ??= readMade(agent, await unlessAborted(signal, make(given as never, { ...ports, signal })));
      return { kind: 'done', values: made };
    },
    content: () => new Uint8Array(Buffer.from(JSON.stringify({ version: 1, scheduled, made }))),
  };
}

/** A function that does not listen to its signal must not keep an attempt that nobody wants. */
async function unlessAborted(signal: AbortSignal, work: unknown): Promise<unknown> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function readMade({ name, produces }: Agent, made: unknown): { [artifact: string]: unknown } {
  if (typeof made !== 'object' || made === null)
    throw toFailure('Agent.InvalidOutput', `${name} returned no object of what it makes.`, { name });
  const artifacts = made as { [artifact: string]: unknown };
  return Object.fromEntries(Object.keys(produces).map((artifact) => [artifact, artifacts[artifact]]));
}
