import type { State } from '../../../contracts/state.ts';
import type { Property } from './property.ts';
import type { Scenario } from './scenario.ts';
import { canonicalJson } from '../../../contracts/json.ts';
import { ancestorsOfEnds, hangsOn } from './graph.ts';
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
