import type { Version } from '../../../contracts/artifact.ts';
import type { Manifest } from '../../../contracts/manifest.ts';
import type { EffectStart, State } from '../../../contracts/state.ts';
import type { Property } from './property.ts';
import type { Step, World } from './world.ts';
import { baseOf, elementOf } from './graph.ts';
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

export const undoneInReverse: Property = {
  id: 'rule 13',
  promise:
    'closing with undo empties each slot that can be emptied, newest first, and closing without touches none',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    if (world.state.status !== 'closing') world.cancelRun(scenario.schedule.length % 2 === 0);
    if (world.state.status !== 'closing') return false;
    world.liftBrakes();
    const undo = world.state.closing?.undo ?? false;
    const from = world.steps.length;
    // Calls that were under way may still fill their slots.
    insist(approveAll(world), 'A closing run never closes.', world);
    const undone = world.steps.slice(from).flatMap(({ perform }) => (perform ? [perform] : []));
    if (!undo) {
      insistEqual(
        undone.filter(({ verb }) => verb === 'undo'),
        [],
        'Undone though nobody asked.',
        world,
      );
      return world.receiver.held.size > 0;
    }
    const { effects } = scenario.manifest;
    const left = [...world.receiver.held.keys()].filter((slot) => effects[baseOf(slot)]?.undoable);
    const refused = new Set(
      world.steps
        .slice(from)
        .flatMap(({ outcome }) => (outcome.type === 'effectEnded' ? [outcome.slot] : [])),
    );
    insistEqual(
      left.filter((slot) => !refused.has(slot)),
      [],
      'Left filled though undo was asked.',
      world,
    );
    const filledAt = undone.map(({ slot }) =>
      world.steps.findLastIndex(
        ({ outcome, perform }, at) =>
          at < from && perform?.verb === 'do' && outcome.type === 'reserved' && outcome.slot === slot,
      ),
    );
    insistEqual(
      filledAt,
      filledAt.toSorted((a, b) => b - a),
      'Not undone newest first.',
      world,
    );
    return undone.length > 1;
  },
};

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

function requiredReviews(manifest: Manifest, artifact: string): string[] {
  return Object.entries(manifest.checkpoints).flatMap(([name, checkpoint]) =>
    checkpoint.kind === 'review' && checkpoint.of === artifact && !checkpoint.when ? [name] : [],
  );
}

export const receipts: Property = {
  id: 'rule 20',
  weight: 3,
  promise: 'who needs a receipt gets the one that the receiver gave for what the slot holds',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    const names = new Map(
      Object.entries(scenario.manifest.effects).flatMap(([name, { receipt, each }]) =>
        receipt === undefined || each ? [] : [[receipt, name] as const],
      ),
    );
    let seen = 0;
    for (const { after } of world.steps) {
      for (const [receipt, slot] of names) {
        const cell = after.slots[slot]?.status === 'undone' ? rules.artifactsOf(after)[receipt] : undefined;
        if (cell)
          insist(cell.state === 'absent', `${slot} was undone, and its receipt is ${cell.state}.`, world);
      }
    }
    for (const { start, before } of world.steps) {
      for (const [artifact, version] of Object.entries(start?.needs ?? {})) {
        const slot = names.get(artifact);
        if (slot === undefined || version === null) continue;
        seen += 1;
        insist(
          before.slots[slot]?.status === 'done',
          `${slot} is not filled, yet its receipt is used.`,
          world,
        );
        const given = [...world.receiver.answered]
          .filter(([key]) => key.startsWith(`${slot} `))
          .map(([, of]) => of.digest);
        insist(given.includes(version.digest), `The receiver never gave ${version.digest}.`, world);
      }
    }
    return seen > 0;
  },
};

export const finishedIsDone: Property = {
  id: 'rule 14',
  promise:
    'a run finishes with every output firm and every effect done with what is current, left or refused',
  scope: {},
  check(rules, scenario) {
    const world = walk(rules, scenario);
    world.liftBrakes();
    approveAll(world);
    const { manifest } = scenario;
    let seen = 0;
    for (const [index, { outcome, before, after }] of world.steps.entries()) {
      if (outcome.type !== 'close' || outcome.to !== 'finished' || after.status !== 'finished') continue;
      const cells = new Map(Object.entries(rules.artifactsOf(before)));
      const isThere = (artifact: string): boolean => {
        const cell = cells.get(artifact);
        return cell?.state === 'usable' && cell.firm;
      };
      for (const [artifact, { optional }] of Object.entries(manifest.outputs)) {
        const isAbsent = cells.get(artifact)?.state === 'absent';
        insist(isThere(artifact) || (optional && isAbsent), `Finished without ${artifact}.`, world);
        const version = cells.get(artifact)?.version;
        // Of a collection made one by one, there may be no element to approve.
        const isWhole = version !== undefined && version.elements === undefined;
        const reviews = isWhole ? requiredReviews(manifest, artifact) : [];
        for (const name of reviews) {
          insist(
            wasApproved(world.steps.slice(0, index), name),
            `Finished though ${name} never approved.`,
            world,
          );
        }
      }
      for (const [slot, { subjects, when, each }] of Object.entries(manifest.effects)) {
        if (when || each || !subjects.every(isThere)) continue;
        seen += 1;
        const held = before.slots[slot];
        const declined = Object.values(before.verdicts).some(
          ({ place, verb }) => place === slot && (verb === 'reject' || verb === 'recalled'),
        );
        if (declined || held?.left !== undefined) continue;
        const wanted = Object.fromEntries(subjects.map((name) => [name, cells.get(name)?.version?.digest]));
        insistEqual(
          lastContent(world.steps.slice(0, index), slot),
          wanted,
          `Finished with ${slot} otherwise.`,
          world,
        );
        insist(held?.status === 'done', `Finished with ${slot} not filled.`, world);
      }
    }
    return seen > 0;
  },
};

function wasApproved(steps: Step[], review: string): boolean {
  return steps.some(
    ({ outcome, refused, seen }) =>
      outcome.type === 'decision' && refused === null && outcome.verb === 'approve' && seen?.name === review,
  );
}

/** By subject: the digests that were last put into a slot. */
function lastContent(steps: Step[], slot: string): { [artifact: string]: string } | undefined {
  const last = steps.findLast(({ perform }) => perform?.slot === slot && perform.verb !== 'undo');
  if (!last?.perform) return undefined;
  return Object.fromEntries(
    Object.entries(last.perform.subjects).map(([artifact, { digest }]) => [artifact, digest]),
  );
}
