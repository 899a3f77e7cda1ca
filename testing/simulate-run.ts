import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Json } from '../contracts/json.ts';
import type { Actor, Outcome } from '../contracts/outcome.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import type { State } from '../contracts/state.ts';
import { readDuration } from '../contracts/duration.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Person } from '../client/door.ts';
import { makeInputs, makeSupplies, keepInputs, keepSupply, versionsOf } from '../client/keep-artifact.ts';
import { readInput } from '../client/reserve-run.ts';
import { contentsOf } from '../contracts/collection.ts';
import { checkDecision } from '../workflows/fold/check-decision.ts';
import { checkCommand } from '../workflows/fold/commands.ts';
import type { Command } from '../workflows/fold/commands.ts';
import { mayCommand } from '../workflows/fold/allow.ts';
import { decisionDigest } from '../contracts/checkpoint.ts';
import { fold } from '../workflows/fold/fold.ts';
import { initialState } from '../workflows/fold/initial-state.ts';
import { artifactsOf, taskKey } from '../workflows/fold/keys.ts';
import { next } from '../workflows/fold/next.ts';
import { outputsOf } from '../workflows/fold/outputs.ts';
import { restart } from '../workflows/fold/restart.ts';
import { versionId } from '../workflows/fold/versions.ts';
import { createMemoryContents } from './memory-contents.ts';
import { memoryConnector } from './memory-connector.ts';
import { ownerOf, personFor, readScript } from './script.ts';
import type { ScriptedDecision } from './script.ts';
import { createSimulatedWork } from './simulated-work.ts';
import type { SimulatedEnd, Simulation, SimulationOptions } from './simulation.ts';

