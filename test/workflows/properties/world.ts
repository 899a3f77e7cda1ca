import { isDeepStrictEqual } from 'node:util';
import type { Version } from '../../../contracts/artifact.ts';
import type { Checkpoint, Verb } from '../../../contracts/checkpoint.ts';
import type { Json } from '../../../contracts/json.ts';
import type { Actor, Outcome, OutcomeOf, BrakeSet } from '../../../contracts/outcome.ts';
import type { EffectStart, Next, State, TaskStart } from '../../../contracts/state.ts';
import type { Rules } from './rules.ts';
import type { Scenario } from './scenario.ts';
import { decisionDigest } from '../../../contracts/checkpoint.ts';
import { baseOf } from './graph.ts';
import { editedVersion, endOf, hash, versionBy } from './behaviour.ts';
import { Receiver } from './receiver.ts';
import { inputVersion } from './scenario.ts';

/** One thing that happened, with what was so before and after. */
export interface Step {
  before: State;
  after: State;
  outcome: Outcome | { type: 'restarted' } | { type: 'forked' };
  /** For a decision: why it was refused; null if it counted. */
  refused?: string | null;
  /** For a decision: the checkpoint as the person had seen it. */
  seen?: Checkpoint;
  /** For what a fenced attempt, an older epoch or a rival sent. */
  late?: boolean;
  /** For `started`: what the attempt was given. */
  start?: TaskStart;
  /** For `reserved`: what was to be performed. */
  perform?: EffectStart;
}

interface Attempt {
  start: TaskStart;
  epoch: number;
}

interface Edit {
  cell: string;
  base: string;
  version: Version;
  delta: Json;
}

const at = '2026-01-01T00:00:00.000Z';
const roles = ['analyst', 'manager', 'owner'];

/** Everything around a run: attempts under way, calls under way, the receiver, the people, and what they have seen. */
export class World {
  readonly rules: Rules;
  readonly scenario: Scenario;
  state: State;
  receiver = new Receiver();
  steps: Step[] = [];
  attempts: Attempt[] = [];
  fenced: Attempt[] = [];
  edits: Edit[] = [];
  effects: EffectStart[] = [];
  proofs: OutcomeOf<'effectEnded'>[] = [];
  /** Checkpoints as people saw them, with the epoch in which they did. */
  pages: { checkpoint: Checkpoint; epoch: number }[] = [];
  sent: OutcomeOf<'decision'>[] = [];
  allSucceed = false;
  /** Whether calls succeed, or meet a fate that hangs on the call alone. */
  fates: 'success' | 'by call' = 'success';
  minted = 0;
  #next: { of: State; value: Next } | undefined;

  constructor(rules: Rules, scenario: Scenario, state?: State) {
    this.rules = rules;
    this.scenario = scenario;
    this.state =
      state ??
      rules.initialState({
        run: 'run-1',
        manifest: scenario.manifest,
        startedBy: 'starter',
        trusted: ['door'],
        inputs: Object.fromEntries(
          Object.entries(scenario.inputs).map(([field, value]) => [field, inputVersion(value)]),
        ),
      });
  }

  clone(): World {
    const copy = new World(this.rules, this.scenario, this.state);
    copy.receiver = this.receiver.clone();
    copy.steps = [...this.steps];
    copy.attempts = [...this.attempts];
    copy.fenced = [...this.fenced];
    copy.edits = [...this.edits];
    copy.effects = [...this.effects];
    copy.proofs = [...this.proofs];
    copy.pages = [...this.pages];
    copy.sent = [...this.sent];
    copy.allSucceed = this.allSucceed;
    copy.fates = this.fates;
    copy.minted = this.minted;
    return copy;
  }

  next(): Next {
    if (this.#next?.of !== this.state) {
      this.#next = { of: this.state, value: this.rules.next(this.state) };
    }
    return this.#next.value;
  }

  apply(outcome: Outcome, about: Partial<Step> = {}): void {
    const before = this.state;
    this.state = this.rules.fold(before, outcome);
    this.steps.push({ ...about, before, after: this.state, outcome });
  }

  get closed(): boolean {
    return this.state.status !== 'open' && this.state.status !== 'closing';
  }

  actor(person: string): Actor {
    return { person, roles, door: 'door' };
  }

