import type { Version } from '../contracts/artifact.ts';
import type { Verb } from '../contracts/checkpoint.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { BrakeSet } from '../contracts/outcome.ts';
import type { ActAnswer } from '../contracts/messages.ts';
import { toFailure } from '../contracts/failures.ts';
import { taskKey } from '../workflows/fold/keys.ts';
import type { ActRequest, Person } from './door.ts';
import { keepInputs, keepSupply } from './keep-artifact.ts';
import { findManifest, findRow, readState } from './look-up-run.ts';
import type { Means } from './look-up-run.ts';
import { prepareAct, sendAct } from './send-act.ts';
import { baseOf } from '../contracts/element-names.ts';

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

/** What people do to a run, signed by the client's door. */
export function createActs(means: Means) {
  const { temporal, store } = means;
  const send = async (act: ActRequest, person: Person): Promise<ActAnswer> =>
    sendAct(temporal, store, means.door(), act, person);
  const epochOf = async (run: string): Promise<{ run: string; epoch: number }> => ({
    run,
    epoch: (await findRow(store, run)).epoch,
  });

  return {
    /** Throws what the run refuses it with: `Checkpoint.Stale`, `Decision.NotAllowed` and the like. */
    async decide(run: string, request: DecisionRequest, person: Person): Promise<ActAnswer> {
      const { changes, artifacts, ...rest } = request;
      const plain = { kind: 'decide' as const, ...(await epochOf(run)), ...rest };
      const kept = await prepareAct(store, plain, person, async () => ({
        inputs: changes?.inputs && (await keepChanged(means, run, changes.inputs, 'Decision.InvalidChanges')),
        artifacts: artifacts && (await keepSupplied(means, run, request.checkpoint, artifacts)),
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
      return send(act, person);
    },

    /** Hands in artifacts that come from outside. */
    async provide(run: string, artifacts: JsonObject, person: Person): Promise<ActAnswer> {
      const at = { kind: 'supply' as const, ...(await epochOf(run)) };
      const kept = await prepareAct(store, at, person, async () => keepProvided(means, run, artifacts));
      return send({ ...at, ...kept }, person);
    },

    /** Changes one input of a run under way; only what depends on it is made again. */
    async amend(run: string, field: string, value: Json, person: Person): Promise<ActAnswer> {
      const { state } = await readState(means, run);
      const at = { kind: 'amend' as const, ...(await epochOf(run)) };
      const replaces = state.inputs[field]?.digest ?? '';
      const kept = await prepareAct(store, at, person, async () =>
        keepChanged(means, run, { [field]: value }, 'Command.Refused'),
      );
      return send({ ...at, field, replaces, version: kept[field]! }, person);
    },

    /** Has a task made again, and with it what depends on it. */
    async invalidate(run: string, task: string, person: Person): Promise<ActAnswer> {
      return send({ kind: 'invalidate', ...(await epochOf(run)), task }, person);
    },

    /** Takes back the authorisation of an effect that has not happened yet; it is asked again. */
    async recall(run: string, slot: string, person: Person): Promise<ActAnswer> {
      return send({ kind: 'recall', ...(await epochOf(run)), slot }, person);
    },

    /** Holds a run, or lets go of it: all of it, one agent's tasks, what goes through one connector; or has it ask always. */
    async brake(run: string, set: BrakeSet, reason: string, person: Person): Promise<ActAnswer> {
      return send({ kind: 'brake', ...(await epochOf(run)), set, reason }, person);
    },

    async cancel(run: string, person: Person, how: { undo?: boolean } = {}): Promise<ActAnswer> {
      return send({ kind: 'cancel', ...(await epochOf(run)), undo: how.undo ?? false }, person);
    },

    /** Adds or retires keys of doors that a run trusts. */
    async trust(
      run: string,
      change: { add?: string[]; retire?: string[] },
      person: Person,
    ): Promise<ActAnswer> {
      const { add = [], retire = [] } = change;
      return send({ kind: 'trust', ...(await epochOf(run)), add, retire }, person);
    },
  };
}

async function keepChanged(
  { store }: Means,
  run: string,
  values: JsonObject,
  type: 'Command.Refused' | 'Decision.InvalidChanges',
): Promise<{ [field: string]: Version }> {
  return keepInputs(store, values, (await findManifest(store, run)).inputs, type);
}

async function keepProvided(
  means: Means,
  run: string,
  artifacts: JsonObject,
): Promise<{ task: string; key: string; artifacts: { [artifact: string]: Version } }> {
  const { state } = await readState(means, run);
  const [first = 'nothing'] = Object.keys(artifacts);
  const found = Object.entries(state.manifest.tasks).find(
    ([, task]) => task.maker === 'outside' && Object.hasOwn(task.produces, first),
  );
  if (!found) throw toFailure('Command.Refused', `Nothing outside provides ${first} here.`, { name: run });
  const [task, declared] = found;
  const key = taskKey(state, task);
  if (!key) throw toFailure('Command.Refused', `${task} is not asked for yet.`, { name: run });
  return { task, key, artifacts: await keepSupply(means.store, artifacts, declared) };
}

async function keepSupplied(
  means: Means,
  run: string,
  checkpoint: string,
  values: JsonObject,
): Promise<{ [artifact: string]: Version }> {
  const { state, open } = await readState(means, run);
  const asked = open.find((one) => one.checkpoint.id === checkpoint)?.checkpoint;
  const task = asked?.task === undefined ? undefined : state.manifest.tasks[baseOf(asked.task)];
  if (!task) throw toFailure('Checkpoint.NotOpen', `Nothing is asked at ${checkpoint} now.`, { name: run });
  return keepSupply(means.store, values, task);
}
