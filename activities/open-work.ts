import type { Logger } from 'pino';
import type { AgentImplementation, GraphPorts } from '../agents/implement-agent.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunAgentInput, Stepped } from '../contracts/messages.ts';
import type { Question } from '../contracts/outcome.ts';
import { hasEnded, prepareGraph } from './prepare-graph.ts';
import { openFunction } from './run-function.ts';
import { runGraph } from './run-graph.ts';
import { SnapshotSaver } from './snapshot-saver.ts';

export type WorkEnd =
  | { kind: 'done'; values: { [artifact: string]: unknown } }
  | { kind: 'asks'; questions: Question[] }
  | Stepped;

export interface WorkRequest {
  input: () => Promise<JsonObject>;
  answers: { [question: string]: Json } | undefined;
  signal: AbortSignal;
  step?: RunAgentInput['step'];
}

/** What an agent does in one attempt, be it a graph or a function. */
export interface Work {
  /** `scheduled` of the attempt that saved what this one goes on from. */
  readonly before: number | undefined;
  /** Goes on from where the snapshot left it, until it is done or asks. What ends it is not yet saved. */
  run(request: WorkRequest): Promise<WorkEnd>;
  /** The snapshot of where it stands. */
  content(): Uint8Array;
}

export interface WorkOptions {
  ports: GraphPorts;
  logger: Logger;
  /** Names the task under its key, the same for each attempt. */
  thread: string;
  save: (content: Uint8Array) => Promise<void>;
  /** Told the nodes of the graph that are under way, each time that one begins. */
  reach?: (nodes: readonly string[]) => void;
  /** When this attempt was scheduled, in milliseconds by the server's clock; kept with what it saves. */
  scheduled?: number;
  /** As `save` was handed it. */
  saved?: Uint8Array | undefined;
}

/** Takes an agent's work up, from its last snapshot where there is one. */
export function openWork({ agent, graph: makeGraph, make }: AgentImplementation, options: WorkOptions): Work {
  if (make) return openFunction(agent, make, options);
  const { ports, logger, thread, save, reach = () => {}, scheduled, saved } = options;
  const graph = prepareGraph(agent.name, makeGraph!, ports, logger);
  const saver = new SnapshotSaver({
    save,
    isLast: (checkpoint) => hasEnded(graph, checkpoint),
    ...(scheduled !== undefined && { scheduled }),
    ...(saved && { saved }),
  });
  graph.checkpointer = saver;
  return {
    before: saver.before,
    run: async (request) => {
      const { progress } = ports;
      return runGraph({ task: agent.name, thread, graph, saver, progress, reach, ...request });
    },
    content: () => saver.content(),
  };
}
