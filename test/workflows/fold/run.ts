import { expect } from 'vitest';
import type { Version } from '../../../contracts/artifact.ts';
import type { Checkpoint, Verb } from '../../../contracts/checkpoint.ts';
import type { Manifest } from '../../../contracts/manifest.ts';
import type {
  Actor,
  BrakeSet,
  DecisionMade,
  Outcome,
  OutcomeOf,
  TaskEnd,
} from '../../../contracts/outcome.ts';
import type { EffectStart, Next, State, TaskStart } from '../../../contracts/state.ts';
import { decisionDigest } from '../../../contracts/checkpoint.ts';
import { fold } from '../../../workflows/fold/fold.ts';
import { initialState } from '../../../workflows/fold/initial-state.ts';
import { next } from '../../../workflows/fold/next.ts';
import { version } from './manifests.ts';

export const at = '2026-01-01T00:00:00.000Z';

/** A run driven by hand, outcome by outcome; each state is checked to be plain JSON. */
export class Run {
  state: State;
  #ids = 0;

  constructor(
    manifest: Manifest,
    options: { inputs?: { [field: string]: Version }; pinned?: { [artifact: string]: Version } } = {},
  ) {
    const given = Object.keys(manifest.inputs).map((field) => [field, version(`${field} 1`)] as const);
    this.state = initialState({
      run: 'run-1',
      manifest,
      inputs: options.inputs ?? Object.fromEntries(given),
      ...(options.pinned ? { pinned: options.pinned } : {}),
      startedBy: 'starter',
      trusted: ['door'],
    });
  }

  get next(): Next {
    return next(this.state);
  }

  /** What is next, in short: a name each, with its cell, task or slot where that differs. */
  get brief(): { [what in keyof Next]?: unknown } {
    const { ask, start, cancel, applyEdit, perform, wait, close } = this.next;
    const all = {
      ask: ask.map(({ id }) => id),
      start: start.map(({ task }) => task),
      cancel: cancel.map(({ task }) => task),
      applyEdit: applyEdit.map(({ cell }) => cell),
      perform: perform.map(({ slot, verb, n }) => `${verb} ${slot} ${n}`),
      wait: wait.map(({ slot }) => slot),
      close,
    };
    return Object.fromEntries(
      Object.entries(all).filter(
        ([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0),
      ),
    );
  }

  apply(outcome: Outcome): this {
    this.state = fold(this.state, outcome);
    expect(JSON.parse(JSON.stringify(this.state))).toEqual(this.state);
    expect(next(JSON.parse(JSON.stringify(this.state)) as State)).toEqual(this.next);
    return this;
  }

  toStart(task: string): TaskStart {
    const found = this.next.start.find((start) => start.task === task);
    if (!found) throw new Error(`${task} is not to be started: ${JSON.stringify(this.brief)}`);
    return found;
  }

  start(task: string): TaskStart {
    const start = this.toStart(task);
    this.apply({ type: 'started', task, attempt: start.attempt, key: start.key });
    return start;
  }

  end(start: TaskStart, end: TaskEnd, epoch = this.state.epoch): this {
    return this.apply({ type: 'result', task: start.task, attempt: start.attempt, epoch, end });
  }

  /** Starts a task and has it succeed; artifacts are versions, or words that versions are made up from. */
  make(task: string, artifacts: { [artifact: string]: Version | string }): this {
    return this.end(this.start(task), done(artifacts));
  }

  asked(id: string): Checkpoint {
    const found = this.next.ask.find((checkpoint) => checkpoint.id === id);
    if (!found) throw new Error(`${id} is not asked: ${JSON.stringify(this.brief)}`);
    return found;
  }

  decision(checkpoint: Checkpoint, verb: Verb, more: Partial<DecisionMade> = {}): OutcomeOf<'decision'> {
    const { id, kind, basis, round, by } = checkpoint;
    const roles = 'role' in by ? [by.role] : [];
    const person = 'role' in by ? 'somebody' : by.person;
    const digest = decisionDigest(this.state.run, this.state.epoch, checkpoint);
    return {
      type: 'decision',
      at,
      id: this.mint(),
      checkpoint: id,
      kind,
      basis,
      round,
      digest,
      verb,
      by: { person, roles, door: 'door' },
      ...more,
    };
  }

  decide(id: string, verb: Verb, more: Partial<DecisionMade> = {}): this {
    const before = this.state;
    this.apply(this.decision(this.asked(id), verb, more));
    if (this.state === before) throw new Error(`${verb} at ${id} was refused.`);
    return this;
  }

  reserve(slot: string): EffectStart {
    const effect = this.next.perform.find((one) => one.slot === slot);
    if (!effect) throw new Error(`${slot} is not to be performed: ${JSON.stringify(this.brief)}`);
    const { n, verb, digest } = effect;
    this.apply({ type: 'reserved', slot, n, verb, digest });
    return effect;
  }

  ended(
    { slot, n, verb, tries }: EffectStart,
    end: OutcomeOf<'effectEnded'>['end'] = { kind: 'success' },
  ): this {
    return this.apply({ type: 'effectEnded', slot, n, verb, tries, end });
  }

  perform(slot: string, receipt?: Version): this {
    return this.ended(this.reserve(slot), { kind: 'success', ...(receipt ? { receipt } : {}) });
  }

  amend(field: string, to: Version, person = 'somebody'): this {
    const current = this.state.inputs[field];
    const replaces = current?.digest ?? 'none';
    return this.apply({
      type: 'amend',
      id: this.mint(),
      at,
      by: actor(person),
      field,
      replaces,
      version: to,
    });
  }

  invalidate(task: string): this {
    return this.apply({ type: 'invalidate', id: this.mint(), at, by: actor('somebody'), task });
  }

  supply(task: string, key: string, artifacts: { [artifact: string]: Version }, person = 'provider'): this {
    return this.apply({ type: 'supply', id: this.mint(), at, by: actor(person), task, key, artifacts });
  }

  recall(slot: string): this {
    return this.apply({ type: 'recall', id: this.mint(), at, by: actor('somebody'), slot });
  }

  cancel(undo = false): this {
    return this.apply({ type: 'cancel', id: this.mint(), at, by: actor('somebody'), undo });
  }

  brake(set: BrakeSet): this {
    return this.apply({ type: 'brake', id: this.mint(), at, by: actor('somebody'), set });
  }

  close(): this {
    const { close } = this.next;
    if (!close) throw new Error(`Nothing to close: ${JSON.stringify(this.brief)}`);
    return this.apply({ type: 'close', to: close });
  }

  mint(): string {
    this.#ids += 1;
    return `decision-${this.#ids}`;
  }
}

export function actor(person: string, ...roles: string[]): Actor {
  return { person, roles, door: 'door' };
}

export function done(artifacts: { [artifact: string]: Version | string }): TaskEnd {
  const made = Object.entries(artifacts).map(
    ([artifact, it]) => [artifact, typeof it === 'string' ? version(it) : it] as const,
  );
  return { kind: 'done', artifacts: Object.fromEntries(made) };
}

export const failed: TaskEnd = { kind: 'failed', failure: { type: 'Agent.Failed', message: 'It broke.' } };