  mint(): string {
    this.minted += 1;
    return `id-${String(this.minted).padStart(6, '0')}`;
  }

  /** What the machine can do now, without a person, the first being the most natural. */
  work(): (() => void)[] {
    const next = this.next();
    const moves: (() => void)[] = [];
    for (const start of next.start) moves.push(() => this.start(start));
    for (const cancel of next.cancel) moves.push(() => this.cancelAttempt(cancel));
    for (const attempt of this.attempts) moves.push(() => this.finish(attempt));
    for (const edit of next.applyEdit) {
      if (!this.edits.some((known) => isDeepStrictEqual(known, takeEdit(edit)))) {
        moves.push(() => this.edits.push(takeEdit(edit)));
      }
    }
    for (const edit of this.edits) moves.push(() => this.endEdit(edit));
    for (const effect of next.perform) {
      if (!this.isUnderWay(effect)) moves.push(() => this.reserve(effect));
    }
    for (const effect of this.effects) {
      const { slot, n, verb, tries } = effect;
      const fate = this.fates === 'success' ? 0 : hash([slot, n, verb, tries]) % 100;
      moves.push(() => this.endEffect(effect, fate));
    }
    for (const { slot, basis, until } of next.wait) {
      const isRunning = until !== undefined;
      moves.push(() => this.apply({ type: isRunning ? 'elapsed' : 'recallable', slot, basis, until: at }));
    }
    const { close } = next;
    if (close !== undefined) moves.push(() => this.apply({ type: 'close', to: close }));
    return moves;
  }

  isUnderWay(effect: EffectStart): boolean {
    return this.effects.some(
      (known) => known.slot === effect.slot && known.n === effect.n && known.verb === effect.verb,
    );
  }

  start(start: TaskStart): void {
    const { task, attempt, key } = start;
    this.attempts.push({ start, epoch: this.state.epoch });
    this.apply({ type: 'started', task, attempt, key }, { start });
  }

  cancelAttempt(cancel: { task: string; attempt: number }): void {
    this.fence((attempt) => attempt.start.task === cancel.task && attempt.start.attempt === cancel.attempt);
    this.apply({ type: 'cancelled', ...cancel });
  }

  finish(attempt: Attempt, late = false): void {
    this.attempts = this.attempts.filter((other) => other !== attempt);
    const { task, attempt: number } = attempt.start;
    const end = endOf(this.scenario, attempt.start, this.allSucceed);
    this.apply({ type: 'result', task, attempt: number, epoch: attempt.epoch, end }, { late });
  }

  endEdit(edit: Edit, fails = false): void {
    this.edits = this.edits.filter((other) => other !== edit);
    const { cell, base, delta, version } = edit;
    this.apply({
      type: 'editApplied',
      cell,
      base,
      delta,
      end: fails
        ? { failure: { type: 'Agent.EditFailed', message: 'made up' } }
        : { result: editedVersion(version, delta) },
    });
  }

  reserve(effect: EffectStart): void {
    const { slot, n, verb, digest } = effect;
    this.effects.push(effect);
    // Reserved in an earlier life of the workflow: launched again without a new reservation.
    if (this.state.slots[slot]?.status === 'reserved') return;
    this.apply({ type: 'reserved', slot, n, verb, digest }, { perform: effect });
  }

  /** `fate`: 0 to 59 success, to 69 refused, to 84 uncertain but landed, to 99 uncertain and not landed. */
  endEffect(effect: EffectStart, fate = 0): void {
    this.effects = this.effects.filter((other) => other !== effect);
    const { slot, n, verb, tries } = effect;
    const ended = { type: 'effectEnded', slot, n, verb, tries } as const;
    const failure = { type: 'Effect.Uncertain', message: 'made up' };
    if (fate >= 60 && fate < 70) {
      this.apply({ ...ended, end: { kind: 'refused', failure: { ...failure, type: 'Effect.Refused' } } });
      return;
    }
    if (fate >= 85) {
      this.apply({ ...ended, end: { kind: 'uncertain', failure } });
      return;
    }
    const receipt = this.receiver.call(effect);
    const proof: OutcomeOf<'effectEnded'> = {
      ...ended,
      end: { kind: 'success', ...(this.hasReceipt(effect) ? { receipt } : {}) },
    };
    if (fate >= 70) {
      this.proofs.push(proof);
      this.apply({ ...ended, end: { kind: 'uncertain', failure } });
      return;
    }
    this.apply(proof);
  }

