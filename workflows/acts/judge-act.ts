import type { Actor, BrakeSet, DecisionMade, Outcome } from '../../contracts/outcome.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { Json, JsonSchema } from '../../contracts/json.ts';
import type { Act } from '../../contracts/act.ts';
import type { State } from '../../contracts/state.ts';
import { carriesOwnFact } from '../../contracts/input-facts.ts';
import { isSeenAs } from '../../contracts/seen.ts';
import { VerifiedAct } from '../../contracts/signed-act.ts';
import { mayCommand } from '../fold/allow.ts';
import { applyBrakes } from '../fold/brakes.ts';
import { checkDecision } from '../fold/check-decision.ts';
import { checkCommand } from '../fold/commands.ts';
import type { Command } from '../fold/commands.ts';
import { whyNot } from '../fold/meets-schema.ts';
import { next } from '../fold/next.ts';
import { readAct } from './read-act.ts';
import { baseOf } from '../../contracts/element-names.ts';

export type Judgement =
  | { kind: 'refused'; type: FailureType; message: string }
  | { kind: 'seen'; id: string }
  | { kind: 'accepted'; id: string; outcome: Outcome };

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
  if (Object.hasOwn(state.seen, act.id)) {
    if (isSeenAs(state.seen[act.id], act)) return { kind: 'seen', id: act.id };
    return refuse('Decision.IdInUse', `Another decision of this run bears the id ${act.id}.`);
  }
  if (now > Date.parse(act.expiresAt))
    return refuse('Decision.Expired', `Act ${act.id} was good until ${act.expiresAt}.`);
  const by: Actor = { person: act.person, roles: act.roles, door: received.by };
  return act.kind === 'decide' ? judgeDecision(state, act, by) : judgeCommand(state, act, by);
}

function judgeDecision(state: State, act: DecideAct, by: Actor): Judgement {
  const { id, checkpoint: place, digest, verb, delta, changes, answer, artifacts, undo, reason, at } = act;
  const sent = {
    verb,
    digest,
    ...(delta !== undefined && { delta: delta as Json }),
    ...(changes && { changes: changes as NonNullable<DecisionMade['changes']> }),
    ...(answer !== undefined && { answer: answer as Json }),
    ...(artifacts && { artifacts: artifacts as NonNullable<DecisionMade['artifacts']> }),
  };
  const found = checkDecision(state, { ...sent, checkpoint: place, by });
  if (typeof found === 'string') return refuse(found, whyRefused(state, act, found));
  const wrong = Object.entries(changes?.inputs ?? {}).map(([field, { facts }]) =>
    whyNotInput(state, field, facts),
  );
  const why = wrong.find((one) => one !== null);
  if (why) return refuse('Decision.InvalidChanges', why);
  const { kind, basis, round } = found;
  return {
    kind: 'accepted',
    id,
    outcome: {
      type: 'decision',
      at,
      id,
      checkpoint: place,
      kind,
      basis,
      round,
      by,
      ...sent,
      ...(undo !== undefined && { undo }),
      ...(reason !== undefined && { reason }),
    },
  };
}

/** In words, with the place where a payload does not fit. */
function whyRefused(state: State, act: DecideAct, type: FailureType): string {
  const checkpoint = next(state).ask.find(({ id }) => id === act.checkpoint);
  if (!checkpoint) return `Nothing is asked at ${act.checkpoint} now.`;
  const { name, offers, accepts, by } = checkpoint;
  const task = act.changes?.task ?? 'nobody';
  const fields = accepts.changes?.[task];
  const messages: { [T in FailureType]?: () => string } = {
    'Checkpoint.Stale': () => `What ${name} shows has changed since this decision was made.`,
    'Checkpoint.NotOffered': () => `${name} offers ${offers.join(', ')}, not ${act.verb}.`,
    'Decision.FourEyes': () => `${name} needs four eyes, and ${act.person} took part in what is decided.`,
    'Decision.NotAllowed': () =>
      `${name} is decided by ${'role' in by ? `a person in the role ${by.role}` : by.person}, not by ${act.person}.`,
    'Decision.InvalidEdit': () => `The edit: ${explain(act.delta, accepts.edit)}`,
    'Decision.InvalidAnswer': () => `The answer: ${explain(act.answer, accepts.answer)}`,
    'Decision.InvalidChanges': () =>
      fields
        ? `The changes asked of ${task}: ${explain(act.changes?.fields, fields)}`
        : `${name} may ask ${Object.keys(accepts.changes ?? {}).join(', ') || 'nobody'} for changes, not ${task}.`,
    'Decision.InvalidSupply': () =>
      `Supply ${Object.keys(accepts.supply ?? {}).join(', ') || 'nothing'} here, whole.`,
  };
  return messages[type]?.() ?? `${act.verb} at ${name} is refused.`;
}

