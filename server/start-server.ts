import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { connectTo } from './connect.ts';
import { withExclusiveLock } from './exclusive-lock.ts';
import { isPortFree } from './free-port.ts';
import { launchServer } from './launch-server.ts';
import { makeFolder } from '../store/make-folder.ts';
import { type ResolveOptions, resolveTemporalProgram } from './resolve-program.ts';
import { findRunningServer, forgetRunningServer, saveRunningServer } from './running-server.ts';
import { describeError, ServerError } from './server-error.ts';

export interface StartOptions extends ResolveOptions {
  /** Data and log are kept here, and a server that serves it already is used; in memory otherwise. */
  folder?: string;
  /** A free one otherwise. */
  port?: number;
  /** Temporal's own web page is served there (0: a free port); no page otherwise. */
  uiPort?: number;
  /** `temporal.log` in the folder otherwise. */
  logFile?: string;
  /** Days that closed runs are kept; 30 otherwise. */
  retentionDays?: number;
}

export interface TemporalServer extends AsyncDisposable {
  /** host:port */
  address: string;
  uiUrl?: string;
  /** Undefined where the server was named by TEMPORAL_ADDRESS. */
  pid?: number;
  /** Whether this call started it. Only then does stop() end it. */
  owned: boolean;
  /** Settles with how it ended, where this call started it. */
  ended?: Promise<string>;
  stop(): Promise<void>;
}

/**
 * A Temporal server on 127.0.0.1, ready for work: tuned, search attributes registered, closed runs kept. It ends with
 * stop(), or with this process. Throws `Server.NotFound`, `Server.PortInUse`, `Server.StartFailed` or, for a server
 * named by TEMPORAL_ADDRESS, `Server.Unreachable`.
 */
export async function startTemporalServer(options: StartOptions = {}): Promise<TemporalServer> {
  const folder = options.folder === undefined ? undefined : resolve(options.folder);
  if (folder === undefined) return start(options, undefined);
  try {
    makeFolder(folder);
    return await withExclusiveLock(
      join(folder, 'temporal.lock'),
      () => start(options, folder),
      () => options.report?.(`waiting for another process that starts the server of ${folder}`),
    );
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw new ServerError(
      'Server.StartFailed',
      `Temporal's data can't be kept in ${folder} (${describeError(error)}). Give a folder that may be written to.`,
      { cause: error },
    );
  }
}

async function start(options: StartOptions, folder: string | undefined): Promise<TemporalServer> {
  const report = options.report ?? (() => {});
  const program = await resolveTemporalProgram(options);
  if (program.source === 'address') {
    await (await connectTo(program.address)).close();
    return borrow({ address: program.address });
  }
  const running = folder === undefined ? undefined : await findRunningServer(folder);
  if (running) {
    report(`using the Temporal server that runs already at ${running.address} (process ${running.pid})`);
    const { address, uiUrl, pid } = running;
    return borrow({ address, pid, ...(uiUrl ? { uiUrl } : {}) });
  }
  for (const port of [options.port, options.uiPort]) if (port) await claimPort(port);

  const scratch = folder === undefined ? await mkdtemp(join(tmpdir(), 'baton-temporal-')) : undefined;
  const dispose = async () => {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
    if (folder !== undefined) await forgetRunningServer(folder);
  };
  try {
    const logFile = options.logFile ?? join(folder ?? scratch ?? '', 'temporal.log');
    makeFolder(dirname(logFile));
    const server = await launchServer({
      program: program.program,
      logFile,
      retentionDays: options.retentionDays ?? 30,
      ...(scratch === undefined ? {} : { scratch }),
      ...(folder === undefined ? {} : { database: join(folder, 'temporal.db') }),
      ...(options.port ? { port: options.port } : {}),
      ...(options.uiPort === undefined ? {} : { uiPort: options.uiPort }),
    });
    const { address, uiUrl, clusterId } = server;
    const { pid, exited: ended } = server.process;
    if (folder !== undefined) {
      await saveRunningServer(folder, { address, pid, clusterId, ...(uiUrl ? { uiUrl } : {}) });
    }
    const stop = async () => {
      await server.process.end(folder === undefined ? 'kill' : 'terminate');
      await dispose();
    };
    const started = { address, pid, owned: true, ended, stop, [Symbol.asyncDispose]: stop };
    return { ...started, ...(uiUrl ? { uiUrl } : {}) };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function borrow(server: { address: string; uiUrl?: string; pid?: number }): TemporalServer {
  const stop = () => Promise.resolve();
  return { ...server, owned: false, stop, [Symbol.asyncDispose]: stop };
}

async function claimPort(port: number): Promise<void> {
  let free: boolean;
  try {
    free = await isPortFree(port);
  } catch (error) {
    throw new ServerError(
      'Server.StartFailed',
      `Port ${port} of 127.0.0.1 can't be used (${describeError(error)}). Choose another port.`,
      { cause: error },
    );
  }
  if (free) return;
  const isTemporal = await connectTo(`127.0.0.1:${port}`, { connectTimeout: 1_000 }).then(
    (connection) => connection.close().then(() => true),
    () => false,
  );
  throw new ServerError(
    'Server.PortInUse',
    isTemporal
      ? `A Temporal server already runs on 127.0.0.1:${port}. Set TEMPORAL_ADDRESS=127.0.0.1:${port} to use it, or choose another port.`
      : `Port ${port} of 127.0.0.1 is in use by another program. Choose another port, or end that program.`,
  );
}
