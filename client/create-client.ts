import { Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import type { Version } from '../contracts/artifact.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { ActAnswer, RunResult, RunView, StartArguments } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import type { Verb } from '../contracts/checkpoint.ts';
import type { State } from '../contracts/state.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import type { RerunPlan } from '../contracts/fold.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Manifest } from '../contracts/manifest.ts';
import { planOf } from '../workflows/fold/plan.ts';
import { mayCommand } from '../workflows/fold/allow.ts';
import { abandon } from '../workflows/fold/restart.ts';
import { taskKey } from '../workflows/fold/keys.ts';
import { toClientFailure } from './client-failure.ts';
import { dataConverter } from './data-converter.ts';
import type { Door, Person } from './door.ts';
import { keepInputs, keepSupply } from './keep-artifact.ts';
import { readRunFromLedger } from './read-run.ts';
import { prepareAct, sendAct } from './send-act.ts';
import { launchRun, startRun } from './start-run.ts';

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

/** A decision as a person makes it: on what they were shown, which is what `digest` names. */
export interface DecisionRequest {
  checkpoint: string;
  digest: string;
  verb: Verb;
  /** Minted unless given; the same id again is the same decision. */
  id?: string;
  /** With `edit`. */
  delta?: Json;
  /** With `changes` and `redo`: which task is asked, which fields, which amendable inputs, in which words. */
  changes?: { task: string; fields?: JsonObject; inputs?: JsonObject; words?: string };
  /** With `answer`. */
  answer?: Json;
  /** With `supply`: values by artifact. */
  artifacts?: JsonObject;
  /** With `reject` and `stop`: undo what was done. */
  undo?: boolean;
  reason?: string;
}

export interface RunHandle {
  run: string;
  process: string;
  key: string | null;
}

export type BatonClient = ReturnType<typeof createClient>;

