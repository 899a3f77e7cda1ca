import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import pino from 'pino';
import type { Logger } from 'pino';
import { createClient } from '../client/create-client.ts';
import type { BatonClient } from '../client/create-client.ts';
import { createDoor } from '../client/door.ts';
import type { Door } from '../client/door.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import { digestOf } from '../contracts/json.ts';
import type { Json } from '../contracts/json.ts';
import type { RunResult } from '../contracts/messages.ts';
import type { Connector, Store } from '../contracts/ports.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import { connectTo } from '../server/connect.ts';
import { startTemporalServer } from '../server/start-server.ts';
import { openStore } from '../store/open-store.ts';
import { bundleProcessWorkflow, startWorker } from '../worker/create-worker.ts';
import type { RunningWorker } from '../worker/create-worker.ts';
import type { Project } from '../worker/define-project.ts';
import { personFor, readScript } from './script.ts';
import type { Script } from './script.ts';

export interface TestProjectOptions {
  /** A Temporal server that is there already; one is started in memory otherwise. */
  address?: string;
  /** Kept after stop() if given; a folder of its own otherwise. */
  folder?: string;
  /** Instead of the project's, by name. */
  connectors?: { readonly [name: string]: Connector };
  logger?: Logger;
  /** Where the credentials of connectors are read from; the environment of this process unless given. */
  environment?: { readonly [name: string]: string | undefined };
  /** Workflows kept in memory between their tasks; 0 has each task replay the history. */
  maxCachedWorkflows?: number;
  /** Milliseconds after which no effect can be recalled any more, whatever longer time the processes declare. */
  recallAtMost?: number;
  /** A module with hand-written workflows, as `startWorker` takes it. */
  workflowsPath?: string;
  /** Wraps the store, to break it on purpose. */
  wrapStore?: (store: Store) => Store;
}

export interface TestRun {
  run: string;
  result: RunResult;
  /** The values of the outputs. */
  outputs: { [artifact: string]: Json };
  /** The checkpoints decided, in order. */
  decided: { name: string; verb: string; person: string }[];
}

export interface TestProject extends AsyncDisposable {
  readonly client: BatonClient;
  readonly store: Store;
  readonly door: Door;
  readonly address: string;
  readonly taskQueue: string;
  /** Starts a run and decides by the script until it closes. Throws where the script ends before the run does. */
  run<P extends Process>(
    process: P,
    input: ProcessInput<P>,
    options?: { key?: string; by?: string; script?: Script },
  ): Promise<TestRun>;
  /** Decides by the script until the run closes. */
  finish(run: string, script: Script): Promise<TestRun>;
  /** The checkpoint of this name, once it is open. */
  opened(run: string, name: string): Promise<{ checkpoint: Checkpoint; digest: string }>;
  /** Ends the worker and starts another, as after a deploy. */
  restartWorker(): Promise<void>;
  stop(): Promise<void>;
}

let bundle: Promise<WorkflowBundle> | undefined;
let quiet = false;

function installQuietRuntime(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
}

function shortenRecall<P extends Process>(process: P, atMost = Infinity): P {
  const { digest: _, ...manifest } = process.manifest;
  const effects = Object.entries(manifest.effects).map(
    ([name, effect]) => [name, { ...effect, recall: Math.min(effect.recall, atMost) }] as const,
  );
  const shortened = { ...manifest, effects: Object.fromEntries(effects) };
  return { ...process, manifest: { ...shortened, digest: digestOf(shortened) } };
}

/** A project on a real Temporal server, with a worker and a store of its own: for tests. */
export async function startTestProject(
  project: Project,
  options: TestProjectOptions = {},
): Promise<TestProject> {
  installQuietRuntime();
  await using parts = new AsyncDisposableStack();
  const address = options.address ?? parts.use(await startTemporalServer()).address;
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'baton-test-')));
  if (options.folder === undefined) parts.defer(async () => rm(folder, { recursive: true, force: true }));
  const opened = await openStore({ folder });
  const store = options.wrapStore?.(opened) ?? opened;
  parts.defer(async () => store.close());
  const native = await NativeConnection.connect({ address });
  parts.defer(async () => native.close());
  const connection = await connectTo(address);
  parts.defer(async () => connection.close());
  const taskQueue = `test-${randomUUID()}`;
  const door = createDoor();
  const plain = createClient({ connection, store, door, taskQueue });
  const client: BatonClient = {
    ...plain,
    start: async (process, input, given) =>
      plain.start(shortenRecall(process, options.recallAtMost), input, given),
  };
  bundle ??= bundleProcessWorkflow();
  const workflowBundle = await bundle;
  const launch = async (): Promise<RunningWorker> =>
    startWorker({
      ...project,
      connection: native,
      store,
      ...(options.workflowsPath === undefined
        ? { bundle: workflowBundle }
        : { workflowsPath: options.workflowsPath }),
      connectors: { ...project.connectors, ...options.connectors },
      taskQueue,
      logger: options.logger ?? pino({ level: 'silent' }),
      ...(options.environment && { environment: options.environment }),
      ...(options.maxCachedWorkflows !== undefined && { maxCachedWorkflows: options.maxCachedWorkflows }),
    });
  let worker = await launch();
  parts.defer(async () => worker.stop());

  const openOf = async (run: string): Promise<{ checkpoint: Checkpoint; digest: string }[]> =>
    store.desk.open({ run });

  const finish = async (run: string, script: Script): Promise<TestRun> => {
    const decided: TestRun['decided'] = [];
    const reading = readScript(script);
    // A worker that dies would leave the run, and the test, waiting for ever; one that was restarted is no such case.
    const died = worker.ended.then(async () => new Promise<never>(() => {}));
    const closed = Promise.race([client.result(run), died]);
    let result: RunResult | undefined;
    closed.then(
      (value) => (result = value),
      () => {},
    );
    while (!result) {
      const [first] = await openOf(run);
      if (!first) {
        await Promise.race([closed, sleep(10)]);
        continue;
      }
      const { checkpoint, digest } = first;
      const { person = personFor(checkpoint), ...request } = reading.decide(checkpoint);
      try {
        await client.decide(run, { ...request, checkpoint: checkpoint.id, digest }, person);
      } catch (error) {
        // What the desk shows may be behind the run for a moment, as after an amendment.
        if (!(error instanceof ApplicationFailure) || error.type !== 'Checkpoint.NotOpen') throw error;
        await Promise.race([closed, sleep(10)]);
        continue;
      }
      reading.taken(checkpoint);
      decided.push({ name: checkpoint.name, verb: request.verb, person: person.id });
      // The row goes once the next activity has recorded the decision.
      while (!result && (await openOf(run)).some((row) => row.digest === digest))
        await Promise.race([closed, sleep(10)]);
    }
    const outputs = await Promise.all(
      Object.entries(result.outputs).map(async ([name, version]): Promise<[string, Json]> => [
        name,
        await client.read(version),
      ]),
    );
    return { run, result, outputs: Object.fromEntries(outputs), decided };
  };

  const all = parts.move();
  const stop = async (): Promise<void> => all.disposeAsync();

  return {
    client,
    store,
    door,
    address,
    taskQueue,
    async run(process, input, given = {}) {
      const { run } = await client.start(process, input, {
        by: given.by ?? 'a-starter',
        ...(given.key !== undefined && { key: given.key }),
      });
      return finish(run, given.script ?? {});
    },
    finish,
    async opened(run, name) {
      for (;;) {
        const found = (await openOf(run)).find((one) => one.checkpoint.name === name);
        if (found) return found;
        await sleep(10);
      }
    },
    async restartWorker() {
      await worker.stop();
      worker = await launch();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
