import { fileURLToPath } from 'node:url';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { NativeConnection, WorkflowBundle } from '@temporalio/worker';
import type { DataConverter } from '@temporalio/common';
import type { Logger } from 'pino';
import { createActivities } from '../activities/create-activities.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import { createDatasetLocator, createDatasetReader } from '../agents/data-gathering/read-dataset.ts';
import type { DataFolders } from '../agents/data-gathering/read-dataset.ts';
import { dataConverter } from '../client/data-converter.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Connector, Store } from '../contracts/ports.ts';
import type { Process } from '../contracts/process-types.ts';
import { reserveNested } from '../client/reserve-nested.ts';
import { createReserve } from './reserve.ts';
import { createComputePool } from './compute-pool.ts';
import { keepSpreads } from './keep-spreads.ts';
import { giveCredentials } from './give-credentials.ts';

export interface WorkerOptions {
  connection: NativeConnection;
  store: Store;
  /** What schedules may start here; a run under way has its process with it. */
  processes?: readonly Process[];
  agents: readonly AgentImplementation[];
  connectors?: { readonly [name: string]: Connector };
  /** Where the credentials of connectors are read from, once; the environment of this process unless given. */
  environment?: { readonly [name: string]: string | undefined };
  /** 'default' unless given. */
  namespace?: string;
  /** 'baton' unless given. */
  taskQueue?: string;
  /** Where data sets may be read from; nowhere unless given. */
  data?: Partial<DataFolders>;
  /** Language models by route; `default` is the one that an agent gets unless it names another. */
  models?: { readonly [route: string]: BaseChatModel };
  logger: Logger;
  /** Threads for heavy computing; one a core unless given. */
  threads?: number;
  /** A module with hand-written workflows; it has to export the process workflow as its default too. */
  workflowsPath?: string;
  /** As `bundleProcessWorkflow` made it; saves bundling again. */
  bundle?: WorkflowBundle;
  /** For tests: workflows kept in memory between their tasks. */
  maxCachedWorkflows?: number;
  /** For tests: Baton's own, with something around it. */
  dataConverter?: DataConverter;
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

const workflowModule = (name: string): string =>
  fileURLToPath(new URL(`../workflows/${name}.${extension}`, import.meta.url));

/** Where the process workflow lies, for a bundler. */
export const processWorkflowPath = workflowModule('process');

// Loaded and warmed up once a worker, not once a run, which would cost a quarter of a run's work. They can be shared as
// they keep nothing of a run but in weak maps keyed by its objects.
const bundlerOptions = { preloadModules: [workflowModule('kernel')], webpackConfigHook: keepSpreads };
const ownBundlerOptions = {
  ...bundlerOptions,
  preloadModules: [workflowModule('short-traces'), workflowModule('kernel')],
};

/** Bundles the workflow code once, for several workers or replays. */
export async function bundleProcessWorkflow(workflowsPath = processWorkflowPath): Promise<WorkflowBundle> {
  const { payloadConverterPath } = dataConverter;
  return bundleWorkflowCode({
    workflowsPath,
    ...(payloadConverterPath !== undefined && { payloadConverterPath }),
    ...(workflowsPath === processWorkflowPath ? ownBundlerOptions : bundlerOptions),
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
}

export interface RunningWorker {
  readonly worker: Worker;
  /** Settles when the worker has ended; rejects with `Worker.None` where it died: nothing is worked on any more. */
  readonly ended: Promise<void>;
  /** Ends the worker after its activities have drained. */
  stop(): Promise<void>;
}

/** A Temporal worker with everything that runs of these agents need; polls at once. Throws `Credential.Missing`. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const agents = indexAgents(options.agents);
  const connectors = giveCredentials(options.connectors ?? {}, options.environment ?? process.env);
  const pool = createComputePool(options.threads === undefined ? {} : { threads: options.threads });
  const folders = { named: options.data?.named ?? {}, folders: options.data?.folders ?? [] };
  const readData = createDatasetReader(folders);
  const locateData = createDatasetLocator(folders);
  const portsOf: Dependencies['portsOf'] = (implementation, logger) => ({
    compute: pool.computeOf(implementation),
    readData,
    locateData,
    model: (route = 'default') => findModel(options.models ?? {}, route),
    log: (fields, message) => logger.info(fields, message),
  });
  const dependencies: Dependencies = {
    store: options.store,
    agents,
    connectors,
    portsOf,
    reserve: createReserve(options.store, options.processes ?? []),
    reserveNested: async (nested, values) => reserveNested(options.store, nested, values),
    logger: options.logger,
  };
  const worker = await Worker.create({
    connection: options.connection,
    namespace: options.namespace ?? 'default',
    taskQueue: options.taskQueue ?? 'baton',
    ...(options.bundle || options.workflowsPath === undefined
      ? { workflowBundle: options.bundle ?? (await bundleProcessWorkflow()) }
      : { workflowsPath: options.workflowsPath, bundlerOptions }),
    activities: { ...createActivities(dependencies) },
    dataConverter: options.dataConverter ?? dataConverter,
    // A killed worker is noticed by its silence: the SDK would otherwise hold heartbeats back for up to a minute.
    maxHeartbeatThrottleInterval: 1000,
    ...(options.maxCachedWorkflows !== undefined && { maxCachedWorkflows: options.maxCachedWorkflows }),
  }).catch(async (error: unknown) => {
    await pool.close();
    throw error;
  });
  const ended = worker
    .run()
    .finally(async () => pool.close())
    .catch((cause: unknown) => {
      options.logger.error({ error: cause }, 'worker died');
      const why = cause instanceof Error ? cause.message : String(cause);
      throw toFailure('Worker.None', `The worker of this process died: ${why}`, { cause });
    });
  // Whoever awaits `ended` sees the error; nobody awaiting it must not end the process.
  ended.catch(() => {});
  return {
    worker,
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

function indexAgents(agents: readonly AgentImplementation[]): Map<string, AgentImplementation> {
  const index = new Map<string, AgentImplementation>();
  for (const implementation of agents) {
    const { name } = implementation.agent;
    if (index.has(name))
      throw toFailure('Process.Invalid', `Two agents are called ${name}: name one of them otherwise.`, {
        name,
      });
    index.set(name, implementation);
  }
  return index;
}

function findModel(models: { readonly [route: string]: BaseChatModel }, route: string): BaseChatModel {
  const model = models[route];
  if (model) return model;
  throw toFailure('Agent.NoModel', `This worker has no language model for the route ${route}.`, {
    name: route,
  });
}
