import type { Version } from '../../../contracts/artifact.ts';
import type { Manifest } from '../../../contracts/manifest.ts';
import type { EffectStart, State } from '../../../contracts/state.ts';
import type { Property } from './property.ts';
import type { Step, World } from './world.ts';
import { elementOf, requiredReviews } from './graph.ts';
import { insist, insistEqual } from './property.ts';
import { holdsFor } from './scenario.ts';
import { approveAll, walk } from './walk.ts';

export const decidedEffects: Property = {
  id: '4',
  promise:
    'every do or amend has an accepted decision for that slot, content, n, verb and epoch, or policy at n 0',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    let filled = 0;
    world.steps.forEach((step, index) => {
      const { perform } = step;
      if (!perform || perform.verb === 'undo') return;
      filled += 1;
      const decided = decisionsInEpoch(world.steps, index).some((earlier) => decides(earlier, perform));
      insist(
        decided || isPolicy(scenario.manifest, step.before, perform),
        `${perform.verb} of ${perform.slot} at ${perform.n} was not decided.`,
        world,
      );
    });
    return filled > 0;
  },
};

/** Accepted decisions before a step, in its epoch, that no recall withdrew. */
function decisionsInEpoch(steps: Step[], index: number): Step[] {
  let since = 0;
  steps.slice(0, index).forEach((step, at) => {
    if (step.outcome.type === 'restarted' || step.outcome.type === 'forked') since = at + 1;
  });
  const inEpoch = steps.slice(since, index);
  return inEpoch.filter(({ outcome, refused, seen }, at) => {
    if (outcome.type !== 'decision' || refused !== null) return false;
    return !inEpoch.slice(at).some(({ outcome: later, before, after }) => {
      return later.type === 'recall' && later.slot === seen?.slot && before.verdicts !== after.verdicts;
    });
  });
}

function decides({ outcome, seen }: Step, perform: EffectStart): boolean {
  if (outcome.type !== 'decision' || seen?.slot !== perform.slot || !seen.shown.effect) return false;
  const { n } = seen.shown.effect;
  if (!sameSubjects(seen.shown.subjects, perform.subjects)) return false;
  if (seen.kind === 'authorise')
    return outcome.verb === 'approve' && perform.verb === 'do' && perform.n === n;
  if (seen.kind !== 'correction') return false;
  if (outcome.verb === 'amend') return perform.verb === 'amend' && perform.n === n;
  return outcome.verb === 'undoThenDo' && perform.verb === 'do' && perform.n === n + 1;
}

function sameSubjects(
  shown: { [artifact: string]: { digest: string } | null },
  used: { [a: string]: Version },
): boolean {
  const names = Object.keys(shown).filter((name) => shown[name] !== null);
  return (
    names.length === Object.keys(used).length &&
    names.every((name) => shown[name]?.digest === used[name]?.digest)
  );
}

/** Nobody need be asked: the first filling of an effect whose authorisation is not declared, or only under a condition. */
function isPolicy(manifest: Manifest, state: State, perform: EffectStart): boolean {
  if (perform.verb !== 'do' || perform.n !== 0) return false;
  const declared = Object.values(manifest.checkpoints).filter(
    (checkpoint) => checkpoint.kind === 'authorise' && checkpoint.effect === perform.effect,
  );
  if (declared.length === 0) return true;
  return declared.every(
    ({ when }) => when !== undefined && !state.brakes.askAlways && !holds(when, perform.subjects),
  );
}

/** The made-up conditions over what is known here; what is not known may hold or not. */
function holds(
  when: NonNullable<Manifest['checkpoints'][string]['when']>,
  known: { [a: string]: Version },
): boolean {
  return Object.entries(when).every(([artifact, schema]) => {
    const version = known[artifact];
    return version !== undefined && holdsFor(schema, version);
  });
}

export const filledOnce: Property = {
  id: '5',
  weight: 3,
  promise: 'the receiver never holds two fills, and once closed it holds what the slots say',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    approveAll(world);
    insistEqual(world.receiver.complaints, [], 'The receiver was asked amiss.', world);
    insist(agrees(world), 'The slots differ from what the receiver holds.', world);
    for (const step of world.steps) {
      if (step.after.status === 'open' || step.after.status === 'closing') continue;
      const unresolved = Object.values(step.after.slots).filter(({ status }) => isUnresolved(status));
      insistEqual(unresolved, [], 'Closed with a slot unresolved.', world);
    }
    return world.receiver.answered.size > 0;
  },
};

function isUnresolved(status: string): boolean {
  return status === 'reserved' || status === 'uncertain';
}

function agrees(world: World): boolean {
  if (!world.closed) return true;
  const full = Object.entries(world.state.slots).filter(([, { status }]) => status === 'done');
  const held = world.receiver.held;
  return full.length === held.size && full.every(([slot, { digest }]) => held.get(slot) === digest);
}

