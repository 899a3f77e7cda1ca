import type { Checkpoint, Verb } from '../../../contracts/checkpoint.ts';
import type { Rules } from './rules.ts';
import type { Choice, Scenario } from './scenario.ts';
import { decisionDigest } from '../../../contracts/checkpoint.ts';
import { baseOf } from './graph.ts';
import { World } from './world.ts';
import { hash } from './behaviour.ts';

/** A run of the scenario by its schedule: work, decisions, commands, faults and restarts as the choices have them. */
export function walk(rules: Rules, scenario: Scenario): World {
  const world = new World(rules, scenario);
  world.look();
  for (const choice of scenario.schedule) {
    take(world, choice);
    world.look();
  }
  return world;
}

/** One move of the world by one choice. Kinds: 0 to 59 work, to 82 decisions, to 91 faults, else commands. */
function take(world: World, { kind, pick, detail }: Choice): void {
  if (world.closed) {
    if (kind < 30) world.restart();
    else fault(world, pick, detail);
    return;
  }
  if (kind >= 92) {
    pickFrom(world.commands(detail), pick)?.();
    return;
  }
  if (kind >= 83) {
    fault(world, pick, detail);
    return;
  }
  const { ask } = world.next();
  const work = workOf(world, detail);
  if (ask.length > 0 && (kind >= 60 || work.length === 0)) decide(world, ask, pick, detail);
  else pickFrom(work, pick)?.();
}

function workOf(world: World, detail: number): (() => void)[] {
  const fates = world.effects.map((effect) => () => world.endEffect(effect, detail % 100));
  const failing = detail % 10 === 0 ? world.edits.map((edit) => () => world.endEdit(edit, true)) : [];
  return [...world.work(), ...fates, ...failing];
}

function decide(world: World, ask: Checkpoint[], pick: number, detail: number): void {
  const checkpoint = pickFrom(ask, pick);
  if (!checkpoint) return;
  const verbs = world.truthful(checkpoint);
  // Approval is the common case: without this weight most runs would be rejected before an effect.
  const eager = verbs.filter((verb) => verb === 'approve' || verb === 'retry');
  const verb = pickFrom(detail % 2 === 0 && eager.length > 0 ? eager : verbs, detail >> 1);
  if (verb === undefined) return;
  const person = ['p0', 'p1', 'p2', 'p3', 'starter'][(detail >> 4) % 5] ?? 'p0';
  world.decide(world.decision(checkpoint, verb, person, detail >> 5), checkpoint);
}

/** Something arrives that should change nothing, or only by its proof. */
function fault(world: World, pick: number, detail: number): void {
  const moves: (() => void)[] = [];
  for (const attempt of world.fenced) moves.push(() => world.finish(attempt, true));
  for (const proof of world.proofs) moves.push(() => world.apply(proof));
  for (const decision of world.sent.slice(-3)) {
    // The page that it was taken on: the same checkpoint may have shown other things since and before.
    const page = world.pages.find(
      ({ checkpoint, epoch }) => decisionDigest(world.state.run, epoch, checkpoint) === decision.digest,
    );
    // The very same decision, and a rival of it with another id.
    const rival = { ...decision, id: world.mint() };
    if (page) moves.push(() => world.decide(detail % 2 === 0 ? decision : rival, page.checkpoint, true));
  }
  const page = pickFrom(world.pages, detail);
  if (page) {
    const { checkpoint, epoch } = page;
    const verb: Verb | undefined = pickFrom(world.truthful(checkpoint), detail >> 3);
    if (verb !== undefined) {
      moves.push(() => world.decide(world.decision(checkpoint, verb, 'p1', detail, epoch), checkpoint, true));
    }
  }
  pickFrom(moves, pick)?.();
}

/** Lets all work come to an end, in an order of its own, without any person. False if it never does. */
export function quiesce(world: World, order: number, limit = 500): boolean {
  for (let turn = 0; turn < limit; turn++) {
    if (world.closed) return true;
    const moves = world.work();
    if (moves.length === 0) return true;
    pickFrom(moves, hash([order, turn]))?.();
  }
  return false;
}

const preferred: Verb[] = [
  'approve',
  'withdrawEdit',
  'answer',
  'supply',
  'happened',
  'didNot',
  'retry',
  'amend',
  'undoThenDo',
  'undo',
  'leave',
  'redo',
  'without',
  'stop',
];

export interface Approval {
  /** A task whose results never arrive. */
  withheld?: string;
  limit?: number;
  /** Stops before the run closes. */
  open?: boolean;
  /** Leaves reviews to others. */
  noReviews?: boolean;
  /** Called when nothing but a person's decision can go on. */
  atRest?: (world: World) => void;
}

/** Every task succeeds and somebody new approves all that is asked, until the run closes: whether it did. */
export function approveAll(world: World, approval: Approval = {}): boolean {
  const { limit = 600, open = false } = approval;
  world.allSucceed = true;
  for (let turn = 0; turn < limit; turn++) {
    if (world.closed) return true;
    if (open && world.next().close !== undefined) return true;
    if (!approveOne(world, approval)) return false;
  }
  return false;
}

function approveOne(world: World, { withheld, noReviews = false, atRest }: Approval): boolean {
  const isWithheld = (task: string): boolean => baseOf(task) === withheld;
  const held = world.attempts.filter((attempt) => isWithheld(attempt.start.task));
  world.attempts = world.attempts.filter((attempt) => !held.includes(attempt));
  const moves = world.work();
  world.attempts.push(...held);
  const [move] = moves;
  if (move) {
    move();
    return true;
  }
  atRest?.(world);
  for (const checkpoint of world.look()) {
    if (checkpoint.task !== undefined && isWithheld(checkpoint.task)) continue;
    if (noReviews && checkpoint.kind === 'review') continue;
    const offers = world.truthful(checkpoint);
    const verb = preferred.find((one) => offers.includes(one));
    if (verb === undefined) continue;
    world.decide(world.decision(checkpoint, verb, `somebody-${world.minted}`, 4), checkpoint);
    return true;
  }
  for (const [agent, { maker }] of Object.entries(world.scenario.manifest.tasks)) {
    if (maker !== 'outside' || isWithheld(agent)) continue;
    const key = world.rules.keyOf(world.state, agent);
    if (key === undefined || world.rules.isMade(world.state, agent)) continue;
    world.supply(agent, key, world.actor('provider'), 4);
    return true;
  }
  return false;
}

export function pickFrom<A>(list: readonly A[], pick: number): A | undefined {
  return list[pick % Math.max(1, list.length)];
}
