import { isDeepStrictEqual } from 'node:util';
import type { State } from '../../../contracts/state.ts';
import type { Property } from './property.ts';
import type { Scenario } from './scenario.ts';
import { canonicalJson } from '../../../contracts/json.ts';
import { ancestorsOfEnds, baseOf, elementOf, hangsOn } from './graph.ts';
import { holdsFor } from './scenario.ts';
import { insist, insistEqual } from './property.ts';
import { approveAll, quiesce, walk } from './walk.ts';
import { World } from './world.ts';

export const plainJson: Property = {
  id: '1',
  promise: 'a state is plain JSON after each outcome, and its copy goes on alike',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    for (const { after } of world.steps) {
      insistEqual(JSON.parse(JSON.stringify(after)), after, 'The state is not plain JSON.', world);
    }
    const copy = JSON.parse(JSON.stringify(world.state)) as State;
    insistEqual(rules.next(copy), rules.next(world.state), 'A copy of the state goes on otherwise.', world);
    return true;
  },
};

export const anyOrder: Property = {
  id: '2',
  promise: 'two completion orders without decisions reach equal artifacts, open digests and slots',
  scope: {},
  check(rules, scenario) {
    const before = walk(rules, scenario);
    before.fates = 'by call';
    const ends = [1, 2, 3].map((order) => {
      const world = before.clone();
      insist(quiesce(world, order), 'Work never ends.', world);
      return world;
    });
    const [first, ...others] = ends;
    for (const other of others) {
      if (!first) return false;
      insistEqual(summary(other), summary(first), 'The order of completion tells.', other);
    }
    return true;
  },
};

function summary(world: World): unknown {
  return {
    status: world.state.status,
    // Of a run on its way out nothing is demanded any more.
    artifacts: isLeaving(world) ? {} : world.rules.artifactsOf(world.state),
    open: world
      .next()
      .ask.map(({ id, basis, round }) => `${id} ${basis} ${round}`)
      .toSorted(),
    slots: world.state.slots,
  };
}

function isLeaving({ state: { status } }: World): boolean {
  return status !== 'open' && status !== 'finished';
}

export const fenced: Property = {
  id: '3',
  promise: 'the result of a fenced attempt changes nothing',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let late = 0;
    for (const step of world.steps) {
      if (!step.late || step.outcome.type !== 'result') continue;
      late += 1;
      insistEqual(step.after, step.before, 'A fenced result counted.', world);
    }
    for (const attempt of world.fenced) {
      const again = world.clone();
      again.finish(attempt, true);
      late += 1;
      insistEqual(again.state, world.state, 'A fenced result counted at the end.', again);
    }
    for (const attempt of world.attempts) {
      late += 1;
      const older = world.clone();
      older.finish({ ...attempt, epoch: attempt.epoch - 1 }, true);
      insistEqual(older.state, world.state, 'A result of an older epoch counted.', older);
      overtake(world.clone(), attempt);
    }
    return late > 0;
  },
};

/** An attempt comes to its end after a newer one of its task has begun. */
function overtake(world: World, attempt: World['attempts'][number]): void {
  const { task, attempt: number } = attempt.start;
  world.liftBrakes();
  world.invalidate(task);
  world.cancelAttempt({ task, attempt: number });
  const again = world.next().start.find((start) => start.task === task);
  if (again) world.start(again);
  const { state } = world;
  world.finish(attempt, true);
  insistEqual(world.state, state, 'The result of an overtaken attempt counted.', world);
}

/** Rules 1 and 2. */
export const resultsCount: Property = {
  id: 'rule 2',
  promise: "a result counts under its attempt's key; what failed or was overtaken does not go on by itself",
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const failed = new Map<string, string>();
    let seen = 0;
    for (const { outcome, before, after, start, refused, seen: page } of world.steps) {
      if (outcome.type === 'restarted') failed.clear();
      if (outcome.type === 'decision' && refused === null && page?.task !== undefined)
        failed.delete(page.task);
      if (start) insist(failed.get(start.task) !== start.key, `${start.task} starts again by itself.`, world);
      if (outcome.type === 'result' && before !== after) {
        const key = before.tasks[outcome.task]?.running?.key ?? '';
        if (outcome.end.kind === 'failed') failed.set(outcome.task, key);
        if (outcome.end.kind === 'done') {
          seen += 1;
          insistEqual(after.results[outcome.task]?.[key], outcome.end.artifacts, 'A result is lost.', world);
        }
      }
      if (after.status === 'open') insistOvertakenEnd(world, after);
    }
    return seen > 0;
  },
};