export const reviewed: Property = {
  id: '6',
  weight: 4,
  promise: 'no task starts on an unapproved version unless speculative; no effect ever has one upstream',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    world.liftBrakes();
    approveAll(world, { noReviews: true, limit: 60 });
    const { manifest } = scenario;
    const approved = new Set<string>();
    /** By cell and digest: what each way of making it was made from. */
    const madeFrom = new Map<string, { [artifact: string]: Version | null }[]>();
    const running = new Map<string, { [artifact: string]: Version | null }>();
    let seen = 0;
    const parts = partsOf(world.steps);
    const unapproved = (artifact: string, version: Version, element?: string): string[] =>
      cellsOf(manifest, artifact, version, element).flatMap(([cell, digest]) =>
        requiredReviews(manifest, artifact)
          .map((name) => `${name} ${cell} ${digest}`)
          .filter((token) => !approved.has(token)),
      );
    const clean = (
      artifact: string,
      version: Version,
      element: string | undefined,
      depth: number,
    ): boolean => {
      if (unapproved(artifact, version, element).length > 0) return false;
      if (depth === 0) return true;
      return cellsOf(manifest, artifact, version, element).every(([cell, digest, key]) => {
        const ways = madeFrom.get(`${cell} ${digest}`);
        if (!ways) return true;
        return ways.some((needs) =>
          Object.entries(needs).every(([name, need]) => need === null || clean(name, need, key, depth - 1)),
        );
      });
    };
    for (const { outcome, start, perform, seen: page, refused } of world.steps) {
      if (
        outcome.type === 'decision' &&
        refused === null &&
        page?.kind === 'review' &&
        page.cell !== undefined
      ) {
        note(approved, parts, page, outcome.verb);
      }
      if (start) {
        running.set(`${start.task} ${start.attempt}`, start.needs);
        for (const [artifact, version] of Object.entries(start.needs)) {
          if (version === null || manifest.speculative) continue;
          seen += 1;
          insistEqual(
            unapproved(artifact, version, start.element),
            [],
            `${start.task} started on it.`,
            world,
          );
        }
      }
      if (outcome.type === 'result' && outcome.end.kind === 'done') {
        const needs = running.get(`${outcome.task} ${outcome.attempt}`);
        const element = elementOf(outcome.task);
        for (const [artifact, version] of Object.entries(outcome.end.artifacts)) {
          const cell = element === undefined ? artifact : `${artifact}/${element}`;
          const token = `${cell} ${version.digest}`;
          if (needs) madeFrom.set(token, [...(madeFrom.get(token) ?? []), needs]);
        }
      }
      if (outcome.type === 'editApplied' && 'result' in outcome.end) madeFrom.delete(outcome.cell);
      if (perform && perform.verb !== 'undo') {
        for (const [artifact, version] of Object.entries(perform.subjects)) {
          seen += 1;
          insist(
            clean(artifact, version, perform.element, 8),
            `${perform.slot} hangs on something unapproved.`,
            world,
          );
        }
      }
    }
    return seen > 0;
  },
};

/** By digest of a collection that was made or given as a whole: the digests of its elements. */
function partsOf(steps: Step[]): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const { outcome } of steps) {
    const given = 'artifacts' in outcome ? (outcome.artifacts ?? {}) : {};
    const made = outcome.type === 'result' && outcome.end.kind === 'done' ? outcome.end.artifacts : {};
    const edited = outcome.type === 'editApplied' && 'result' in outcome.end ? [outcome.end.result] : [];
    for (const version of [...Object.values(given), ...Object.values(made), ...edited]) {
      const elements = Object.values(version.elements ?? {}).map(({ digest }) => digest);
      parts.set(version.digest, elements);
    }
  }
  return parts;
}

function note(
  approved: Set<string>,
  parts: Map<string, string[]>,
  page: NonNullable<Step['seen']>,
  verb: string,
): void {
  const { name, cell, shown } = page;
  const withParts = (digest: string): string[] => [digest, ...(parts.get(digest) ?? [])];
  const subjects = Object.values(shown.subjects).flatMap((subject) =>
    subject ? withParts(subject.digest) : [],
  );
  if (verb === 'approve') {
    const digests = shown.draft?.result ? withParts(shown.draft.result.digest) : subjects;
    for (const digest of digests) approved.add(`${name} ${cell} ${digest}`);
  }
  if (verb === 'changes') for (const digest of subjects) approved.delete(`${name} ${cell} ${digest}`);
}

/** Cells, with the digest in each, that a version stands for. */
function cellsOf(
  manifest: Manifest,
  artifact: string,
  version: Version,
  element?: string,
): [string, string, string?][] {
  const perElement = Object.values(manifest.tasks).some((task) => artifact in task.produces && task.each);
  if (!perElement) return [[artifact, version.digest]];
  if (version.elements) {
    return Object.entries(version.elements).map(([key, { digest }]) => [`${artifact}/${key}`, digest, key]);
  }
  return element === undefined ? [] : [[`${artifact}/${element}`, version.digest, element]];
}