/** Starts a run of a process in memory, and lets it go on until a person is asked, time has to pass, or it closes. */
export async function simulateRun<P extends Process>(
  process: P,
  input: ProcessInput<P>,
  options: SimulationOptions,
): Promise<Simulation<P>> {
  const { by: starter = 'a-starter', at = new Date('2026-01-01T00:00:00Z'), supplied = {} } = options;
  const { manifest } = process;
  const contents = createMemoryContents();
  const made = makeInputs(readInput(process, input), manifest.inputs);
  const pinned = makeSupplies(supplied, manifest);
  contents.put([...contentsOf(made), ...contentsOf(pinned)]);
  const names = Object.values(manifest.effects).map(({ connector }) => connector);
  const connectors = Object.fromEntries(
    names.map((name) => [name, options.connectors?.[name] ?? memoryConnector()]),
  );
  let state = initialState({
    run: `${process.name}-simulated`,
    manifest,
    inputs: versionsOf(made),
    ...(pinned.length > 0 && { pinned: versionsOf(pinned) }),
    startedBy: starter,
    trusted: ['test'],
  });
  let [now, ids] = [at.getTime(), 0];
  const outcomes: Outcome[] = [];
  const decided: SimulatedEnd['decided'] = [];
  const happen = (outcome: Outcome): void => {
    state = fold(state, outcome);
    outcomes.push(outcome);
  };
  const work = createSimulatedWork({
    agents: options.agents,
    connectors,
    contents,
    state: () => state,
    happen,
    ...(options.models && { models: options.models }),
  });
  const mint = (): { id: string; at: string } => {
    ids += 1;
    return { id: `act-${ids}`, at: new Date(now).toISOString() };
  };
  const actorOf = ({ id, roles }: Person): Actor => ({ person: id, roles, door: 'test' });
  const owner = ownerOf(manifest, starter);

  const settle = async (): Promise<void> => {
    for (;;) {
      if (isClosed(state)) return;
      const plan = next(state);
      for (const { task, attempt } of plan.cancel) happen({ type: 'cancelled', task, attempt });
      for (const { slot, basis, milliseconds, until } of plan.wait)
        if (until === undefined)
          happen({ type: 'recallable', slot, basis, until: new Date(now + milliseconds).toISOString() });
      const [start] = plan.start;
      const [edit] = plan.applyEdit;
      const [effect] = plan.perform;
      if (start) await work.runTask(start);
      else if (edit) await work.applyEdit(edit);
      else if (effect) await work.perform(effect);
      else if (plan.close) happen({ type: 'close', to: plan.close });
      else return;
    }
  };

  const command = async (one: Command, by: Person): Promise<void> => {
    if (!mayCommand(state, { ...one, kind: one.type }, actorOf(by)))
      throw toFailure('Decision.NotAllowed', `${by.id} may not ${one.type} here.`, { name: process.name });
    const refused = checkCommand(state, one);
    if (refused)
      throw toFailure(refused, `${one.type} is refused: the run is ${state.status}.`, { name: process.name });
    happen(one);
    await settle();
  };

  const decide = async (checkpoint: Checkpoint, decision: ScriptedDecision): Promise<void> => {
    const { person = personFor(checkpoint), verb, changes, artifacts, id: given, ...rest } = decision;
    const { id, kind, basis, round, name } = checkpoint;
    const task = checkpoint.task === undefined ? undefined : manifest.tasks[checkpoint.task.split('/')[0]!];
    const sent = {
      ...rest,
      verb,
      digest: decisionDigest(state.run, state.epoch, checkpoint),
      ...(changes && {
        changes: {
          fields: {},
          ...changes,
          inputs: await keepInputs(
            contents,
            (changes.inputs ?? {}) as { [field: string]: Json },
            manifest.inputs,
            'Decision.InvalidChanges',
          ),
        },
      }),
      ...(artifacts &&
        task && { artifacts: await keepSupply(contents, artifacts as { [artifact: string]: Json }, task) }),
    };
    const by = actorOf(person);
    const found = checkDecision(state, { ...sent, checkpoint: id, by });
    if (typeof found === 'string')
      throw toFailure(
        found,
        `${verb} by ${person.id} at ${name} is refused; it offers ${checkpoint.offers.join(', ')}.`,
        { name },
      );
    const stamp = mint();
    happen({
      type: 'decision',
      ...stamp,
      ...(given !== undefined && { id: given }),
      checkpoint: id,
      kind,
      basis,
      round,
      by,
      ...sent,
    });
    decided.push({ name, verb, person: person.id });
    await settle();
  };

  const advance = async (milliseconds: number): Promise<void> => {
    const end = now + milliseconds;
    for (;;) {
      const due = next(state)
        .wait.filter(({ until }) => until !== undefined && Date.parse(until) <= end)
        .toSorted((one, other) => Date.parse(one.until!) - Date.parse(other.until!))[0];
      if (!due) break;
      now = Math.max(now, Date.parse(due.until!));
      happen({ type: 'elapsed', slot: due.slot, basis: due.basis });
      await settle();
    }
    now = end;
  };

  await settle();
  return {
    get state() {
      return state;
    },
    get status() {
      return state.status;
    },
    get next() {
      return next(state);
    },
    get asked() {
      return next(state).ask;
    },
    get now() {
      return new Date(now);
    },
    outcomes,
    performed: work.performed,
    async value(name) {
      const version = state.inputs[name] ?? artifactsOf(state)[name]?.version;
      return version && contents.value(name, version);
    },
    async decide(name, decision) {
      const { ask } = next(state);
      const found = ask.find((one) => one.id === name || one.name === name);
      if (found) return decide(found, decision);
      const open = ask.map((one) => one.name).join(', ') || 'nothing';
      throw toFailure('Checkpoint.NotOpen', `${name} is not asked now; ${open} is.`, { name });
    },
    advance: async (time) => advance(readDuration(time, 'advance')),
    async amend(field, value, by = owner) {
      const kept = await keepInputs(contents, { [field]: value as Json }, manifest.inputs, 'Command.Refused');
      const current = state.inputs[field];
      const replaces = current ? versionId(current) : 'none';
      await command(
        { type: 'amend', ...mint(), by: actorOf(by), field, replaces, version: kept[field]! },
        by,
      );
    },
    async provide(task, artifacts, by = { id: 'outside', roles: [] }) {
      const kept = await keepSupply(contents, artifacts, manifest.tasks[task]!);
      const key = taskKey(state, task) ?? '';
      await command({ type: 'supply', ...mint(), by: actorOf(by), task, key, artifacts: kept }, by);
    },
    invalidate: async (task, by = owner) =>
      command({ type: 'invalidate', ...mint(), by: actorOf(by), task }, by),
    recall: async (slot, by = owner) => command({ type: 'recall', ...mint(), by: actorOf(by), slot }, by),
    cancel: async ({ undo = false, by = owner } = {}) =>
      command({ type: 'cancel', ...mint(), by: actorOf(by), undo }, by),
    async rerun(task, by = owner) {
      if (!isClosed(state))
        throw toFailure('Run.Closing', `The run is ${state.status}.`, { name: process.name });
      state = restart(state);
      await command({ type: 'invalidate', ...mint(), by: actorOf(by), task }, by);
    },
    async finish(script = {}) {
      const reading = readScript(script);
      while (!isClosed(state)) {
        const { ask, wait } = next(state);
        const [first] = ask;
        if (first) {
          const decision = reading.decide(first);
          await decide(first, decision);
          reading.taken(first);
        } else if (wait.length > 0)
          await advance(Math.max(1, Math.min(...wait.map(({ until }) => Date.parse(until!))) - now));
        else
          throw new Error(
            `Nothing goes on, and nobody is asked: ${JSON.stringify(Object.keys(artifactsOf(state)))}`,
          );
      }
      const outputs = await Promise.all(
        Object.entries(outputsOf(state)).map(async ([name, version]): Promise<[string, Json]> => [
          name,
          await contents.value(name, version),
        ]),
      );
      return { status: state.status, outputs: Object.fromEntries(outputs), decided };
    },
  };
}

const isClosed = ({ status }: State): boolean => status !== 'open' && status !== 'closing';
