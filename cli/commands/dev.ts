import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../exit-codes.ts';
import type { StartOptions, TemporalServer } from '../../server/start-server.ts';
import { aborted, withInterrupt } from '../interrupt.ts';
import { keepServer } from '../keep-server.ts';
import type { KeptServer } from '../keep-server.ts';
import { temporalFolder } from '../open-folder.ts';
import { paint, print, printJson, say } from '../output.ts';
import { findProjectFile } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { watchProject } from '../watch-project.ts';
import { startWorkerProcess } from '../worker-process.ts';
import type { WorkerProcess } from '../worker-process.ts';

export interface DevOptions {
  port?: string;
  uiPort?: string;
}

/** Milliseconds before a worker that ended by itself is started again; doubled each time, up to the most. */
const pause = { first: 1000, most: 30_000 };

/** Server and worker until Ctrl+C; a worker for each version of the code, the former one until the next is ready. */
export async function dev(settings: Settings, options: DevOptions): Promise<void> {
  const file = findProjectFile(settings);
  await withInterrupt(async (signal) => {
    const start: StartOptions = {
      folder: temporalFolder(settings),
      report: say,
      uiPort: readPort(options.uiPort, '--ui-port') ?? 0,
      ...(options.port !== undefined && { port: readPort(options.port, '--port')! }),
      ...(settings.address !== undefined && {
        environment: { ...process.env, TEMPORAL_ADDRESS: settings.address },
      }),
    };
    say('Finding or starting the Temporal server …');
    await using kept = await keepServer(start);
    printServer(settings, kept.server);
    await keepWorker(settings, path.dirname(file), signal, kept);
  });
  print('Ended; runs that were under way go on with the next worker.');
}

function printServer(settings: Settings, { address, uiUrl, owned }: TemporalServer): void {
  print(`${paint('dim', 'server')}      ${address}${owned ? '' : ', which ran already'}`);
  if (uiUrl !== undefined) print(`${paint('dim', 'its page')}    ${uiUrl}`);
  print(`${paint('dim', 'task queue')}  ${settings.taskQueue}, namespace ${settings.namespace}`);
  print(`${paint('dim', 'kept in')}     ${settings.folder}`);
  if (settings.json)
    printJson({ address, uiUrl: uiUrl ?? null, taskQueue: settings.taskQueue, pid: process.pid });
}

async function keepWorker(
  settings: Settings,
  folder: string,
  signal: AbortSignal,
  server: KeptServer,
): Promise<void> {
  let wake = (): void => {};
  const changes: string[] = [];
  const watcher = watchProject(folder, (files) => {
    changes.push(...files);
    wake();
  });
  const changed = async (): Promise<void> => {
    if (changes.length === 0) await new Promise<void>((resolve) => (wake = resolve));
  };
  // A worker that polls finds a server again by itself, unless that is elsewhere now.
  const needed = async (polled: string | null): Promise<void> => {
    while ((await server.restored()) === polled);
  };
  const ended = aborted(signal);
  const alive = new Set<WorkerProcess>();
  const launch = (address: string): WorkerProcess => {
    const worker = startWorkerProcess(settings, address);
    alive.add(worker);
    void worker.ended.then(() => alive.delete(worker));
    return worker;
  };
  let current: WorkerProcess | undefined;
  let rest = pause.first;
  try {
    while (!signal.aborted) {
      const address = await Promise.race([server.address(), ended]);
      if (address === undefined) break;
      say('Starting a worker …');
      const begun = performance.now();
      const latest = launch(address);
      const ready = await Promise.race([latest.ready, ended]);
      if (ready) {
        const duration = Math.round(performance.now() - begun);
        say(`Worker ready after ${duration} ms; watching ${folder} for changes.`);
        // It ends what it has begun, while the new one takes up what comes.
        void current?.stop();
        current = latest;
      } else if (ready === false) say(whatNow(current));
      const why = await Promise.race([
        ended.then(() => 'end'),
        changed().then(() => 'change'),
        ...(current ? [current.ended.then(() => 'crash')] : []),
        needed(current ? address : null).then(() => 'server'),
      ]);
      if (why === 'change')
        say(`Changed: ${[...new Set(changes.splice(0))].join(', ')}. Starting a worker with the new code.`);
      // What polls where no server is any more takes up nothing.
      if (why === 'server') void current?.stop();
      if (why === 'server' || why === 'crash') current = undefined;
      rest = why === 'crash' ? Math.min(rest * 2, pause.most) : pause.first;
      if (why === 'crash') {
        say(`The worker ended by itself; starting it again in ${rest / 1000} s.`);
        await Promise.race([sleep(rest), ended, changed()]);
      }
    }
  } finally {
    watcher.close();
    await Promise.all([...alive].map(async (worker) => worker.stop()));
  }
}

function whatNow(former: WorkerProcess | undefined): string {
  return former
    ? 'The worker did not start with the new code: mend what is named above. The one from before goes on meanwhile.'
    : 'The worker did not start: mend what is named above; it starts with the next change.';
}

function readPort(given: string | undefined, option: string): number | undefined {
  if (given === undefined) return undefined;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new UsageError(`${option} ${given} is no port: give a number from 0 to 65535.`);
}
