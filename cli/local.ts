import { NativeConnection, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createClient } from '../client/create-client.ts';
import type { BatonClient } from '../client/create-client.ts';
import type { Door } from '../client/door.ts';
import type { Store } from '../contracts/ports.ts';
import { connectTo } from '../server/connect.ts';
import { startTemporalServer } from '../server/start-server.ts';
import { openStore } from '../store/open-store.ts';
import { startWorker } from '../worker/create-worker.ts';
import type { RunningWorker } from '../worker/create-worker.ts';
import type { Project } from '../worker/define-project.ts';
import { createLogger, openLocalDoor, storeFolder, temporalFolder } from './connect.ts';
import { say } from './output.ts';
import type { Settings } from './settings.ts';

/** A server, a store and a worker in this process: all that runs need, for development. */
export interface Local extends AsyncDisposable {
  client: BatonClient;
  store: Store;
  door: Door;
  address: string;
  uiUrl?: string;
  worker: RunningWorker;
  stop(): Promise<void>;
}

let installed = false;

/** Temporal's own log lines join Baton's, and are as quiet. Once a process. */
function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) =>
    logger[level]({ from: 'temporal', ...meta }, message);
  Runtime.install({
    logger: {
      log: (_level, message, meta) => write('info')(message, meta),
      trace: write('debug'),
      debug: write('debug'),
      info: write('debug'),
      warn: write('warn'),
      error: write('error'),
    },
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
    shutdownSignals: [],
  });
}

export async function startLocal(
  settings: Settings,
  project: Project,
  options: { port?: number; uiPort?: number; bundle?: WorkflowBundle } = {},
): Promise<Local> {
  const logger = createLogger(settings);
  installRuntime(logger);
  const server = await startTemporalServer({
    folder: temporalFolder(settings),
    report: say,
    ...(settings.address !== undefined && {
      environment: { ...process.env, TEMPORAL_ADDRESS: settings.address },
    }),
    ...(options.port !== undefined && { port: options.port }),
    ...(options.uiPort !== undefined && { uiPort: options.uiPort }),
  });
  const store = await openStore({ folder: storeFolder(settings) });
  const native = await NativeConnection.connect({ address: server.address });
  const connection = await connectTo(server.address);
  const door = openLocalDoor(settings);
  const { namespace, taskQueue } = settings;
  const worker = await startWorker({
    connection: native,
    store,
    agents: project.agents,
    connectors: project.connectors ?? {},
    ...(project.data && { data: project.data }),
    ...(project.models && { models: project.models }),
    ...(options.bundle && { bundle: options.bundle }),
    namespace,
    taskQueue,
    logger,
  });
  const stop = async (): Promise<void> => {
    await worker.stop();
    await native.close();
    await connection.close();
    await store.close();
    await server.stop();
  };
  return {
    client: createClient({ connection, store, door, namespace, taskQueue }),
    store,
    door,
    address: server.address,
    ...(server.uiUrl !== undefined && { uiUrl: server.uiUrl }),
    worker,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