function insistOvertakenEnd(world: World, state: State): void {
  const { rules, scenario } = world;
  const artifacts = rules.artifactsOf(state);
  const cells = Object.keys(artifacts);
  // While something waits, it may yet want what runs.
  const isSettled = Object.values(artifacts).every((cell) => cell.state !== 'waiting');
  const { cancel } = rules.next(state);
  for (const [task, { running }] of Object.entries(state.tasks)) {
    if (!running) continue;
    const key = rules.keyOf(state, task);
    const produces = Object.keys(scenario.manifest.tasks[baseOf(task)]?.produces ?? {});
    const element = elementOf(task);
    const isDemanded = produces.some((artifact) =>
      cells.includes(element === undefined ? artifact : `${artifact}/${element}`),
    );
    const isCancelled = cancel.some((one) => one.task === task && one.attempt === running.attempt);
    const over = scenario.manifest.tasks[baseOf(task)]?.each?.over ?? '';
    const isOpen = artifacts[over]?.state === 'waiting';
    insist(!isOpen || !isCancelled, `${task} is cancelled while its collection is made.`, world);
    const mayBe = isDemanded || !isSettled;
    if (mayBe && (key === undefined || key === running.key)) continue;
    insist(isCancelled, `${task} goes on though nobody wants it.`, world);
  }
}

export const onceUnderKey: Property = {
  id: '7',
  promise: 'no task succeeds twice under one key',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let results = 0;
    for (const step of world.steps) {
      const { outcome, before, start } = step;
      if (outcome.type === 'started') {
        const held = before.results[outcome.task]?.[outcome.key];
        insist(held === undefined, `${outcome.task} started though its result is there.`, world);
        insist(start !== undefined, 'A start without its terms.', world);
      }
      if (outcome.type !== 'result' || outcome.end.kind !== 'done' || step.after === before) continue;
      const key = before.tasks[outcome.task]?.running?.key ?? '';
      if (isDeepStrictEqual(step.after, before)) continue;
      results += 1;
      insist(before.results[outcome.task]?.[key] === undefined, `${outcome.task} succeeded twice.`, world);
    }
    return results > 1;
  },
};

/** Rules 1 to 3 and 17. */
export const keyIdentity: Property = {
  id: 'rule 3',
  promise:
    'a key is exactly task, changes and versions needed: neither attempt, nor epoch, nor order is in it',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const byTerms = new Map<string, string>();
    const byKey = new Map<string, string>();
    let seen = 0;
    for (const { start, before } of world.steps) {
      if (!start) continue;
      const changes = [before.changes[start.agent] ?? null, before.changes[start.task] ?? null];
      const terms = canonicalJson([start.task, start.needs, changes]);
      seen += 1;
      insist(
        (byTerms.get(terms) ?? start.key) === start.key,
        `${start.task}: two keys for equal terms.`,
        world,
      );
      insist((byKey.get(start.key) ?? terms) === terms, `${start.task}: one key for different terms.`, world);
      byTerms.set(terms, start.key);
      byKey.set(start.key, terms);
    }
    return seen > 1;
  },
};

export const onlyAncestors: Property = {
  id: '9a',
  promise: 'only ancestors of outputs and effects run',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const ancestors = ancestorsOfEnds(scenario.manifest);
    for (const { start } of world.steps) {
      if (start) insist(ancestors.has(start.agent), `${start.agent} ran for nothing.`, world);
    }
    return ancestors.size < Object.keys(scenario.manifest.tasks).length;
  },
};

