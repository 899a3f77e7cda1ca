import type { Checkpoint, Verb } from '../../contracts/checkpoint.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { Actor, DecisionMade } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import { decisionDigest } from '../../contracts/checkpoint.ts';
import { mayDecide } from './allow.ts';
import { meetsSchema } from './meets-schema.ts';
import { splitName } from '../../contracts/element-names.ts';
import { next } from './next.ts';
import { own } from './records.ts';
import { viewOf } from './view.ts';

/** A decision as it arrives; bound to what was seen by its digest, or by basis and round. */
export type Decided = Pick<
  DecisionMade,
  'checkpoint' | 'verb' | 'delta' | 'changes' | 'answer' | 'artifacts'
> & {
  digest?: string;
  basis?: string;
  round?: number;
  by?: Actor;
};

/** The checkpoint that this decision decides now, or the failure type that refuses it. */
export function checkDecision(state: State, decision: Decided): Checkpoint | FailureType {
  if (state.status !== 'open' && state.status !== 'closing') return 'Run.Closed';
  const checkpoint = next(state).ask.find(({ id }) => id === decision.checkpoint);
  if (!checkpoint) return 'Checkpoint.NotOpen';
  if (!isOfThis(state, checkpoint, decision)) return 'Checkpoint.Stale';
  if (!checkpoint.offers.includes(decision.verb)) return 'Checkpoint.NotOffered';
  const forbidden = decision.by && mayDecide(state, checkpoint, decision.by, decision.verb);
  return forbidden ?? checkPayload(state, checkpoint, decision) ?? checkpoint;
}

function isOfThis({ run, epoch }: State, checkpoint: Checkpoint, { digest, basis, round }: Decided): boolean {
  if (digest === undefined && (basis === undefined || round === undefined)) return false;
  if (basis !== undefined && basis !== checkpoint.basis) return false;
  if (round !== undefined && round !== checkpoint.round) return false;
  return digest === undefined || digest === decisionDigest(run, epoch, checkpoint);
}

type Check = (state: State, checkpoint: Checkpoint, decision: Decided) => FailureType | undefined;

const payloads: { [V in Verb]?: Check } = {
  edit: (_, { accepts }, { delta }) =>
    delta === undefined || !accepts.edit || !meetsSchema(accepts.edit, delta)
      ? 'Decision.InvalidEdit'
      : undefined,
  changes: (state, checkpoint, { changes }) =>
    changes && areChanges(state, checkpoint, changes) ? undefined : 'Decision.InvalidChanges',
  redo: (state, checkpoint, { changes }) =>
    !changes || areChanges(state, checkpoint, changes) ? undefined : 'Decision.InvalidChanges',
  answer: (_, { accepts }, { answer }) =>
    answer === undefined || (accepts.answer && !meetsSchema(accepts.answer, answer))
      ? 'Decision.InvalidAnswer'
      : undefined,
  supply: (state, { accepts, task }, { artifacts }) => {
    const wanted = Object.keys(accepts.supply ?? {});
    const given = artifacts ?? {};
    const isWhole = wanted.every((artifact) => Object.hasOwn(given, artifact));
    return isWhole && areProduced(state, task ?? '', given) ? undefined : 'Decision.InvalidSupply';
  },
};

function checkPayload(state: State, checkpoint: Checkpoint, decision: Decided): FailureType | undefined {
  return payloads[decision.verb]?.(state, checkpoint, decision);
}

function areChanges(
  state: State,
  { accepts }: Checkpoint,
  { task, fields, inputs }: NonNullable<DecisionMade['changes']>,
): boolean {
  const schema = own(accepts.changes, task) ?? ofElement(state, accepts.changes, task);
  if (!schema || !meetsSchema(schema, fields)) return false;
  return Object.keys(inputs ?? {}).every((field) => Object.hasOwn(accepts.inputs ?? {}, field));
}

/** An agent that may be named may be named for one of its elements alone. */
function ofElement<T>(
  state: State,
  accepted: { [task: string]: T } | undefined,
  task: string,
): T | undefined {
  const { base, element } = splitName(task);
  const each = own(state.manifest.tasks, base)?.each;
  if (element === undefined || !each) return undefined;
  const view = viewOf(state);
  const keys = view.keysOf(view.graph.root(each.over));
  return keys.state === 'known' && keys.keys.has(element) ? own(accepted, base) : undefined;
}

/** Whether these are artifacts of the task, with facts as it declares them. */
export function areProduced(
  state: State,
  task: string,
  artifacts: NonNullable<DecisionMade['artifacts']>,
): boolean {
  const produces = own(state.manifest.tasks, splitName(task).base)?.produces ?? {};
  const given = Object.entries(artifacts);
  return (
    given.length > 0 &&
    given.every(([artifact, version]) => {
      const declared = own(produces, artifact);
      if (!declared || Object.hasOwn(state.pinned, artifact)) return false;
      const { facts: schema, collection } = declared;
      if (collection && !version.elements) return false;
      const each = collection ? Object.values(version.elements ?? {}) : [version];
      return !schema || each.every(({ facts }) => meetsSchema(schema, facts));
    })
  );
}
