import type { Property } from './property.ts';
import { baseOf } from './graph.ts';
import { insist, insistEqual } from './property.ts';
import type { World } from './world.ts';
import { approveAll, quiesce, walk } from './walk.ts';

export const alwaysCloses: Property = {
  id: '8',
  promise: 'from any state, brakes lifted, approving everything with every task succeeding closes the run',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    if (world.closed) return false;
    world.liftBrakes();
    insist(approveAll(world), 'The run never closes.', world);
    return true;
  },
};

export const rebuilds: Property = {
  id: '11',
  promise: 'erasing the results of a finished run and rebuilding gives equal outputs and asks nobody',
  scope: {},
  check(rules, scenario) {
    const steady = { ...scenario, behaviours: withoutAttempts(scenario.behaviours) };
    const world = walk(rules, steady);
    if (!world.closed) {
      world.liftBrakes();
      approveAll(world);
    }
    if (world.state.status !== 'finished') return false;
    const outputs = outputsOf(world);
    world.restart();
    world.liftBrakes();
    const from = world.steps.length;
    const decided = new Set(Object.keys(world.state.verdicts));
    const erased = world.clone();
    erased.state = { ...world.state, results: {} };
    erased.allSucceed = true;
    for (let turn = 0; turn < 500 && !erased.closed; turn++) {
      for (const { id, basis } of erased.next().ask) {
        insist(!decided.has(basis), `${id} is asked again.`, erased);
      }
      // What is wanted only until more is known may be asked for meanwhile; nothing waits for an answer.
      const [move] = erased.work();
      insist(move !== undefined, 'The rebuilding waits for somebody.', erased);
      move();
    }
    insistEqual(outputsOf(erased), outputs, 'The rebuilt outputs differ.', erased);
    insistEqual(erased.receiver.complaints, [], 'The receiver was asked amiss.', erased);
    insistEqual(
      erased.steps.slice(from).filter(({ perform }) => perform),
      [],
      'An effect was performed again.',
      erased,
    );
    return Object.keys(world.state.results).length > 0;
  },
};

function withoutAttempts(behaviours: World['scenario']['behaviours']): World['scenario']['behaviours'] {
  return Object.fromEntries(
    Object.entries(behaviours).map(([agent, behaviour]) => [
      agent,
      { ...behaviour, content: behaviour.content === 'attempt' ? ('key' as const) : behaviour.content },
    ]),
  );
}

function outputsOf(world: World): unknown {
  const artifacts = world.rules.artifactsOf(world.state);
  const names = Object.keys(world.scenario.manifest.outputs);
  return Object.entries(artifacts)
    .filter(([cell]) => names.includes(baseOf(cell)))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export const restarts: Property = {
  id: '14',
  promise: 'restarting a finished run starts no task; a rejected one asks before closing again',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    if (!world.closed) {
      world.liftBrakes();
      if (scenario.schedule.length % 2 === 0) rejectWhatCloses(world);
      approveAll(world);
    }
    const was = world.state.status;
    const epoch = world.state.epoch;
    world.restart();
    insistEqual(world.state.status, 'open', 'A restarted run is not open.', world);
    insist(world.state.epoch === epoch + 1, 'A restart is a new epoch.', world);
    const from = world.steps.length;
    if (was === 'finished') {
      insist(quiesce(world, 1), 'Work never ends.', world);
      const started = world.steps.slice(from).filter(({ start, perform }) => start ?? perform);
      insistEqual(started, [], 'A restarted finished run did work.', world);
      insist(world.state.status === 'finished', `A finished run restarted is ${world.state.status}.`, world);
      return true;
    }
    if (was !== 'rejected') return false;
    world.allSucceed = true;
    world.liftBrakes();
    insist(quiesce(world, 1), 'Work never ends.', world);
    insist(!world.closed && world.state.status === 'open', 'Closed again without asking.', world);
    insist(world.next().ask.length > 0, 'Nobody is asked.', world);
    return true;
  },
};

function rejectWhatCloses(world: World): void {
  world.allSucceed = true;
  quiesce(world, 1);
  const { checkpoints } = world.scenario.manifest;
  for (const checkpoint of world.look()) {
    const declared = checkpoints[checkpoint.name];
    if (declared?.kind !== 'review' || declared.onReject !== 'close') continue;
    if (!checkpoint.offers.includes('reject') || checkpoint.kind !== 'review') continue;
    world.decide(world.decision(checkpoint, 'reject', 'rejecter', 0), checkpoint);
    return;
  }
}

export const forks: Property = {
  id: 'rule 21',
  promise:
    'a fork carries inputs, results and overlays, no verdicts and no slots, and performs nothing on its own',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const { inputs, results, overlays } = world.state;
    const state = rules.fork(world.state, false);
    insistEqual(
      { inputs: state.inputs, results: state.results, overlays: state.overlays },
      { inputs, results, overlays },
      'A fork lost something.',
      world,
    );
    insistEqual([state.verdicts, state.slots], [{}, {}], 'A fork carries decisions.', world);
    insist(state.run !== world.state.run, 'A fork is a run of its own.', world);
    const from = world.steps.length;
    const fork = world.clone();
    fork.beginAnew(state);
    approveAll(fork, { limit: 300 });
    insistEqual(
      fork.steps.slice(from).filter(({ perform }) => perform),
      [],
      'A fork performed without being told to.',
      fork,
    );
    for (const { start } of fork.steps.slice(from)) {
      if (start)
        insist(
          !results[start.task]?.[start.key],
          `${start.task} ran again though its result was carried.`,
          fork,
        );
    }
    const told = world.clone();
    told.beginAnew(rules.fork(world.state, true));
    approveAll(told, { limit: 300 });
    for (const [index, { perform }] of told.steps.entries()) {
      if (index < from || !perform) continue;
      const asked = told.steps
        .slice(from, index)
        .some(({ outcome, seen }) => outcome.type === 'decision' && seen?.slot === perform.slot);
      insist(asked, `${perform.slot} was performed in a fork, and nobody was asked.`, told);
    }
    return Object.keys(results).length > 0;
  },
};
