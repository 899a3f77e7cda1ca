import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { createClient } from '../../../client/create-client.ts';
import type { BatonClient, DecisionRequest } from '../../../client/create-client.ts';
import { createDoor } from '../../../client/door.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { RunResult } from '../../../contracts/messages.ts';
import type { DeskRow, Store } from '../../../contracts/ports.ts';
import type { Process } from '../../../contracts/process-types.ts';
import { connectTo } from '../../../server/connect.ts';
import { openStore } from '../../../store/open-store.ts';
import { personFor } from '../../../testing/script.ts';
import { letterText } from './letter.ts';
import type { WorkerOrder } from './processes/worker.ts';
import type { Receiver } from './receiver.ts';
import { makeWorkshop, startWorkerProcess } from './worker-process.ts';
import type { WorkerProcess } from './worker-process.ts';

type Decision = Omit<DecisionRequest, 'checkpoint' | 'digest' | 'id'>;

export interface TrialOptions {
  /** Of the Temporal server, as this process reaches it. */
  address: string;
  receiver: Receiver;
  process: Process;
  /** What the run is given: a letter's topic unless named. */
  input?: JsonObject;
  /** Puts what the run reads into the folder where its workers find it. */
  prepare?: (folder: string) => Promise<void>;
  /** Where the first workers die or stop, one after another. */
  failpoints?: NonNullable<WorkerOrder['failpoint']>[];
  /** Where the run goes on once they are dead. */
  survivor: WorkerProcess;
  /** Of the Temporal server, as the first workers reach it. */
  addressOfVictims?: string;
  /** `short`: with executions of a few steps, so that the run goes over from one to the next. */
  workflows?: 'workflows' | 'short';
  /** Asked before each decision; the usual one is taken unless this gives one. */
  decide?: (row: DeskRow, trial: Trial) => Decision | undefined | Promise<Decision | undefined>;
}

/** One run, on workers of which the next takes over where one dies. */
export interface Trial extends AsyncDisposable {
  readonly run: string;
  /** What its workers' reports bear. */
  readonly name: string;
  readonly client: BatonClient;
  readonly store: Store;
  /** Of the store, of the run's data, and of what it writes, in `out`. */
  readonly folder: string;
  /** How many workers have died. */
  readonly deaths: number;
  /** Decisions taken, in order. */
  readonly decided: string[];
  /** The process in which the newest worker runs. */
  readonly worker: WorkerProcess;
  /** Has the survivor take part, whether or not anybody died. */
  callSurvivor(): Promise<void>;
  /** Settles when nothing is under way any more but waiting. */
  untilWaiting(): Promise<void>;
  /** Decides whatever is asked until the run closes. */
  finish(): Promise<RunResult>;
}

/** What the people of these tests decide. */
function decideUsually({ checkpoint }: DeskRow): Decision {
  switch (checkpoint.kind) {
    case 'question':
      return { verb: 'answer', answer: ' the front desk ' };
    case 'review':
      if (checkpoint.name !== 'approveLetter') return { verb: 'approve' };
      return checkpoint.shown.draft ? { verb: 'approve' } : { verb: 'edit', delta: { text: letterText } };
    case 'authorise':
      return { verb: 'approve' };
    default:
      throw new Error(`Nobody expected ${checkpoint.name}: ${JSON.stringify(checkpoint.shown)}`);
  }
}

/** Starts a run of this process on a worker that has it alone. */
export async function startTrial(options: TrialOptions): Promise<Trial> {
  const { address, receiver, survivor } = options;
  const taskQueue = randomUUID();
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-kill-'));
  await options.prepare?.(folder);
  const store = await openStore({ folder });
  const connection = await connectTo(address);
  const client = createClient({ connection, store, door: createDoor(), taskQueue });
  const order: WorkerOrder = {
    address,
    taskQueue,
    folder,
    bundleFile: (await makeWorkshop())[options.workflows ?? 'workflows'],
    receiver: receiver.url,
  };
  const failpoints = [...(options.failpoints ?? [])];
  const victims: WorkerProcess[] = [];
  const decided: string[] = [];
  let deaths = 0;
  let over = false;
  let called: Promise<void> | undefined;
  let breakDown: (error: unknown) => void = () => {};
  const breakdown = new Promise<never>((_, reject) => (breakDown = reject));
  breakdown.catch(() => {});

  const startVictim = async (): Promise<void> => {
    const failpoint = failpoints.shift();
    const victim = await startWorkerProcess();
    victims.push(victim);
    void victim.ended.then(async ({ code, signal, complaint }) => {
      if (over) return;
      if (signal !== 'SIGKILL') breakDown(new Error(`A worker ended (${signal ?? code}): ${complaint}`));
      deaths++;
      await (failpoints.length > 0 ? startVictim() : callSurvivor()).catch(breakDown);
    });
    await victim.start({
      ...order,
      address: options.addressOfVictims ?? address,
      ...(failpoint && { failpoint }),
    });
  };
  const callSurvivor = async (): Promise<void> => (called ??= survivor.start(order));
  await startVictim();
  const { run } = await client.start(options.process, options.input ?? { topic: 'routes' }, {
    by: 'a-starter',
  });

  const decideOne = async (row: DeskRow): Promise<void> => {
    const { checkpoint, digest } = row;
    const decision = (await options.decide?.(row, self)) ?? decideUsually(row);
    const request = { ...decision, checkpoint: checkpoint.id, digest, id: randomUUID() };
    for (;;) {
      try {
        await client.decide(run, request, personFor(checkpoint));
        break;
      } catch (error) {
        // The same decision again is the same one, however often it takes until somebody is there to hear it.
        const type = error instanceof ApplicationFailure ? error.type : undefined;
        if (type !== 'Worker.None' && type !== 'Server.Unreachable') throw error;
      }
    }
    decided.push(`${decision.verb} ${checkpoint.name}`);
  };

  const decideAll = async (isClosed: () => boolean): Promise<void> => {
    const seen = new Set<string>();
    while (!isClosed()) {
      const row = (await store.desk.open({ run })).find(({ digest }) => !seen.has(digest));
      if (!row) {
        // Many trials look at once: looking all the time would cost them more than the waiting.
        await sleep(200);
        continue;
      }
      await decideOne(row);
      seen.add(row.digest);
    }
  };

  const self: Trial = {
    run,
    name: taskQueue,
    client,
    store,
    folder,
    decided,
    get deaths() {
      return deaths;
    },
    get worker() {
      return called ? survivor : victims.at(-1)!;
    },
    callSurvivor,
    async untilWaiting() {
      for (;;) {
        const { raw } = await client.temporal.workflow.getHandle(run).describe();
        if (!raw.pendingWorkflowTask && (raw.pendingActivities ?? []).length === 0) return;
        await sleep(25);
      }
    },
    async finish() {
      let closed = false;
      const result = client.result(run).finally(() => (closed = true));
      const [value] = await Promise.race([Promise.all([result, decideAll(() => closed)]), breakdown]);
      return value;
    },
    async [Symbol.asyncDispose]() {
      over = true;
      await Promise.all(victims.map(async (victim) => victim.kill()));
      if (called) await survivor.stop(taskQueue);
      await connection.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return self;
}