  private hasReceipt(effect: EffectStart): boolean {
    return effect.verb !== 'undo' && this.scenario.manifest.effects[effect.effect]?.receipt !== undefined;
  }

  /** Notes what is being asked, as pages that people may act on later. */
  look(): Checkpoint[] {
    const { ask } = this.next();
    for (const checkpoint of ask) {
      if (this.pages.length > 200) this.pages.shift();
      this.pages.push({ checkpoint, epoch: this.state.epoch });
    }
    return ask;
  }

  /** The decision of a person on a checkpoint as seen; `choice` settles what comes with the verb. */
  decision(
    checkpoint: Checkpoint,
    verb: Verb,
    person: string,
    choice: number,
    epoch = this.state.epoch,
  ): OutcomeOf<'decision'> {
    const { id, kind, basis, round } = checkpoint;
    return {
      type: 'decision',
      at,
      id: this.mint(),
      checkpoint: id,
      kind,
      basis,
      round,
      digest: decisionDigest(this.state.run, epoch, checkpoint),
      verb,
      by: this.actor(person),
      ...this.extras(checkpoint, verb, choice),
    };
  }

  decide(decision: OutcomeOf<'decision'>, seen: Checkpoint, late = false): void {
    const refused = this.rules.checkDecision(this.state, decision);
    this.sent.push(decision);
    this.apply(decision, { refused, seen, late });
  }

  /** Verbs that a truthful person can choose: nobody claims what the receiver denies. */
  truthful(checkpoint: Checkpoint): Verb[] {
    return checkpoint.offers.filter((verb) => {
      if (verb !== 'happened' && verb !== 'didNot') return true;
      const slot = checkpoint.slot ?? '';
      const held = this.state.slots[slot];
      if (!held?.verb) return true;
      return this.receiver.landed({ slot, n: held.n, verb: held.verb }) === (verb === 'happened');
    });
  }

  private extras(checkpoint: Checkpoint, verb: Verb, choice: number): Partial<OutcomeOf<'decision'>> {
    switch (verb) {
      case 'edit':
        return { delta: { v: choice % 3 } };
      case 'changes':
      case 'redo': {
        const targets = Object.keys(checkpoint.accepts.changes ?? {});
        const task = targets[choice % Math.max(1, targets.length)] ?? checkpoint.task ?? '';
        const amends = 'i1' in (checkpoint.accepts.inputs ?? {}) && choice % 7 === 0;
        return {
          changes: {
            task,
            fields: choice % 3 === 0 ? {} : { v: choice % 3 },
            ...(choice % 5 === 0 ? { words: 'made up' } : {}),
            ...(amends ? { inputs: { i1: inputVersion((choice >> 3) % 3) } } : {}),
          },
        };
      }
      case 'answer':
        return { answer: choice % 2 };
      case 'supply':
        return { artifacts: this.supplied(checkpoint.task ?? '', choice) };
      case 'happened': {
        const slot = checkpoint.slot ?? '';
        const held = this.state.slots[slot];
        const receipt = this.receiver.answered.get(`${slot} ${held?.n} ${held?.verb}`);
        const name = this.scenario.manifest.effects[baseOf(slot)]?.receipt;
        return name === undefined || !receipt || held?.verb === 'undo'
          ? {}
          : { artifacts: { [name]: receipt } };
      }
      case 'reject':
      case 'stop':
        return { undo: choice % 2 === 1 };
      default:
        return {};
    }
  }

  supplied(task: string, choice: number): { [artifact: string]: Version } {
    const agent = baseOf(task);
    const produces = Object.keys(this.scenario.manifest.tasks[agent]?.produces ?? {});
    return Object.fromEntries(
      produces.map((artifact) => [artifact, versionBy(this.scenario, agent, artifact, choice)]),
    );
  }

