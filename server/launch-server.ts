import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo } from './connect.ts';
import { findFreePort } from './free-port.ts';
import { addSearchAttributes, readRetentionDays } from './inspect-server.ts';
import { describeError, ServerError } from './server-error.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

const namespace = 'default';
const portTaken = /address already in use|can't (set|use).*port/i;

/**
 * The dev server has one shard, and polls its queues 20 times a second: a hop would wait up to 50 ms. Timers, and with
 * them retries, are never due within the time shift, which allows for clocks of several hosts: here there is one. A
 * worker that schedules an activity and has room for it gets it with the answer, which spares the server the hand-over.
 */
const tuning = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.visibilityProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxTimeShift="10ms"',
  'system.enableActivityEagerExecution=true',
];

interface LaunchOptions {
  program: string;
  logFile: string;
  /** Folder to remove where this process ends without having stopped the server. */
  scratch?: string;
  retentionDays: number;
  /** File of the data; in memory otherwise. */
  database?: string;
  port?: number;
  uiPort?: number;
}

interface LaunchedServer {
  address: string;
  uiUrl?: string;
  clusterId: string;
  process: ServerProcess;
}

/** Starts the program and waits until it serves: not only its port, but the shard that runs live on. */
export async function launchServer(options: LaunchOptions): Promise<LaunchedServer> {
  // A free port can be taken by another program before the server listens on it; so can its internal ones.
  for (let attemptsLeft = 3; ; attemptsLeft -= 1) {
    const port = options.port ?? (await findFreePort());
    const uiPort = options.uiPort === 0 ? await findFreePort() : options.uiPort;
    const address = `127.0.0.1:${port}`;
    const process = await spawnServer(options, port, uiPort);
    try {
      const clusterId = await prepare(address, process, options.retentionDays);
      return {
        address,
        clusterId,
        process,
        ...(uiPort === undefined ? {} : { uiUrl: `http://127.0.0.1:${uiPort}` }),
      };
    } catch (error) {
      const portWasTaken = process.ended() !== undefined && portTaken.test(process.readLogTail());
      await process.end('kill');
      if (portWasTaken && attemptsLeft > 1) continue;
      throw error;
    }
  }
}

async function spawnServer(
  { program, logFile, scratch, database }: LaunchOptions,
  port: number,
  uiPort: number | undefined,
): Promise<ServerProcess> {
  const parameters = [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(database === undefined ? [] : ['--db-filename', database]),
    ...tuning.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
  try {
    return await startProcess(program, parameters, logFile, scratch);
  } catch (error) {
    throw new ServerError('Server.StartFailed', `${program} can't be started (${describeError(error)}).`, {
      cause: error,
    });
  }
}

async function prepare(address: string, process: ServerProcess, retentionDays: number): Promise<string> {
  const connection = await waitUntilServing(address, process);
  try {
    await addSearchAttributes(connection, namespace);
    if ((await readRetentionDays(connection, namespace)) !== retentionDays) {
      await connection.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: msToTs(`${retentionDays} days`) },
      });
    }
    const { clusterId } = await connection.workflowService.getClusterInfo({});
    return clusterId ?? '';
  } catch (error) {
    throw startFailed(process, describeError(error), error);
  } finally {
    await connection.close();
  }
}

async function waitUntilServing(address: string, process: ServerProcess): Promise<Connection> {
  const deadline = Date.now() + 120_000;
  let lastError: unknown = new Error('nothing answered yet');
  while (Date.now() < deadline) {
    const ending = process.ended();
    if (ending !== undefined) throw startFailed(process, `it ${ending}`);
    try {
      const connection = await connectTo(address);
      if (await servesRuns(connection)) return connection;
      await connection.close();
    } catch (error) {
      lastError = error;
    }
    await sleep(20);
  }
  throw startFailed(process, `it doesn't answer at ${address} after two minutes`, lastError);
}

/** Asking for a run that isn't there reaches the history service, which is up after the port is. */
async function servesRuns(connection: Connection): Promise<boolean> {
  try {
    await connection.workflowService.describeWorkflowExecution({
      namespace,
      execution: { workflowId: 'baton-readiness-probe' },
    });
    return true;
  } catch (error) {
    return (error as { code?: number }).code === 5;
  }
}

function startFailed(process: ServerProcess, reason: string, cause?: unknown): ServerError {
  const log = process.readLogTail();
  const message = `The Temporal server could not be started: ${reason}.${log ? ` Last lines of its log:\n${log}` : ''}`;
  return new ServerError('Server.StartFailed', message, { cause });
}
