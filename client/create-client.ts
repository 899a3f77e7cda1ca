import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import type { Version } from '../contracts/artifact.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunResult, RunView } from '../contracts/messages.ts';
import type { Store } from '../contracts/ports.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import type { RerunPlan } from '../contracts/fold.ts';
import { toFailure } from '../contracts/failures.ts';
import { createActs } from './act-on-run.ts';
import { toClientFailure } from './client-failure.ts';
import { dataConverter } from './data-converter.ts';
import type { Door, Person } from './door.ts';
import { followRun } from './follow-run.ts';
import type { FollowOptions, RunEvent } from './follow-run.ts';
import { findRow, readState } from './look-up-run.ts';
import type { Means } from './look-up-run.ts';
import { createSchedules } from './schedules.ts';
import { readVersion } from './read-version.ts';
import { isUnderWay, planRerun, startAgain } from './rerun.ts';
import { launchRun, startRun } from './start-run.ts';
import { readStartTime } from './start-time.ts';
import type { StartTime } from './start-time.ts';

export type { DecisionRequest } from './act-on-run.ts';
export type { FollowOptions, RunEvent } from './follow-run.ts';

export interface ClientOptions {
  connection: Connection;
  store: Store;
  /** Signs what people do; without one, the client only starts and reads. */
  door?: Door;
  /** 'default' unless given. */
  namespace?: string;
  /** 'baton' unless given. */
  taskQueue?: string;
  /** Doors that runs started here trust, beside this client's own. */
  trusted?: string[];
}

export interface RunHandle {
  run: string;
  process: string;
  key: string | null;
  /** When it begins, where that is later. */
  startsAt: string | null;
  /** False where it was there already. */
  created: boolean;
}

export interface StartOptions extends StartTime {
  /** A name of the case in the business's own terms; one run of a process holds it. */
  key?: string;
  /** Who starts it. */
  by: string;
  /** Artifacts that are there from the start, by name: nothing upstream of them is made. */
  supplied?: JsonObject;
  /** SHA-256 of the message that starts it: under one key, the same message again is the same run. */
  message?: string;
}

export type BatonClient = ReturnType<typeof createClient>;

/** Starts runs, shows them, and takes what people do to them through a door. */
export function createClient(options: ClientOptions) {
  const { store, connection, namespace = 'default', taskQueue = 'baton', trusted = [] } = options;
  const temporal = new Client({ connection, namespace, dataConverter });
  const means: Means = {
    temporal,
    store,
    taskQueue,
    door() {
      if (options.door) return options.door;
      throw toFailure('Decision.Unsigned', 'This client has no door to sign with.', { name: 'door' });
    },
  };
  const acts = createActs(means);
  const doors = [...new Set([...(options.door ? [options.door.fingerprint] : []), ...trusted])];
  const result = async (run: string): Promise<RunResult> => {
    try {
      return (await temporal.workflow.getHandle(run).result()) as RunResult;
    } catch (error) {
      throw toClientFailure(error, run);
    }
  };

  return {
    temporal,
    store,

    /** Throws `Input.Invalid`, `Time.Invalid`, `Key.InUse`, `Server.Unreachable`. */
    async start<P extends Process>(
      process: P,
      input: ProcessInput<P>,
      { delay, at, ...start }: StartOptions,
    ): Promise<RunHandle> {
      try {
        const startsAt = readStartTime({ delay, at }, Date.now());
        const given = { ...start, trusted: doors, startsAt };
        const { row, created } = await startRun(temporal, store, taskQueue, process, input, given);
        return { run: row.run, process: row.process, key: row.key, startsAt: row.startsAt, created };
      } catch (error) {
        throw toClientFailure(error, start.key ?? process.name);
      }
    },

    /** Starts the workflows of runs whose start crashed, each that it can; a failed one stands in the way of no other. */
    async resumeStarts(): Promise<{ resumed: string[]; failed: { run: string; reason: string }[] }> {
      const resumed: string[] = [];
      const failed: { run: string; reason: string }[] = [];
      for (const { run, launched, parent } of await store.runs.list({ status: 'open' })) {
        // The run of a task is started by the run whose task it is.
        if (launched || parent !== null) continue;
        try {
          // Read anew: a re-run may have opened another epoch since.
          const row = await findRow(store, run);
          if (row.launched || row.closedAt !== null) continue;
          if (await launchRun(temporal, taskQueue, row)) resumed.push(run);
        } catch (error) {
          failed.push({ run, reason: toClientFailure(error, run).message });
        }
      }
      return { resumed, failed };
    },

    /** Newest first. */
    runs: async (filter?: Parameters<Store['runs']['list']>[0]) => store.runs.list(filter),

    /** The state of a run: from its workflow, or, where no worker answers, from the ledger. */
    state: async (run: string): Promise<RunView> => readState(means, run),

    /** Settles when the run closes; rejects with `Run.Unknown`, `Server.Unreachable`. */
    result,

    /**
     * What happens in a run, from its beginning, as it happens; ends when the run closes, or the signal is aborted. The
     * store is looked at five times a second: what opens and closes in between is not told. Throws `Run.Unknown`.
     */
    follow: (run: string, how?: FollowOptions): AsyncIterable<RunEvent> => followRun(store, run, how),

    /** The value of an artifact, by a version of it; a collection's is a record of its elements by key. */
    read: async (version: Version): Promise<Json> => readVersion(store, version),

    ...acts,

    /** Runs that start by the clock. */
    schedules: createSchedules(means, doors),

    /** What a re-run from a task would do; nothing happens yet. */
    planRerun: async (run: string, from: string): Promise<RerunPlan> => planRerun(means, run, from),

    /** Re-runs from a task: within the run while it is open, as its next epoch once it has closed, or its workflow was ended from outside. */
    async rerun(run: string, from: string, person: Person): Promise<{ run: string; epoch: number }> {
      const row = await findRow(store, run);
      if (await isUnderWay(means, run)) {
        if (row.closedAt === null) {
          await acts.invalidate(run, from, person);
          return { run, epoch: row.epoch };
        }
        // Its record is closed, and its workflow is about to end.
        await result(run).catch(() => {});
      }
      return startAgain(means, run, row.epoch + 1, from, person);
    },
  };
}
