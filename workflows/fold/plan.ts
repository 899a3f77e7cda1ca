import type { Version } from '../../contracts/artifact.ts';
import type { Checkpoint, Verb } from '../../contracts/checkpoint.ts';
import type { RerunPlan } from '../../contracts/fold.ts';
import type { DecisionMade } from '../../contracts/outcome.ts';
import type { EffectStart, State, TaskStart } from '../../contracts/state.ts';
import { decisionDigest } from '../../contracts/checkpoint.ts';
import { digestOf } from '../../contracts/json.ts';
import { askAgain } from './changes.ts';
import { demandOf } from './demand.ts';
import { fold } from './fold.ts';
import { nameOf, splitName } from '../../contracts/element-names.ts';
import { next } from './next.ts';
import { omit, own } from './records.ts';
import { restart } from './restart.ts';
import { placeOf } from './verdicts.ts';
import { viewOf } from './view.ts';

/** Steps after which a simulation counts as going in circles. */
const limit = 10_000;

/**
 * What a re-run from a task comes to: simulated by the run's own rules, each remade artifact taken to differ with the
 * facts it had, each question to be approved. Where something is remade equal, less happens.
 */
export function planOf(state: State, { from }: { from: string }): RerunPlan {
  const begun = unhindered(restart(state));
  const again = new Set<string>();
  const asked = new Map<string, Checkpoint>();
  let now = askAgain(begun, from);
  for (let step = 0; step < limit; step++) {
    const { start, perform, wait, ask } = next(now);
    const [task] = start;
    const [effect] = perform;
    const [timer] = wait;
    const checkpoint = ask.find((one) => !asked.has(identify(one)));
    if (task) {
      again.add(task.task);
      now = simulateTask(now, task, begun);
    } else if (effect) now = simulateEffect(now, effect);
    else if (timer) now = fold(now, { type: 'elapsed', slot: timer.slot, basis: timer.basis });
    else if (checkpoint) {
      asked.set(identify(checkpoint), checkpoint);
      now = simulateDecision(now, checkpoint, begun);
    } else break;
  }
  const corrected = new Set(
    [...asked.values()].flatMap(({ kind, slot }) => (kind === 'correction' ? [slot] : [])),
  );
  return {
    from,
    epoch: begun.epoch,
    again: [...again],
    stays: [...demandOf(viewOf(now)).tasks.values()]
      .filter(({ state: standing, name }) => standing === 'keyed' && !again.has(name))
      .map(({ name }) => name),
    asks: [...asked.values()].map((one) => ({ kind: one.kind, name: one.name, place: placeOf(one) })),
    slots: Object.entries(begun.slots).flatMap(([slot, { status, n, digest }]) =>
      status === 'done' && digest !== undefined ? [{ slot, n, digest, affected: corrected.has(slot) }] : [],
    ),
  };
}

/** The run open, with nothing under way and no pause: what is under way would have to run again, too. */
function unhindered(state: State): State {
  const tasks = Object.entries(state.tasks).map(([task, record]) => [task, omit(record, 'running')] as const);
  return {
    ...omit(state, 'closing'),
    status: 'open',
    tasks: Object.fromEntries(tasks),
    brakes: { pause: false, askAlways: state.brakes.askAlways },
  };
}

const identify = ({ id, basis, round }: Checkpoint): string => JSON.stringify([id, basis, round]);

function simulateTask(state: State, { task, attempt, key }: TaskStart, before: State): State {
  const started = fold(state, { type: 'started', task, attempt, key });
  const artifacts = remake(state, task, key, before);
  return fold(started, {
    type: 'result',
    task,
    attempt,
    epoch: state.epoch,
    end: { kind: 'done', artifacts },
  });
}

function remake(state: State, task: string, key: string, before: State): { [artifact: string]: Version } {
  const { base, element } = splitName(task);
  const produced = Object.keys(own(state.manifest.tasks, base)?.produces ?? {});
  return Object.fromEntries(
    produced.map((artifact) => {
      const cell = viewOf(before).cell(artifact, element);
      const former = 'version' in cell ? cell.version : { digest: '', facts: {} };
      return [artifact, differ(former, nameOf(artifact, element), key)];
    }),
  );
}

/** Another version with the same facts and the same elements' keys. */
function differ(version: Version, cell: string, key: string): Version {
  const mark = (part: string): string => digestOf({ planned: [cell, part, key] });
  const elements = Object.entries(version.elements ?? {}).map(
    ([element, { facts }]) => [element, { digest: mark(element), facts }] as const,
  );
  return {
    digest: mark(''),
    facts: version.facts,
    ...(version.elements ? { elements: Object.fromEntries(elements) } : {}),
  };
}

function simulateEffect(state: State, { slot, effect, n, verb, digest, tries }: EffectStart): State {
  const reserved = fold(state, { type: 'reserved', slot, n, verb, digest });
  const hasReceipt = state.manifest.effects[effect]?.receipt !== undefined && verb !== 'undo';
  const receipt = hasReceipt
    ? { receipt: { digest: digestOf({ planned: [slot, n, verb] }), facts: {} } }
    : {};
  return fold(reserved, { type: 'effectEnded', slot, n, verb, tries, end: { kind: 'success', ...receipt } });
}

const preferred: Verb[] = ['approve', 'leave', 'supply'];

function simulateDecision(state: State, checkpoint: Checkpoint, before: State): State {
  const { id, kind, basis, round, by, offers, task } = checkpoint;
  const verb = preferred.find((one) => offers.includes(one));
  // What only the person can know (an answer, what became of an uncertain call) ends the simulation of its branch.
  if (verb === undefined || kind === 'exception') return state;
  const supplied: Pick<DecisionMade, 'artifacts'> =
    verb === 'supply' && task !== undefined ? { artifacts: remake(state, task, basis, before) } : {};
  return fold(state, {
    type: 'decision',
    id: `plan ${identify(checkpoint)}`,
    at: '',
    checkpoint: id,
    kind,
    basis,
    round,
    digest: decisionDigest(state.run, state.epoch, checkpoint),
    verb,
    by:
      'role' in by ? { person: '', roles: [by.role], door: '' } : { person: by.person, roles: [], door: '' },
    ...supplied,
  });
}