function explain(value: unknown, schema: JsonSchema | undefined): string {
  if (value === undefined) return 'is missing';
  return (schema && whyNot(value as Json, schema)) ?? 'is not accepted here';
}

/** Null if this input may be amended to a value with these facts; scalar inputs carry their value as a fact. */
function whyNotInput(state: State, field: string, facts: { [fact: string]: Json }): string | null {
  const input = Object.hasOwn(state.manifest.inputs, field) ? state.manifest.inputs[field] : undefined;
  if (!input?.amendable) return `The input ${field} is not amendable.`;
  if (facts['value'] === undefined) {
    // Without its value, nobody here could tell whether it is one that the process takes.
    return carriesOwnFact(input) ? `The input ${field} comes without its value.` : null;
  }
  const why = whyNot(facts['value'], input.schema);
  return why && `The input ${field}: ${why}`;
}

function judgeCommand(state: State, act: Exclude<Act, DecideAct>, by: Actor): Judgement {
  if (!mayCommand(state, act, by)) return refuse('Decision.NotAllowed', whyMayNot(act, by));
  const command = toCommand(act, by);
  const refused = checkCommand(state, command) ?? whyNotCommand(state, command);
  if (refused) return refuse(refused, `${act.kind} is refused: ${whyCommandRefused(state, act)}`);
  return { kind: 'accepted', id: act.id, outcome: withBrakes(state, command) };
}

/** A brake goes on record with what it changed. */
function withBrakes({ brakes }: State, command: Command): Command {
  if (command.type !== 'brake') return command;
  return { ...command, before: brakes, after: applyBrakes(brakes, command.set) };
}

function whyMayNot({ kind }: Act, { person }: Actor): string {
  if (kind === 'brake') return `${person} does not own this process: who started a run may only hold it.`;
  const authorised = kind === 'recall' ? ', nor authorised this' : '';
  return `${person} neither started this run nor owns its process${authorised}.`;
}

const listed = (slots: string[]): string =>
  slots.length === 0 ? '; nothing can' : `; ${slots.join(', ')} can`;

function toCommand(act: Exclude<Act, DecideAct>, by: Actor): Command {
  const {
    kind: type,
    run: _run,
    epoch: _epoch,
    person: _person,
    roles: _roles,
    expiresAt: _expires,
    nonce: _nonce,
    ...rest
  } = act;
  return { ...rest, type, by } as Command;
}

function whyNotCommand(state: State, command: Command): FailureType | null {
  const task = 'task' in command ? state.manifest.tasks[baseOf(command.task)] : undefined;
  if (command.type === 'brake' && unknownHeld(state, command.set).length > 0) return 'Command.Refused';
  if (command.type === 'supply' && task?.maker !== 'outside') return 'Command.Refused';
  if (command.type === 'amend' && whyNotInput(state, command.field, command.version.facts))
    return 'Command.Refused';
  const left =
    command.type === 'trust' ? state.trusted.filter((key) => !command.retire.includes(key)) : state.trusted;
  // A run that trusts no door could never be decided again.
  return left.length === 0 && command.type === 'trust' && command.add.length === 0 ? 'Command.Refused' : null;
}

/** Agents and connectors to hold that this process does not have. */
function unknownHeld({ manifest }: State, { agents = {}, connectors = {} }: BrakeSet): string[] {
  const used = Object.values(manifest.effects).map(({ connector }) => connector);
  return [
    ...Object.keys(agents).filter((agent) => manifest.tasks[agent]?.maker !== 'agent'),
    ...Object.keys(connectors).filter((connector) => !used.includes(connector)),
  ];
}

function whyCommandRefused(state: State, act: Exclude<Act, DecideAct>): string {
  switch (act.kind) {
    case 'amend':
      return whyNotInput(state, act.field, act.version.facts) ?? `the input ${act.field} has changed since.`;
    case 'supply':
      return `${act.task} does not take ${Object.keys(act.artifacts).join(', ')} from outside now.`;
    case 'invalidate':
      return `this process has no task ${act.task}; it has ${Object.keys(state.manifest.tasks).join(', ')}.`;
    case 'recall':
      return `${act.slot} can't be recalled now${listed(next(state).wait.map(({ slot }) => slot))}.`;
    case 'brake':
      return `this process has no ${unknownHeld(state, act.set as BrakeSet).join(', ')}.`;
    case 'trust':
      return 'the run would trust no door any more.';
    default:
      return `run ${state.run} is ${state.status}.`;
  }
}
