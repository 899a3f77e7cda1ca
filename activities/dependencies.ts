import type { Logger } from 'pino';
import type { AgentImplementation, GraphPorts } from '../agents/implement-agent.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { NestedStart, ReservedStart } from '../contracts/starts.ts';
import type { Connector, Store } from '../contracts/ports.ts';

/** What the activities of one worker work with. */
export interface Dependencies {
  store: Store;
  agents: ReadonlyMap<string, AgentImplementation>;
  connectors: { readonly [name: string]: Connector };
  /** The outside, as the graphs of this agent may reach it. */
  portsOf(agent: AgentImplementation, logger: Logger): Omit<GraphPorts, 'progress'>;
  /** Reserves a run of a process of this worker. Throws `Process.Unknown`, `Input.Invalid`. */
  reserve: (
    process: string,
    input: JsonObject,
    options: { key: string; by: string; trusted: string[] },
  ) => Promise<ReservedStart>;
  /** Reserves the run of a task that is a process, or takes it up again. Throws `Input.Invalid`, `Run.Closing`. */
  reserveNested: (nested: NestedStart, values: JsonObject) => Promise<ReservedStart>;
  logger: Logger;
  /** Milliseconds for which an activity waits for a store that is unavailable; 30 s unless given. */
  patience?: number;
}
