import type { Actor, Outcome } from '../../contracts/outcome.ts';
import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { Json } from '../../contracts/json.ts';
import type { Act } from '../../contracts/messages.ts';
import type { State } from '../../contracts/state.ts';
import type { Who } from '../../contracts/manifest.ts';
import { decisionDigest } from '../../contracts/checkpoint.ts';
import { VerifiedAct } from '../../contracts/signed-act.ts';
import { mayDecide } from '../fold/allow.ts';
import { next } from '../fold/next.ts';
import { whyNot } from './meets-schema.ts';
import { readAct } from './read-act.ts';

export type Judgement =
  | { kind: 'refused'; type: FailureType; message: string }
  | { kind: 'seen'; id: string }
  | { kind: 'accepted'; outcome: Outcome };

type DecideAct = Extract<Act, { kind: 'decide' }>;

const refuse = (type: FailureType, message: string): Judgement => ({ kind: 'refused', type, message });

/** Whether an act counts now, and as which outcome. `now` in milliseconds of workflow time. */
export function judgeAct(state: State, received: unknown, now: number): Judgement {
  if (!(received instanceof VerifiedAct)) return refuse('Decision.Unsigned', 'This act bears no signature.');
  if (received.by === '') return refuse('Decision.BadSignature', 'The signature of this act does not hold.');
  if (!state.trusted.includes(received.by)) {
    return refuse(
      'Decision.Untrusted',
      `The run does not trust the door with the key ${received.by.slice(0, 16)}.`,
    );
  }
  const act = readAct(received.act);
  if (!act) return refuse('Decision.Malformed', 'This act does not have the form of one.');
  if (act.run !== state.run || act.epoch !== state.epoch) {
    return refuse(
      'Decision.WrongRun',
      `Signed for run ${act.run}, epoch ${act.epoch}; this is run ${state.run}, epoch ${state.epoch}.`,
    );
  }
  if (Object.hasOwn(state.seen, act.id)) return { kind: 'seen', id: act.id };
  if (now > Date.parse(act.expiresAt))
    return refuse('Decision.Expired', `Act ${act.id} was good until ${act.expiresAt}.`);
  const by: Actor = { person: act.person, roles: act.roles, door: received.by };
  return act.kind === 'decide' ? judgeDecision(state, act, by) : judgeCommand(state, act, by);
}

function judgeDecision(state: State, act: DecideAct, by: Actor): Judgement {
  const checkpoint = next(state).ask.find((one) => one.id === act.checkpoint);
  if (!checkpoint) return refuse('Checkpoint.NotOpen', `Nothing is asked at ${act.checkpoint} now.`);
  if (decisionDigest(state.run, state.epoch, checkpoint) !== act.digest) {
    return refuse(
      'Checkpoint.Stale',
      `What ${checkpoint.name} shows has changed since this decision was made.`,
    );
  }
  if (!checkpoint.offers.includes(act.verb)) {
    return refuse(
      'Checkpoint.NotOffered',
      `${checkpoint.name} offers ${checkpoint.offers.join(', ')}, not ${act.verb}.`,
    );
  }
  const forbidden = mayDecide(state, checkpoint, by, act.verb);
  if (forbidden) return refuse(forbidden, whyForbidden(checkpoint, act.person, forbidden));
  const wrong = judgePayload(state, checkpoint, act);
  if (wrong) return wrong;
  const { id, verb, digest, delta, changes, answer, artifacts, undo, reason } = act;
  const { words, inputs, ...asked } = changes ?? { task: '', fields: {} };
  return {
    kind: 'accepted',
    outcome: {
      type: 'decision',
      at: act.at,
      id,
      checkpoint: checkpoint.id,
      kind: checkpoint.kind,
      basis: checkpoint.basis,
      round: checkpoint.round,
      digest,
      verb,
      by,
      ...(delta !== undefined && { delta: delta as Json }),
      ...(changes && {
        changes: { ...asked, ...(words !== undefined && { words }), ...(inputs && { inputs }) },
      }),
      ...(answer !== undefined && { answer: answer as Json }),
      ...(artifacts && { artifacts }),
      ...(undo !== undefined && { undo }),
      ...(reason !== undefined && { reason }),
    } as Outcome,
  };
}

function whyForbidden(checkpoint: Checkpoint, person: string, type: FailureType): string {
  const who = 'role' in checkpoint.by ? `a person in the role ${checkpoint.by.role}` : checkpoint.by.person;
  return type === 'Decision.FourEyes'
    ? `${checkpoint.name} needs four eyes, and ${person} took part in what is decided.`
    : `${checkpoint.name} is decided by ${who}, not by ${person}.`;
}

