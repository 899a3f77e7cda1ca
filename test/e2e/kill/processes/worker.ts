import { readFileSync } from 'node:fs';
import path from 'node:path';
import { flushCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import pino from 'pino';
import { fileConnector } from '../../../../activities/connectors/file.ts';
import { httpConnector } from '../../../../activities/connectors/http.ts';
import type { Connector, Lookup } from '../../../../contracts/ports.ts';
import { demandPlanningAgents } from '../../../../examples/05-demand-planning/team.ts';
import { claimReaderAgent } from '../../../../examples/06-expense-approval/process.ts';
import { openStore } from '../../../../store/open-store.ts';
import { startWorker } from '../../../../worker/create-worker.ts';
import { namesOf, watchConnector, watchConverter, watchStore } from '../failpoints.ts';
import type { Around, Failpoint } from '../failpoints.ts';
import { letterAgents } from '../letter.ts';
import type { ReportNode } from '../letter.ts';
import { orderAgents } from '../orders.ts';

/** One worker of this process; it can have several, of runs that have nothing to do with each other. */
export interface WorkerOrder {
  address: string;
  /** Also a name for its reports: one for each run. */
  taskQueue: string;
  folder: string;
  /** The bundled workflow code. */
  bundleFile: string;
  receiver: string;
  /** Where this process dies (`kill`), or waits until whoever reads the report has stopped and continued it (`wait`). */
  failpoint?: Failpoint & { how: 'kill' | 'wait' };
}

export type Request = { start: WorkerOrder } | { stop: string };
export type Reply = { started: string } | { stopped: string } | { failed: string; error: string };

const counts = new Map<string, number>();
const running = new Map<string, () => Promise<void>>();
const connections = new Map<string, Promise<NativeConnection>>();
const bundles = new Map<string, { code: string }>();

async function report(receiver: string, event: object): Promise<void> {
  const body = JSON.stringify({ process: process.pid, ...event });
  const { ok, status } = await fetch(`${receiver}/events`, { method: 'POST', body });
  if (!ok) throw new Error(`The receiver answered a report with ${status}.`);
}

function watcherOf({ failpoint, receiver, taskQueue }: WorkerOrder): Around {
  const count = (name: string): number => {
    const counted = `${taskQueue} ${name}`;
    const nth = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, nth);
    return nth;
  };
  return async (operation, work) => {
    const times = new Map(namesOf(operation).map((name) => [name, count(name)]));
    const nth = times.get(operation)!;
    const reach = async (moment: Failpoint['moment']): Promise<void> => {
      const isFailpoint = failpoint?.moment === moment && times.get(failpoint.operation) === failpoint.nth;
      // Listened for before the report: its reader stops this process as soon as it is there, maybe before the receiver's
      // answer is. A process that stopped itself as well, after that answer, would stop again once it was continued.
      const continued =
        isFailpoint && failpoint.how === 'wait'
          ? new Promise<void>((resolve) => process.once('SIGCONT', () => resolve()))
          : undefined;
      await report(receiver, { trial: taskQueue, kind: 'operation', operation, nth, moment });
      if (isFailpoint && failpoint.how === 'kill') process.kill(process.pid, 'SIGKILL');
      await continued;
    };
    await reach('before');
    const result = await work();
    await reach('after');
    return result;
  };
}

function connectorsOf({ receiver, folder }: WorkerOrder): { [name: string]: Connector } {
  const lookup = async ({ idempotencyKey }: { idempotencyKey: string }): Promise<Lookup> => {
    const response = await fetch(`${receiver}/fills/${encodeURIComponent(idempotencyKey)}`);
    return (await response.json()) as Lookup;
  };
  const allow = [{ origin: receiver, internal: true }];
  return {
    repeatable: httpConnector({ allow, repeatable: true }),
    lookup: httpConnector({ allow, lookup }),
    silent: httpConnector({ allow }),
    payments: httpConnector({ allow, repeatable: true, undo: 'POST' }),
    files: fileConnector({ root: path.join(folder, 'out') }),
  };
}

/** As whatever restarts a worker would: until the server is there. */
async function connectPatiently(address: string): Promise<NativeConnection> {
  for (;;) {
    try {
      return await NativeConnection.connect({ address });
    } catch {
      await sleep(200);
    }
  }
}

function once<T>(known: Map<string, T>, name: string, make: () => T): T {
  const found = known.get(name) ?? make();
  known.set(name, found);
  return found;
}

async function start(order: WorkerOrder): Promise<void> {
  const { address, bundleFile, receiver, taskQueue } = order;
  const around = watcherOf(order);
  const store = await openStore({ folder: order.folder });
  const runs: ReportNode = async (agent, node) =>
    report(receiver, { trial: taskQueue, kind: 'node', agent, node });
  const worker = await startWorker({
    connection: await once(connections, address, async () => connectPatiently(address)),
    taskQueue,
    store: watchStore(store, around),
    agents: [...letterAgents(runs), ...orderAgents(runs), ...demandPlanningAgents, claimReaderAgent],
    // A trial puts its data where its store is.
    data: { folders: [order.folder] },
    connectors: Object.fromEntries(
      Object.entries(connectorsOf(order)).map(([name, one]) => [name, watchConnector(one, around)]),
    ),
    dataConverter: watchConverter(around),
    bundle: once(bundles, bundleFile, () => ({ code: readFileSync(bundleFile, 'utf8') })),
    logger: pino({ level: 'silent' }),
  });
  running.set(taskQueue, async () => {
    await worker.stop();
    await store.close();
  });
}

async function serve(request: Request): Promise<Reply> {
  const name = 'start' in request ? request.start.taskQueue : request.stop;
  try {
    if ('start' in request) await start(request.start);
    else await running.get(name)?.();
    return 'start' in request ? { started: name } : { stopped: name };
  } catch (error) {
    return { failed: name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

Runtime.install({
  logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => void serve(request).then((reply) => process.send?.(reply)));
// Killed processes leave nothing behind unless it is written now.
flushCompileCache();
process.send!('ready');
