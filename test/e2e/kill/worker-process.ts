import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { bundleProcessWorkflow } from '../../../worker/create-worker.ts';
import { startProgram } from './child-process.ts';
import type { Program } from './child-process.ts';
import type { Reply, Request, WorkerOrder } from './processes/worker.ts';

/** A process in which workers run. */
export interface WorkerProcess extends Pick<Program, 'child' | 'ended' | 'kill'>, AsyncDisposable {
  /** Settles once the worker polls, or once the process has ended, whichever is first. */
  start(order: WorkerOrder): Promise<void>;
  stop(taskQueue: string): Promise<void>;
}

let free = availableParallelism();
const queue: (() => void)[] = [];

/** Starts a process once a core is free to load it: they are many, and each is quick only by itself. */
export async function startWorkerProcess(): Promise<WorkerProcess> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => queue.push(resolve));
  const { child, ended, kill, ready } = startProgram('worker');
  void ready
    .catch(() => {})
    .finally(() => {
      const next = queue.shift();
      if (next) next();
      else free++;
    });
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  child.on('message', (reply: Reply | 'ready') => {
    if (reply === 'ready') return;
    if ('failed' in reply) waiting.get(reply.failed)?.reject(new Error(reply.error));
    else waiting.get('started' in reply ? reply.started : reply.stopped)?.resolve();
  });
  const ask = async (name: string, request: Request): Promise<void> => {
    await ready;
    const answered = new Promise<void>((resolve, reject) => waiting.set(name, { resolve, reject }));
    child.send(request);
    await Promise.race([answered, ended]);
  };
  return {
    child,
    ended,
    kill,
    start: async (order) => ask(order.taskQueue, { start: order }),
    stop: async (taskQueue) => ask(taskQueue, { stop: taskQueue }),
    [Symbol.asyncDispose]: kill,
  };
}

let written: Promise<{ folder: string; file: string }> | undefined;

/** The file with the bundled workflow code, bundled once for all workers that this process starts. */
export async function writeBundle(): Promise<string> {
  written ??= (async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'baton-bundle-'));
    const file = path.join(folder, 'workflows.cjs');
    await writeFile(file, (await bundleProcessWorkflow()).code);
    return { folder, file };
  })();
  return (await written).file;
}

/** Removes what `writeBundle` wrote. */
export async function removeBundle(): Promise<void> {
  if (written) await rm((await written).folder, { recursive: true, force: true });
  written = undefined;
}
