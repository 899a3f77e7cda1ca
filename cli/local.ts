import { NativeConnection, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Logger } from 'pino';
import { createClient } from '../client/create-client.ts';
import type { BatonClient } from '../client/create-client.ts';
import { dataConverter } from '../client/data-converter.ts';
import type { Store } from '../contracts/ports.ts';
import { connectTo } from '../server/connect.ts';
import { startTemporalServer } from '../server/start-server.ts';
import type { TemporalServer } from '../server/start-server.ts';
import { bundleProcessWorkflow, startWorker } from '../worker/create-worker.ts';
import type { RunningWorker } from '../worker/create-worker.ts';
import type { Project } from '../worker/define-project.ts';
import { openLocalDoor } from './connect.ts';
import { createLogger } from './logger.ts';
import { openStoreOf, temporalFolder } from './open-folder.ts';
import { say } from './output.ts';
import type { Settings } from './settings.ts';

/** A worker with what it stands on, in this process. */
export interface Local extends AsyncDisposable {
  client: BatonClient;
  store: Store;
  server: TemporalServer;
  worker: RunningWorker;
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

/** The server that is named, that runs for this folder already, or a new one that ends with this process. */
export async function startServer(
  settings: Settings,
  options: { port?: number; uiPort?: number } = {},
): Promise<TemporalServer> {
  return startTemporalServer({
    folder: temporalFolder(settings),
    report: say,
    ...(settings.address !== undefined && {
      environment: { ...process.env, TEMPORAL_ADDRESS: settings.address },
    }),
    ...options,
  });
}

/** A server, a store and a worker: all that runs need. Resumes starts that crashed. */
export async function startLocal(settings: Settings, project: Project): Promise<Local> {
  await using parts = new AsyncDisposableStack();
  const logger = createLogger(settings);
  installRuntime(logger);
  // What can't be had is told before a server is started for it.
  const store = await openStoreOf(settings);
  parts.defer(async () => store.close());
  const door = openLocalDoor(settings);
  const server = parts.use(await startServer(settings));
  const native = await NativeConnection.connect({ address: server.address });
  parts.defer(async () => native.close());
  const connection = await connectTo(server.address);
  parts.defer(async () => connection.close());
  const { namespace, taskQueue } = settings;
  say('Bundling the workflow code …');
  const worker = await startWorker({ ...project, connection: native, store, namespace, taskQueue, logger });
  // How it ended is for whoever awaits `ended`.
  parts.defer(async () => worker.stop().catch(() => {}));
  const client = createClient({ connection, store, door, namespace, taskQueue });
  for (const { run, reason } of (await client.resumeStarts()).failed)
    logger.warn({ run, reason }, 'a start that was cut short could not be gone on with');
  const all = parts.move();
  return { client, store, server, worker, [Symbol.asyncDispose]: async () => all.disposeAsync() };
}

/** Whether today's code goes the way that a history went; null, or where it would go another. */
export async function replayHistory(history: History, run: string): Promise<string | null> {
  installRuntime(createLogger({ verbose: false }));
  try {
    await Worker.runReplayHistory(
      { workflowBundle: await bundleProcessWorkflow(), dataConverter },
      history,
      run,
    );
    return null;
  } catch (error) {
    if (error instanceof Error && error.name === 'DeterminismViolationError') return error.message;
    throw error;
  }
}
