import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProcessWorkflow } from '../../../worker/create-worker.ts';
import { bundleProgram } from './bundle-program.ts';
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
  const { program, compiled } = await makeWorkshop();
  const { child, ended, kill, ready } = startProgram('worker', program, { NODE_COMPILE_CACHE: compiled });
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
    child.send(request, () => {});
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

/** What the workers that this process starts have in common. */
interface Workshop {
  folder: string;
  /** A worker's program, in one file. */
  program: string;
  /** Where compiled code is kept between the many starts of the program. */
  compiled: string;
  /** The bundled workflow code. */
  workflows: string;
  /** The same, with executions of a few steps. */
  short: string;
}

const shortWorkflow = fileURLToPath(new URL('../continue/short-workflow.ts', import.meta.url));
const parent = path.resolve(import.meta.dirname, '../../../.baton');
let workshop: Promise<Workshop> | undefined;

/** Makes it once; inside the project, so that packages resolve, where git does not see it. */
export async function makeWorkshop(): Promise<Workshop> {
  workshop ??= (async () => {
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(path.join(parent, 'kill-'));
    const [program, compiled, workflows, short] = ['worker.js', 'compiled', 'workflows.cjs', 'short.cjs'].map(
      (name) => path.join(folder, name),
    ) as [string, string, string, string];
    const [{ code }, { code: shortCode }] = await Promise.all([
      bundleProcessWorkflow(),
      bundleProcessWorkflow(shortWorkflow),
      bundleProgram('worker', program),
    ]);
    await writeFile(workflows, withoutSourceMap(code));
    await writeFile(short, withoutSourceMap(shortCode));
    return { folder, program, compiled, workflows, short };
  })();
  return workshop;
}

/** Each worker would read it before it starts, and the errors that it is for are of no interest here. */
function withoutSourceMap(code: string): string {
  const empty = { version: 3, file: 'workflows.cjs', sources: [], names: [], mappings: '' };
  const map = Buffer.from(JSON.stringify(empty)).toString('base64');
  return code.replace(
    /(?<=^\/\/# sourceMappingURL=data:application\/json;[\w=;-]*base64,)[\w+/=]+\s*$/m,
    map,
  );
}

export async function clearWorkshop(): Promise<void> {
  if (workshop) await rm((await workshop).folder, { recursive: true, force: true });
  workshop = undefined;
}