/** Starts runs, shows them, and takes what people do to them through a door. */
export function createClient(options: ClientOptions) {
  const { store } = options;
  const taskQueue = options.taskQueue ?? 'baton';
  const temporal = new Client({
    connection: options.connection,
    namespace: options.namespace ?? 'default',
    dataConverter,
  });

  const rowOf = async (run: string): Promise<RunRow> => {
    const row = await store.runs.get(run);
    if (!row) throw toFailure('Run.Unknown', `There is no run ${run}.`, { name: run });
    return row;
  };
  const doorOr = (): Door => {
    if (options.door) return options.door;
    throw toFailure('Decision.Unsigned', 'This client has no door to sign with.', { name: 'door' });
  };
  const stateOf = async (run: string): Promise<RunView> => {
    const row = await rowOf(run);
    if (row.closedAt !== null) return readRunFromLedger(store, run);
    try {
      return await temporal.withDeadline(Date.now() + 10_000, async () =>
        temporal.workflow.getHandle(run).query<RunView>(messageNames.state),
      );
    } catch {
      // No worker, or no server: what was recorded is what there is to see.
      return readRunFromLedger(store, run);
    }
  };
  const manifestOf = async (run: string): Promise<Manifest> => {
    const start = (await rowOf(run)).start as unknown as StartArguments;
    return start.kind === 'new' ? start.manifest : start.state.manifest;
  };
  const epochOf = async (run: string): Promise<{ run: string; epoch: number }> => ({
    run,
    epoch: (await rowOf(run)).epoch,
  });

  return {
    temporal,
    store,

    /** Throws `Input.Invalid`, `Key.InUse`, `Server.Unreachable`. */
    async start<P extends Process>(
      process: P,
      input: ProcessInput<P>,
      start: { key?: string; by: string },
    ): Promise<RunHandle> {
      const trusted = [
        ...new Set([...(options.door ? [options.door.fingerprint] : []), ...(options.trusted ?? [])]),
      ];
      try {
        const run = await startRun(temporal, store, taskQueue, process, input, { ...start, trusted });
        return { run, process: process.name, key: start.key ?? null };
      } catch (error) {
        throw toClientFailure(error, start.key ?? process.name);
      }
    },

    /** Starts the workflows of runs whose start crashed, each that it can; a failed one stands in the way of no other. */
    async resumeStarts(): Promise<{ resumed: string[]; failed: { run: string; reason: string }[] }> {
      const resumed: string[] = [];
      const failed: { run: string; reason: string }[] = [];
      for (const { run, launched } of await store.runs.list({ status: 'open' })) {
        if (launched) continue;
        try {
          // Read anew: a re-run may have opened another epoch since.
          const row = await rowOf(run);
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
    state: stateOf,

    /** Settles when the run closes. */
    async result(run: string): Promise<RunResult> {
      try {
        return (await temporal.workflow.getHandle(run).result()) as RunResult;
      } catch (error) {
        throw toClientFailure(error, run);
      }
    },

    /** The value of an artifact, by a version of it. */
    async read(version: Version): Promise<Json> {
      const { content } = await store.artifacts.get(version.digest);
      return JSON.parse(Buffer.from(content).toString()) as Json;
    },

    /** Throws what the run refuses it with: `Checkpoint.Stale`, `Decision.NotAllowed` and the like. */
    async decide(run: string, request: DecisionRequest, person: Person): Promise<ActAnswer> {
      const { changes, artifacts, ...rest } = request;
      const plain = { kind: 'decide' as const, ...(await epochOf(run)), ...rest };
      const kept = await prepareAct(store, plain, person, async () => ({
        inputs: changes?.inputs && (await keepChanged(run, changes.inputs, 'Decision.InvalidChanges')),
        artifacts: artifacts && (await keepSupplied(run, request.checkpoint, artifacts)),
      }));
      const asked = changes && {
        task: changes.task,
        fields: changes.fields ?? {},
        ...(changes.words !== undefined && { words: changes.words }),
        ...(kept.inputs && { inputs: kept.inputs }),
      };
      const act = {
        ...plain,
        ...(asked && { changes: asked }),
        ...(kept.artifacts && { artifacts: kept.artifacts }),
      };
      return sendAct(temporal, store, doorOr(), act, person);
    },

    /** Hands in artifacts that come from outside. */
    async provide(run: string, artifacts: JsonObject, person: Person): Promise<ActAnswer> {
      const at = { kind: 'supply' as const, ...(await epochOf(run)) };
      const kept = await prepareAct(store, at, person, async () => keepProvided(run, artifacts));
      return sendAct(temporal, store, doorOr(), { ...at, ...kept }, person);
    },

    /** Changes one input of a run under way; only what depends on it is made again. */
    async amend(run: string, field: string, value: Json, person: Person): Promise<ActAnswer> {
      const { state } = await stateOf(run);
      const at = { kind: 'amend' as const, ...(await epochOf(run)) };
      const replaces = state.inputs[field]?.digest ?? '';
      const kept = await prepareAct(store, at, person, async () =>
        keepChanged(run, { [field]: value }, 'Command.Refused'),
      );
      return sendAct(temporal, store, doorOr(), { ...at, field, replaces, version: kept[field]! }, person);
    },

    /** Has a task made again, and with it what depends on it. */
    async invalidate(run: string, task: string, person: Person): Promise<ActAnswer> {
      return sendAct(
        temporal,
        store,
        doorOr(),
        { kind: 'invalidate', ...(await epochOf(run)), task },
        person,
      );
    },

    async cancel(run: string, person: Person, how: { undo?: boolean } = {}): Promise<ActAnswer> {
      const undo = how.undo ?? false;
      return sendAct(temporal, store, doorOr(), { kind: 'cancel', ...(await epochOf(run)), undo }, person);
    },

    /** Adds or retires keys of doors that a run trusts. */
    async trust(
      run: string,
      change: { add?: string[]; retire?: string[] },
      person: Person,
    ): Promise<ActAnswer> {
      const { add = [], retire = [] } = change;
      return sendAct(
        temporal,
        store,
        doorOr(),
        { kind: 'trust', ...(await epochOf(run)), add, retire },
        person,
      );
    },

    /** What a re-run from a task would do; nothing happens yet. */
    async planRerun(run: string, from: string): Promise<RerunPlan> {
      const { state } = await stateOf(run);
      assertTask(state, from);
      return planOf(state, { from });
    },

    /** Re-runs from a task: within the run while it is open, as its next epoch once it has closed, or its workflow was ended from outside. */
    async rerun(run: string, from: string, person: Person): Promise<{ run: string; epoch: number }> {
      const row = await rowOf(run);
      if (await isUnderWay(run)) {
        if (row.closedAt === null) {
          await this.invalidate(run, from, person);
          return { run, epoch: row.epoch };
        }
        // Its record is closed, and its workflow is about to end.
        await this.result(run).catch(() => {});
      }
      return startAgain(run, row.epoch + 1, from, person);
    },
  };

  async function startAgain(
    run: string,
    epoch: number,
    from: string,
    person: Person,
  ): Promise<{ run: string; epoch: number }> {
    const state = abandon((await readRunFromLedger(store, run)).state);
    assertTask(state, from);
    const door = doorOr();
    // The workflow judges the act itself; said here too, because a refused epoch would stand there empty.
    if (!mayCommand(state, 'invalidate', { person: person.id, roles: person.roles })) {
      throw toFailure(
        'Decision.NotAllowed',
        `${person.id} neither started run ${run} nor owns its process.`,
        {
          name: run,
        },
      );
    }
    if (!state.trusted.includes(door.fingerprint)) {
      throw toFailure('Decision.Untrusted', `Run ${run} does not trust this door.`, { name: run });
    }
    const { signed } = door.sign({ kind: 'invalidate', run, epoch, task: from }, person);
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    const start: StartArguments = {
      kind: 'again',
      run,
      state,
      signed: {
        data: text(signed.data),
        signature: text(signed.signature),
        publicKey: text(signed.publicKey),
      },
    };
    await store.runs.openEpoch(run, epoch, start as unknown as Json);
    if (!(await launchRun(temporal, taskQueue, await rowOf(run)))) {
      throw toFailure(
        'Run.Closing',
        `Run ${run} is about to end; its next epoch is started by \`baton dev\`.`,
        {
          name: run,
        },
      );
    }
    return { run, epoch };
  }

  async function isUnderWay(run: string): Promise<boolean> {
    try {
      return (await temporal.workflow.getHandle(run).describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw toClientFailure(error, run);
    }
  }

  async function keepChanged(
    run: string,
    values: JsonObject,
    type: 'Command.Refused' | 'Decision.InvalidChanges',
  ): Promise<{ [field: string]: Version }> {
    return keepInputs(store, values, (await manifestOf(run)).inputs, type);
  }

  async function keepProvided(
    run: string,
    artifacts: JsonObject,
  ): Promise<{ task: string; key: string; artifacts: { [artifact: string]: Version } }> {
    const { state } = await stateOf(run);
    const [first = 'nothing'] = Object.keys(artifacts);
    const found = Object.entries(state.manifest.tasks).find(
      ([, task]) => task.maker === 'outside' && Object.hasOwn(task.produces, first),
    );
    if (!found) throw toFailure('Command.Refused', `Nothing outside provides ${first} here.`, { name: run });
    const [task, declared] = found;
    const key = taskKey(state, task);
    if (!key) throw toFailure('Command.Refused', `${task} is not asked for yet.`, { name: run });
    return { task, key, artifacts: await keepSupply(store, artifacts, declared) };
  }

  async function keepSupplied(
    run: string,
    checkpoint: string,
    values: JsonObject,
  ): Promise<{ [artifact: string]: Version }> {
    const { state, open } = await stateOf(run);
    const asked = open.find((one) => one.checkpoint.id === checkpoint)?.checkpoint;
    const task = asked?.task === undefined ? undefined : state.manifest.tasks[asked.task.split('/')[0]!];
    if (!task) throw toFailure('Checkpoint.NotOpen', `Nothing is asked at ${checkpoint} now.`, { name: run });
    return keepSupply(store, values, task);
  }
}

function assertTask({ manifest }: State, task: string): void {
  if (Object.hasOwn(manifest.tasks, task.split('/')[0]!)) return;
  const known = Object.keys(manifest.tasks).join(', ');
  throw toFailure('Command.Refused', `${manifest.name} has no task ${task}; it has ${known}.`, {
    name: task,
  });
}
