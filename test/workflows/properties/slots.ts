import type { Property } from './property.ts';
import type { Step } from './world.ts';
import { baseOf, requiredReviews } from './graph.ts';
import { insist, insistEqual } from './property.ts';
import { approveAll, walk } from './walk.ts';

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
        // Of a run on its way out nothing is demanded any more.
        if (!cell || after.status !== 'open') continue;
        const running = { ...after, brakes: { ...after.brakes, pause: false } };
        const isDue = rules.next(running).perform.some((one) => one.slot === slot);
        // What may be recalled is not due yet, and waited for all the same.
        const mayWait = isDue || (scenario.manifest.effects[slot]?.recall ?? 0) > 0;
        insist(
          cell.state === 'waiting' ? mayWait : cell.state === 'absent' && !isDue,
          `${slot} was undone, and its receipt is ${cell.state}.`,
          world,
        );
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