export const eachIsNeeded: Property = {
  id: '9b',
  promise: 'without conditions, withholding any one ancestor prevents finish',
  scope: { conditions: false, length: 4 },
  check(rules, scenario) {
    let withheld = 0;
    for (const agent of ancestorsOfEnds(scenario.manifest)) {
      if (scenario.manifest.tasks[agent]?.each) continue;
      const world = new World(rules, scenario);
      approveAll(world, { withheld: agent, limit: 200 });
      // Nobody needs what only the elements of an empty collection would have needed.
      if (hasEmptyCollection(world)) continue;
      withheld += 1;
      insist(world.state.status !== 'finished', `Finished without ${agent}.`, world);
    }
    return withheld > 0;
  },
};

function hasEmptyCollection({ state }: World): boolean {
  const made = Object.values(state.results).flatMap((byKey) => Object.values(byKey));
  const supplied = Object.entries(state.overlays).map(([cell, { result }]) => ({ [cell]: result }));
  return [...made, ...supplied].some((artifacts) =>
    Object.values(artifacts).some(({ elements }) => elements && Object.keys(elements).length === 0),
  );
}

export const onlyDependents: Property = {
  id: '10',
  promise: 'amending an input re-runs only its dependents and newly demanded tasks',
  scope: { length: 0 },
  check(rules, scenario) {
    const world = walk(rules, scenario);
    if (!approveAll(world, { open: true }) || world.closed) return false;
    const made = new Set(Object.keys(world.state.results));
    const from = world.steps.length;
    world.amend('i1', ((scenario.inputs['i1'] ?? 0) + 1) % 3);
    approveAll(world);
    let rerun = 0;
    for (const { start } of world.steps.slice(from)) {
      if (!start || !made.has(start.task)) continue;
      rerun += 1;
      insist(hangsOn(scenario.manifest, start.agent, 'i1'), `${start.task} re-ran for nothing.`, world);
    }
    return rerun > 0 || made.size > 0;
  },
};

/** Each element is worked on as the collection has it, by its key. */
export const byElementKey: Property = {
  id: 'rule 8',
  promise: 'an element is worked on under its own key, with its own version',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let seen = 0;
    for (const { start } of world.steps) {
      const each = start && scenario.manifest.tasks[start.agent]?.each;
      if (!start || !each) continue;
      seen += 1;
      insist(start.task === `${start.agent}/${start.element}`, `${start.task} is not of its element.`, world);
      const need = start.needs[each.over];
      const whole = scenario.manifest.tasks[start.agent]?.needs[each.over]?.whole ?? false;
      if (!need || whole) continue;
      insist(need.elements === undefined, `${start.task} got the whole collection.`, world);
      insist(
        need.digest.startsWith(`${each.over}.${start.element}-`),
        `${start.task} got another element: ${need.digest}.`,
        world,
      );
    }
    return seen > 0;
  },
};

/** Rule 4: what people made of a version counts for that version only. */
export const fittingVersions: Property = {
  id: 'rule 4',
  weight: 4,
  promise:
    'a version in use was made or supplied under the current key, or is an edit of what was made under it',
  scope: { effects: false, length: 20 },
  check(rules, scenario) {
    const world = walk(rules, scenario);
    editAndRemake(world);
    let overlaid = 0;
    for (const { start, before } of world.steps) {
      for (const [artifact, version] of Object.entries(start?.needs ?? {})) {
        const agent = makerOf(scenario, artifact);
        if (version === null || agent === undefined || scenario.manifest.tasks[agent]?.each) continue;
        const key = rules.keyOf(before, agent);
        insist(key !== undefined, `${artifact} is in use though its maker has no key.`, world);
        const made = before.results[agent]?.[key]?.[artifact];
        const overlay = before.overlays[artifact];
        if (overlay) overlaid += 1;
        const base = overlay?.kind === 'edit' ? made && rules.versionId(made) : key;
        const isLost = overlay && overlay.base !== base && !scenario.manifest.speculative;
        insist(!isLost, `What a person made of ${artifact} is lost without a word.`, world);
        const whole = overlay && overlay.base === base ? overlay.result : made;
        const isElement = start?.element !== undefined && version.elements === undefined;
        const expected = isElement && whole?.elements ? whole.elements[start.element ?? ''] : whole;
        insistEqual(version, expected, `${artifact} is used as it is not.`, world);
      }
    }
    return overlaid > 0;
  },
};

