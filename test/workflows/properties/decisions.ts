import type { Checkpoint, Verb } from '../../../contracts/checkpoint.ts';
import type { OutcomeOf } from '../../../contracts/outcome.ts';
import type { Manifest } from '../../../contracts/manifest.ts';
import type { Property } from './property.ts';
import type { Step, World } from './world.ts';
import { decisionDigest } from '../../../contracts/checkpoint.ts';
import { canonicalJson } from '../../../contracts/json.ts';
import { elementOf } from './graph.ts';
import { insist, insistEqual } from './property.ts';
import { approveAll, quiesce, walk } from './walk.ts';

export const decidedOnce: Property = {
  id: '12',
  promise: 'a digest is decided once; a late decision is refused, or means exactly what was shown',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const decided = new Map<string, string>();
    const shown = new Map<string, string>();
    let seen = 0;
    for (const { checkpoint, epoch } of world.pages) {
      const digest = decisionDigest(world.state.run, epoch, checkpoint);
      const page = canonicalJson([
        checkpoint.shown,
        checkpoint.kind,
        checkpoint.cell ?? checkpoint.slot ?? null,
      ]);
      insist((shown.get(digest) ?? page) === page, `${checkpoint.id}: one digest for two pages.`, world);
      shown.set(digest, page);
    }
    for (const { outcome, refused, before, after, seen: page } of world.steps) {
      if (outcome.type !== 'decision') continue;
      if (refused !== null) {
        insistEqual(after, before, `Refused (${refused}), yet it changed the state.`, world);
        continue;
      }
      seen += 1;
      const earlier = decided.get(outcome.digest);
      insist(earlier === undefined, `${outcome.checkpoint} was decided twice on one digest.`, world);
      decided.set(outcome.digest, outcome.id);
      const open = rules.next(before).ask.find(({ id }) => id === outcome.checkpoint);
      insist(open !== undefined, `${outcome.checkpoint} was decided while not open.`, world);
      insist(open.offers.includes(outcome.verb), `${outcome.verb} was not offered.`, world);
      insistEqual(open.shown, page?.shown, 'What was decided is not what was shown.', world);
      insist(
        decisionDigest(before.run, before.epoch, open) === outcome.digest,
        'A decision counted on another digest.',
        world,
      );
    }
    return seen > 0;
  },
};

export const firstCounts: Property = {
  id: '13',
  promise:
    'of two rivals the first counts and the second changes nothing; the same one again gets the same answer',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let seen = 0;
    for (const checkpoint of world.next().ask) {
      for (const verb of world.truthful(checkpoint)) {
        const rivalry = world.clone();
        const first = rivalry.decision(checkpoint, verb, 'first', 4);
        const other = world.truthful(checkpoint).find((one) => one !== verb) ?? verb;
        const second = rivalry.decision(checkpoint, other, 'second', 5);
        rivalry.decide(first, checkpoint);
        if (rivalry.steps.at(-1)?.refused !== null) continue;
        seen += 1;
        const { state } = rivalry;
        insist(
          state !== world.state && canonicalJson(state) !== canonicalJson(world.state),
          `${verb} did nothing.`,
          rivalry,
        );
        rivalry.decide(second, checkpoint, true);
        insistEqual(rivalry.state, state, 'The second of two rivals changed something.', rivalry);
        insist(rivalry.steps.at(-1)?.refused !== null, 'The second of two rivals was accepted.', rivalry);
        rivalry.apply(first);
        insistEqual(rivalry.state, state, 'A decision sent twice counted twice.', rivalry);
      }
    }
    return rivalAmendments(world) || seen > 0;
  },
};

function rivalAmendments(world: World): boolean {
  const current = world.state.inputs['i0'];
  if (world.state.status !== 'open' || !current) return false;
  const rivalry = world.clone();
  const value = Number(current.facts['n']);
  rivalry.amend('i0', (value + 1) % 3, current);
  const { state } = rivalry;
  insist(state.inputs['i0']?.facts['n'] === (value + 1) % 3, 'An amendment did not count.', rivalry);
  rivalry.amend('i0', (value + 2) % 3, current);
  insistEqual(state.inputs, rivalry.state.inputs, 'The second of two amendments counted.', rivalry);
  return true;
}

const verbs: Verb[] = [
  'approve',
  'edit',
  'changes',
  'reject',
  'leave',
  'undo',
  'answer',
  'supply',
  'retry',
  'stop',
];

