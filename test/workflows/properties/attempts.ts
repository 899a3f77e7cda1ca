import { isDeepStrictEqual } from 'node:util';
import type { State } from '../../../contracts/state.ts';
import type { Property } from './property.ts';
import { baseOf, elementOf } from './graph.ts';
import { holdsFor } from './scenario.ts';
import { insist, insistEqual } from './property.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';

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
      if (start) {
        insist(failed.get(start.task) !== start.key, `${start.task} starts again by itself.`, world);
        // A failure is remembered until the task works on something else.
        failed.delete(start.task);
      }
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
  promise: 'paused or held, nothing starts and nothing is performed; closing, nothing starts or is filled',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let seen = 0;
    for (const { after } of world.steps) {
      const next = rules.next(after);
      const { agents = [], connectors = [] } = after.brakes;
      const through = (effect: string): string => scenario.manifest.effects[effect]?.connector ?? '';
      const started = next.start.filter(({ agent }) => agents.includes(agent));
      const performed = next.perform.filter(({ effect }) => connectors.includes(through(effect)));
      insistEqual([...started, ...performed], [], 'What is held goes on.', world);
      const still = after.brakes.pause || after.status !== 'open';
      if (!still) continue;
      seen += 1;
      insistEqual(next.start, [], 'A task starts.', world);
      const fresh = next.perform.filter(({ slot }) => after.slots[slot]?.status !== 'reserved');
      const wrong = after.brakes.pause ? fresh : fresh.filter(({ verb }) => verb !== 'undo');
      insistEqual(wrong, [], 'An effect starts.', world);
    }
    return seen > 0;
  },
};