/** Somebody edits all that may be edited; then everything that was edited is made again, and otherwise. */
function editAndRemake(world: World): void {
  world.liftBrakes();
  world.allSucceed = true;
  quiesce(world, 1);
  for (const checkpoint of world.look()) {
    if (!checkpoint.offers.includes('edit') || !world.next().ask.includes(checkpoint)) continue;
    world.decide(world.decision(checkpoint, 'edit', 'editor', 1), checkpoint);
    quiesce(world, 2);
    const again = world.next().ask.find(({ id }) => id === checkpoint.id);
    if (again?.shown.draft?.result) world.decide(world.decision(again, 'approve', 'approver', 1), again);
  }
  approveAll(world, { open: true });
  if (world.state.status !== 'open') return;
  world.amend('i0', (Number(world.state.inputs['i0']?.facts['n']) + 1) % 3);
  world.amend('i1', (Number(world.state.inputs['i1']?.facts['n']) + 1) % 3);
  approveAll(world, { open: true });
}

function makerOf({ manifest }: Scenario, artifact: string): string | undefined {
  return Object.keys(manifest.tasks).find((agent) => artifact in (manifest.tasks[agent]?.produces ?? {}));
}

export const wantedWork: Property = {
  id: 'rule 7',
  promise: 'a task starts with every required need, and only where its condition holds',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let seen = 0;
    for (const { start, before } of world.steps) {
      const task = start && scenario.manifest.tasks[start.agent];
      if (!start || !task) continue;
      for (const [artifact, { optional }] of Object.entries(task.needs)) {
        const need = start.needs[artifact];
        insist(need !== undefined, `${start.task} started without a word on ${artifact}.`, world);
        insist(optional || need !== null, `${start.task} started without ${artifact}.`, world);
        const cells = rules.artifactsOf(before);
        const cell = cells[`${artifact}/${start.element}`] ?? cells[artifact];
        insist(
          need !== null || cell === undefined || cell.state === 'absent' || cell.state === 'usable',
          `${start.task} did not wait for ${artifact}.`,
          world,
        );
        const condition = task.when?.[artifact];
        // The condition on an element's whole collection is on facts that are not seen here.
        if (condition === undefined || task.each) continue;
        seen += 1;
        insist(holdsFor(condition, need), `${start.task} started though its condition fails.`, world);
      }
    }
    return seen > 0;
  },
};

export const boundedElements: Property = {
  id: 'rule 19',
  promise: 'no more elements of an agent are worked on at once than it allows',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let seen = 0;
    for (const { after } of world.steps) {
      const running = Object.entries(after.tasks).filter(([, task]) => task.running);
      const next = rules.next(after);
      for (const [agent, { each }] of Object.entries(scenario.manifest.tasks)) {
        if (!each) continue;
        const current = running.filter(([task]) => task.startsWith(`${agent}/`)).length;
        const starting = next.start.filter((start) => start.agent === agent).length;
        if (starting > 0) seen += 1;
        insist(starting === 0 || current + starting <= each.atOnce, `Too much of ${agent} at once.`, world);
      }
    }
    return seen > 0;
  },
};

export const restStops: Property = {
  id: 'rule 16',
  promise: 'paused, nothing starts and nothing is performed; closing, nothing starts and nothing is filled',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let seen = 0;
    for (const { after } of world.steps) {
      const still = after.brakes.pause || after.status !== 'open';
      if (!still) continue;
      const next = rules.next(after);
      seen += 1;
      insistEqual(next.start, [], 'A task starts.', world);
      const fresh = next.perform.filter(({ slot }) => after.slots[slot]?.status !== 'reserved');
      const wrong = after.brakes.pause ? fresh : fresh.filter(({ verb }) => verb !== 'undo');
      insistEqual(wrong, [], 'An effect starts.', world);
    }
    return seen > 0;
  },
};