  /** What people do from outside of checkpoints. */
  commands(choice: number): (() => void)[] {
    const by = this.actor(`p${choice % 3}`);
    const moves: (() => void)[] = [];
    const { manifest } = this.scenario;
    const field = choice % 2 === 0 ? 'i0' : 'i1';
    const current = this.state.inputs[field];
    const version = inputVersion((choice >> 2) % 3);
    if (current) {
      const replaces = this.rules.versionId(choice % 11 === 0 ? inputVersion(9) : current);
      moves.push(() => this.apply({ type: 'amend', id: this.mint(), at, by, field, replaces, version }));
    }
    const tasks = Object.keys(this.state.tasks);
    const task = tasks[choice % Math.max(1, tasks.length)];
    if (task !== undefined) {
      moves.push(() => this.apply({ type: 'invalidate', id: this.mint(), at, by, task }));
    }
    const slots = Object.keys(this.state.slots);
    const slot = slots[choice % Math.max(1, slots.length)] ?? this.next().wait[0]?.slot;
    if (slot !== undefined) moves.push(() => this.apply({ type: 'recall', id: this.mint(), at, by, slot }));
    const whole = [{ pause: true }, { pause: false }, { askAlways: true }, { askAlways: false }];
    const set = choice % 7 === 0 ? this.holds(choice % 3 !== 0)[choice % 2] : whole[choice % 4];
    if (set) moves.push(() => this.apply({ type: 'brake', id: this.mint(), at, by, set }));
    for (const [agent, { maker }] of Object.entries(manifest.tasks)) {
      const key = maker === 'outside' ? this.rules.keyOf(this.state, agent) : undefined;
      if (key !== undefined) moves.push(() => this.supply(agent, key, by, choice));
    }
    if (choice % 6 === 0) {
      moves.push(() => this.apply({ type: 'cancel', id: this.mint(), at, by, undo: choice % 4 === 0 }));
    }
    return moves;
  }

  /** Every agent held, or let go; every connector. */
  private holds(holds: boolean): BrakeSet[] {
    const { tasks, effects } = this.scenario.manifest;
    const all = (names: string[]): { [name: string]: boolean } =>
      Object.fromEntries(names.map((name) => [name, holds]));
    const connectors = Object.values(effects).map(({ connector }) => connector);
    return [{ agents: all(Object.keys(tasks)) }, { connectors: all(connectors) }];
  }

  amend(field: string, value: number, current = this.state.inputs[field]): void {
    const by = this.actor('starter');
    const replaces = current ? this.rules.versionId(current) : '';
    this.apply({ type: 'amend', id: this.mint(), at, by, field, replaces, version: inputVersion(value) });
  }

  supply(task: string, key: string, by: Actor, choice: number): void {
    const artifacts = this.supplied(task, choice);
    this.apply({ type: 'supply', id: this.mint(), at, by, task, key, artifacts });
  }

  invalidate(task: string): void {
    this.apply({ type: 'invalidate', id: this.mint(), at, by: this.actor('starter'), task });
  }

  cancelRun(undo: boolean): void {
    this.apply({ type: 'cancel', id: this.mint(), at, by: this.actor('starter'), undo });
  }

  liftBrakes(): void {
    const by = this.actor('starter');
    const set = Object.assign({ pause: false, askAlways: false }, ...this.holds(false)) as BrakeSet;
    this.apply({ type: 'brake', id: this.mint(), at, by, set });
  }

  /** Starts the closed run again: whatever was under way belongs to an older epoch now. */
  restart(): void {
    const before = this.state;
    this.fence(() => true);
    this.edits = [];
    this.state = this.rules.restart(before);
    this.steps.push({ before, after: this.state, outcome: { type: 'restarted' } });
  }

  /** Goes on with a fork of the run: nothing of the run itself is under way in it. */
  beginAnew(fork: State): void {
    const before = this.state;
    this.attempts = [];
    this.fenced = [];
    this.edits = [];
    this.effects = [];
    this.proofs = [];
    this.pages = [];
    this.sent = [];
    this.receiver = new Receiver();
    this.state = fork;
    this.steps.push({ before, after: fork, outcome: { type: 'forked' } });
  }

  private fence(which: (attempt: Attempt) => boolean): void {
    this.fenced.push(...this.attempts.filter(which));
    this.attempts = this.attempts.filter((attempt) => !which(attempt));
  }
}

function takeEdit(edit: Next['applyEdit'][number]): Edit {
  const { cell, base, version, delta } = edit;
  return { cell, base, version, delta };
}
