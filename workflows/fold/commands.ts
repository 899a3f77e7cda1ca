import type { FailureType } from '../../contracts/failures.ts';
import type { Outcome, OutcomeOf } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import { askAgain } from './changes.ts';
import { areProduced } from './check-decision.ts';
import { applyBrakes } from './brakes.ts';
import { beginClosing } from './closing.ts';
import { supplyTo } from './decide.ts';
import { grantOf } from './grant.ts';
import { splitName } from '../../contracts/element-names.ts';
import { own } from './records.ts';
import { withVerdict } from './verdicts.ts';
import { versionId } from './versions.ts';
import { viewOf } from './view.ts';

export type Command = Extract<
  Outcome,
  { type: 'amend' | 'supply' | 'invalidate' | 'recall' | 'cancel' | 'brake' | 'trust' }
>;

/** Null, or the failure type that refuses a command given outside of checkpoints. */
export function checkCommand(state: State, command: Command): FailureType | null {
  if (state.status !== 'open' && state.status !== 'closing') return 'Run.Closed';
  const isAlways = command.type === 'brake' || command.type === 'trust';
  if (state.status === 'closing' && !isAlways) return 'Run.Closing';
  switch (command.type) {
    case 'amend':
      return checkAmend(state, command);
    case 'supply': {
      const task = taskOf(state, command.task);
      if (!task || !areProduced(state, command.task, command.artifacts)) return 'Command.Refused';
      return task.state === 'keyed' && task.key === command.key ? null : 'Checkpoint.Stale';
    }
    case 'invalidate':
      return taskOf(state, command.task) || own(state.manifest.tasks, command.task)
        ? null
        : 'Command.Refused';
    case 'recall':
      return grantOf(state, command.slot) ? null : 'Command.Refused';
    default:
      return null;
  }
}

function checkAmend(state: State, { field, replaces }: OutcomeOf<'amend'>): FailureType | null {
  if (!own(state.manifest.inputs, field)?.amendable) return 'Command.Refused';
  const current = own(state.inputs, field);
  if (!current) return null;
  return replaces === versionId(current) || replaces === current.digest ? null : 'Checkpoint.Stale';
}

function taskOf(state: State, name: string) {
  const { base, element } = splitName(name);
  const declared = own(state.manifest.tasks, base);
  if (!declared || (declared.each === undefined) !== (element === undefined)) return undefined;
  return viewOf(state).task(base, element);
}

/** A command counts once, if nothing refuses it. */
export function foldCommand(state: State, command: Command): State {
  if (Object.hasOwn(state.seen, command.id) || checkCommand(state, command)) return state;
  const { id, type, by } = command;
  return { ...apply(state, command), seen: { ...state.seen, [id]: { type, by: by.person } } };
}

function apply(state: State, command: Command): State {
  const { person } = command.by;
  switch (command.type) {
    case 'amend': {
      const { field, version } = command;
      const people = own(state.amendedBy, field) ?? [];
      const amendedBy = people.includes(person)
        ? state.amendedBy
        : { ...state.amendedBy, [field]: [...people, person] };
      return { ...state, inputs: { ...state.inputs, [field]: version }, amendedBy };
    }
    case 'supply':
      return supplyTo(state, command.task, command.artifacts, person);
    case 'invalidate':
      return askAgain(state, command.task);
    case 'recall': {
      const basis = grantOf(state, command.slot);
      if (basis === undefined) return state;
      const verdict = state.verdicts[basis];
      const { kind = 'authorise', round = 0 } = verdict ?? {};
      return withVerdict(state, basis, { verb: 'recalled', round, by: person, kind, place: command.slot });
    }
    case 'cancel':
      return beginClosing(state, 'cancelled', command.undo);
    case 'brake':
      return { ...state, brakes: applyBrakes(state.brakes, command.set) };
    case 'trust': {
      const trusted = [...new Set([...state.trusted, ...command.add])].filter(
        (key) => !command.retire.includes(key),
      );
      return { ...state, trusted };
    }
  }
}

/** The time in which a slot's filling can be recalled runs; it runs once for what was granted. */
export function foldRecallable(state: State, { slot, basis, until }: OutcomeOf<'recallable'>): State {
  return state.verdicts[basis]?.until === undefined ? noteOnGrant(state, slot, basis, { until }) : state;
}

/** The time in which a slot's filling could be recalled is over. */
export function foldElapsed(state: State, { slot, basis }: OutcomeOf<'elapsed'>): State {
  return noteOnGrant(state, slot, basis, { elapsed: true });
}

function noteOnGrant(
  state: State,
  slot: string,
  basis: string,
  note: { until: string } | { elapsed: true },
): State {
  if (state.status !== 'open' || grantOf(state, slot) !== basis) return state;
  const granted = state.verdicts[basis] ?? {
    verb: 'policy',
    round: 0,
    by: 'policy',
    kind: 'authorise',
    place: slot,
  };
  return withVerdict(state, basis, { ...granted, ...note });
}