/** Null if what comes with the verb is what the checkpoint accepts. */
function judgePayload(state: State, checkpoint: Checkpoint, act: DecideAct): Judgement | null {
  const { accepts } = checkpoint;
  if (act.verb === 'edit') {
    const why = accepts.edit ? whyNot(act.delta as Json, accepts.edit) : 'nothing may be edited here';
    if (act.delta === undefined || why)
      return refuse('Decision.InvalidEdit', `The edit: ${why ?? 'is missing'}`);
  }
  if (act.verb === 'changes' || act.verb === 'redo') return judgeChanges(state, checkpoint, act);
  if (act.verb === 'answer') {
    const why = accepts.answer ? whyNot(act.answer as Json, accepts.answer) : null;
    if (act.answer === undefined || why)
      return refuse('Decision.InvalidAnswer', `The answer: ${why ?? 'is missing'}`);
  }
  if (act.verb === 'supply') {
    const wanted = Object.keys(accepts.supply ?? {});
    const given = Object.keys(act.artifacts ?? {});
    if (given.length === 0 || given.some((name) => !wanted.includes(name))) {
      return refuse(
        'Decision.InvalidSupply',
        `Supply ${wanted.join(', ') || 'nothing'} here, not ${given.join(', ') || 'nothing'}.`,
      );
    }
  }
  return null;
}

function judgeChanges(state: State, checkpoint: Checkpoint, act: DecideAct): Judgement | null {
  const changes = act.changes;
  if (!changes) {
    return act.verb === 'redo'
      ? null
      : refuse('Decision.InvalidChanges', 'The request says neither whom it asks nor what.');
  }
  const schema = checkpoint.accepts.changes?.[changes.task];
  if (!schema) {
    const may = Object.keys(checkpoint.accepts.changes ?? {}).join(', ') || 'nobody';
    return refuse(
      'Decision.InvalidChanges',
      `${checkpoint.name} may ask ${may} for changes, not ${changes.task}.`,
    );
  }
  const why = whyNot(changes.fields as Json, schema);
  if (why) return refuse('Decision.InvalidChanges', `The fields for ${changes.task}: ${why}`);
  for (const [field, version] of Object.entries(changes.inputs ?? {})) {
    const wrong = judgeInput(state, field, version.facts);
    if (wrong) return refuse('Decision.InvalidChanges', wrong);
  }
  return null;
}

/** Null if this input may be amended to a value with these facts; scalar inputs carry their value as a fact. */
function judgeInput(state: State, field: string, facts: { [fact: string]: Json }): string | null {
  const input = Object.hasOwn(state.manifest.inputs, field) ? state.manifest.inputs[field] : undefined;
  if (!input?.amendable) return `The input ${field} is not amendable.`;
  if (facts['value'] === undefined) return null;
  const why = whyNot(facts['value'], input.schema);
  return why && `The input ${field}: ${why}`;
}

const isOneOf = (who: Who, by: Actor): boolean =>
  'role' in who ? by.roles.includes(who.role) : who.person === by.person;

function judgeCommand(state: State, act: Exclude<Act, DecideAct>, by: Actor): Judgement {
  const owns = isOneOf(state.manifest.owner, by);
  const mine = owns || by.person === state.startedBy;
  const { id, at } = act;
  const accepted = (outcome: Outcome): Judgement => ({ kind: 'accepted', outcome });
  const refused = (message: string): Judgement => refuse('Command.Refused', message);
  if (act.kind !== 'supply' && !(act.kind === 'brake' || act.kind === 'trust' ? owns : mine)) {
    return refuse('Decision.NotAllowed', `${by.person} neither started this run nor owns its process.`);
  }
  switch (act.kind) {
    case 'amend': {
      const current = state.inputs[act.field];
      const why = judgeInput(state, act.field, act.version.facts);
      if (why) return refused(why);
      if (current && current.digest !== act.replaces)
        return refuse('Checkpoint.Stale', `The input ${act.field} has changed since.`);
      return accepted({
        type: 'amend',
        id,
        at,
        by,
        field: act.field,
        replaces: act.replaces,
        version: act.version,
      });
    }
    case 'supply': {
      const task = state.manifest.tasks[act.task.split('/')[0]!];
      if (!task) return refused(`This process has no task ${act.task}.`);
      if (task.maker !== 'outside')
        return refused(`${act.task} is not supplied from outside; decide its checkpoint.`);
      const unknown = Object.keys(act.artifacts).filter((name) => !Object.hasOwn(task.produces, name));
      if (unknown.length > 0) return refused(`${act.task} does not provide ${unknown.join(', ')}.`);
      return accepted({ type: 'supply', id, at, by, task: act.task, key: act.key, artifacts: act.artifacts });
    }
    case 'invalidate':
      if (!Object.hasOwn(state.manifest.tasks, act.task.split('/')[0]!))
        return refused(`This process has no task ${act.task}.`);
      return accepted({ type: 'invalidate', id, at, by, task: act.task });
    case 'recall':
      return accepted({ type: 'recall', id, at, by, slot: act.slot });
    case 'cancel':
      return accepted({ type: 'cancel', id, at, by, undo: act.undo });
    case 'brake':
      return accepted({
        type: 'brake',
        id,
        at,
        by,
        set: act.set as { pause?: boolean; askAlways?: boolean },
      });
    case 'trust':
      if (state.trusted.every((one) => act.retire.includes(one)) && act.add.length === 0) {
        return refused('A run that trusts no door could never be decided again.');
      }
      return accepted({ type: 'trust', id, at, by, add: act.add, retire: act.retire });
  }
}
