import { existsSync } from 'node:fs';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { Pregel } from '@langchain/langgraph';
import type { Agent, AgentFacts, AgentInput, AgentOutput } from '../contracts/define-agent.ts';
import type { Json } from '../contracts/json.ts';
import type { Explain } from '../contracts/origin.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Compute } from '../contracts/ports.ts';
import type { Progress } from '../contracts/progress.ts';

/** The outside, as a graph may reach it. */
export interface GraphPorts {
  /** Runs an export of the agent's own `jobs` module, by its bare name, on another thread. */
  compute: Compute;
  /** Throws `Data.NotFound`, `Data.NotAllowed`, `Data.TooLarge`. */
  readData: (dataset: string) => Promise<DataFile>;
  /** The path of a data set that is too large to be read as a whole. Throws `Data.NotFound`, `Data.NotAllowed`. */
  locateData: (dataset: string) => Promise<string>;
  /** The language model of a route; the default route unless named. */
  model: (route?: string) => BaseChatModel;
  /** One structured line; run, task and attempt are added. */
  log: (fields: { [field: string]: Json }, message: string) => void;
  /** Tells whoever follows the run how far this is; costs little, never throws, and is kept nowhere once it has ended. */
  progress: (said: Progress) => void;
}

export interface DataFile {
  bytes: Uint8Array;
  name: string;
  mediaType: string;
}

// LangGraph's graph types can't be written without their nodes and channels, which are the implementer's own.
// oxlint-disable-next-line typescript/no-explicit-any
export type CompiledGraph = Pregel<any, any, any, any, any, any, any, any, any, any, any>;

/** The outside, as an agent that is a function may reach it. */
export interface MakePorts extends GraphPorts {
  /** Aborted where what it makes is not wanted any more. */
  signal: AbortSignal;
}

type Make<T extends Agent> = (
  input: AgentInput<T>,
  ports: MakePorts,
) => AgentOutput<T> | Promise<AgentOutput<T>>;

export type ApplyEdit<T extends Agent> = (
  artifact: keyof AgentOutput<T>,
  base: AgentOutput<T>[keyof AgentOutput<T>],
  delta: Json,
) => AgentOutput<T>[keyof AgentOutput<T>] | Promise<AgentOutput<T>[keyof AgentOutput<T>]>;

/** What an artifact was made from, as far as it is there. */
type NeedsOf<T extends Agent> = Partial<Omit<AgentInput<T>, 'adjust' | 'words'>>;

type DrawPreviews<T extends Agent> = {
  [Artifact in keyof AgentOutput<T>]?: (
    value: AgentOutput<T>[Artifact],
    needs: NeedsOf<T>,
  ) => string | null | Promise<string | null>;
};

type ExplainFigures<T extends Agent> = {
  [Artifact in keyof AgentOutput<T>]?: Explain<AgentOutput<T>[Artifact], NeedsOf<T>>;
};

type ReadFacts<T extends Agent> = {
  [Artifact in keyof AgentFacts<T> & keyof AgentOutput<T>]: (
    value: AgentOutput<T>[Artifact],
  ) => AgentFacts<T>[Artifact];
};

export interface AgentImplementation<T extends Agent = Agent> {
  readonly agent: T;
  /**
   * Makes the compiled graph, afresh for each attempt; Baton sets its checkpointer.
   * It is invoked with `AgentInput`, and its final state holds the produced artifacts by name.
   */
  readonly graph?: (ports: GraphPorts) => CompiledGraph;
  /** In place of a graph: given `AgentInput`, returns the produced artifacts by name. */
  readonly make?: (input: never, ports: MakePorts) => unknown;
  /** By artifact that declares facts: reads them off its value. */
  readonly facts: { readonly [artifact: string]: (value: never) => { [fact: string]: unknown } };
  /** Makes the new value that an edit asks for; a throw refuses the edit. */
  readonly applyEdit?: (artifact: never, base: never, delta: Json) => unknown;
  /**
   * By artifact: a page (HTML that needs nothing else) for whoever is asked about it, from it and what it was made
   * from; null where there is nothing to show.
   */
  readonly previews?: {
    readonly [artifact: string]: (value: never, needs: never) => string | null | Promise<string | null>;
  };
  /** By artifact: says where what stands at a place of it comes from. */
  readonly explain?: { readonly [artifact: string]: Explain<never, never> };
  /** A module whose exported functions are the agent's jobs for `compute`, such as `new URL('./jobs.ts', import.meta.url)`. */
  readonly jobs?: URL;
}

export type Implementation<T extends Agent> = (
  | { graph: (ports: GraphPorts) => CompiledGraph; make?: never }
  | { make: Make<T>; graph?: never }
) & {
  applyEdit?: ApplyEdit<T>;
  previews?: DrawPreviews<T>;
  explain?: ExplainFigures<T>;
  jobs?: URL;
} & (keyof AgentFacts<T> extends never ? { facts?: Record<never, never> } : { facts: ReadFacts<T> });

/**
 * Gives an agent its graph, or its function, the facts of what it makes, and how a person's edit is applied. Throws
 * `Process.Invalid` where it is given both, or neither.
 */
export function implementAgent<T extends Agent>(
  agent: T,
  implementation: Implementation<T>,
): AgentImplementation<T> {
  return {
    agent,
    ...readWork(agent.name, implementation),
    facts: (implementation.facts ?? {}) as AgentImplementation<T>['facts'],
    ...(implementation.applyEdit ? { applyEdit: implementation.applyEdit } : {}),
    ...(implementation.previews
      ? { previews: implementation.previews as NonNullable<AgentImplementation<T>['previews']> }
      : {}),
    ...(implementation.explain
      ? { explain: implementation.explain as NonNullable<AgentImplementation<T>['explain']> }
      : {}),
    ...(implementation.jobs ? { jobs: findCompiled(implementation.jobs) } : {}),
  };
}

type AgentWork = Pick<AgentImplementation, 'graph' | 'make'>;

function readWork(name: string, { graph, make }: AgentWork): AgentWork {
  if (graph && !make) return { graph };
  if (make && !graph) return { make };
  const fault = graph ? 'both a graph and a function' : 'neither a graph nor a function';
  throw toFailure('Process.Invalid', `The agent ${name} has ${fault}: give it \`graph\` or \`make\`.`, {
    name,
  });
}

// Compiling rewrites the extensions of imports, and not those of URLs.
function findCompiled(module: URL): URL {
  if (!module.pathname.endsWith('.ts') || existsSync(module)) return module;
  return new URL(module.href.replace(/\.ts$/, '.js'));
}