export const onlyAsAsked: Property = {
  id: 'rule 11',
  promise: 'a decision that is not offered, not open, or bound to anything else folds nothing',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const { state } = world;
    const { ask } = world.next();
    const refuse = (checkpoint: Checkpoint, change: Partial<OutcomeOf<'decision'>>, verb: Verb): void => {
      const trial = world.clone();
      trial.decide({ ...trial.decision(checkpoint, verb, 'p1', 4), ...change }, checkpoint, true);
      insistEqual(trial.state, state, `A decision counted that nobody offered: ${verb}.`, trial);
      insist(
        trial.steps.at(-1)?.refused !== null,
        `A decision was accepted that nobody offered: ${verb}.`,
        trial,
      );
    };
    for (const checkpoint of ask) {
      for (const verb of verbs) if (!checkpoint.offers.includes(verb)) refuse(checkpoint, {}, verb);
      const [verb] = checkpoint.offers;
      if (verb === undefined) continue;
      const { basis, round, id } = checkpoint;
      const later = { ...checkpoint, round: round + 1 };
      refuse(checkpoint, { checkpoint: `${id}.` }, verb);
      refuse(checkpoint, { basis: `${basis}.` }, verb);
      refuse(checkpoint, { digest: decisionDigest(state.run, state.epoch + 1, checkpoint) }, verb);
      refuse(checkpoint, { digest: decisionDigest(`${state.run}.`, state.epoch, checkpoint) }, verb);
      refuse(checkpoint, { digest: decisionDigest(state.run, state.epoch, later) }, verb);
    }
    return ask.length > 0;
  },
};

export const changesAskAgain: Property = {
  id: 'rule 6',
  weight: 2,
  promise:
    'a request for changes makes its task do it again, and asks again about the subject and what that task makes',
  scope: { effects: false, length: 12 },
  check(rules, scenario) {
    const world = walk(rules, scenario);
    world.liftBrakes();
    let seen = 0;
    approveAll(world, {
      limit: 100,
      atRest: (resting) => {
        for (const checkpoint of seen < 20 ? resting.next().ask : []) {
          for (const target of Object.keys(checkpoint.accepts.changes ?? {})) {
            seen += 1;
            insistAskedAgain(resting.clone(), checkpoint, target);
          }
        }
      },
    });
    return seen > 0;
  },
};

function insistAskedAgain(world: World, checkpoint: Checkpoint, target: string): void {
  const { manifest } = world.scenario;
  const verb: Verb = checkpoint.offers.includes('changes') ? 'changes' : 'redo';
  const n = world.state.changes[target]?.n ?? 0;
  const decision = world.decision(checkpoint, verb, 'asker', 0);
  world.decide({ ...decision, changes: { task: target, fields: {} } }, checkpoint);
  insist(world.state.changes[target]?.n === n + 1, `${target} is not asked to do it again.`, world);
  if (verb === 'redo' || manifest.speculative) return;
  const from = world.steps.length;
  quiesce(world, 1);
  const withdrawn = new Set([
    ...(elementOf(target) === undefined ? Object.keys(manifest.tasks[target]?.produces ?? {}) : []),
    ...(checkpoint.cell?.includes('/') ? [] : Object.keys(checkpoint.shown.subjects)),
  ]);
  const reviewed = Object.values(manifest.checkpoints).flatMap((one) =>
    one.kind === 'review' && !one.when && withdrawn.has(one.of) && !isByElement(manifest, one.of)
      ? [one.of]
      : [],
  );
  const cells = world.rules.artifactsOf(world.state);
  for (const artifact of reviewed) {
    insist(cells[artifact]?.state !== 'usable', `Nobody is asked again about ${artifact}.`, world);
  }
  for (const { start } of world.steps.slice(from)) {
    const used = reviewed.find((artifact) => start?.needs[artifact]);
    insist(used === undefined, `${start?.task} uses ${used} though its approval was withdrawn.`, world);
  }
}

function isByElement(manifest: Manifest, artifact: string): boolean {
  return Object.values(manifest.tasks).some((task) => task.each && artifact in task.produces);
}

/** Rule 5: what was approved is not asked again while nothing withdrew it. */
export const approvalsStand: Property = {
  id: 'rule 5',
  promise: 'what was approved is not asked again on that basis until something withdraws it',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const standing = new Map<string, Step>();
    let seen = 0;
    for (const step of world.steps) {
      const { outcome, refused, seen: page } = step;
      // A request for changes may withdraw approvals; which, property 6 looks at.
      if (
        outcome.type === 'decision' &&
        refused === null &&
        (outcome.verb === 'changes' || outcome.verb === 'redo')
      ) {
        standing.clear();
      }
      if (
        outcome.type === 'decision' &&
        refused === null &&
        page?.kind === 'review' &&
        outcome.verb === 'approve'
      ) {
        standing.set(page.basis, step);
        seen += 1;
      }
      for (const { basis, name } of rules.next(step.after).ask) {
        insist(!standing.has(basis), `${name} is asked again though its approval stands.`, world);
      }
    }
    return seen > 0;
  },
};
