import type { Checkpoint, Verb } from '../../contracts/checkpoint.ts';
import type { Actor, BrakeSet } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import type { Cell, View } from './view.ts';
import { isLoosening } from './brakes.ts';
import { grantOf } from './grant.ts';
import { splitName } from '../../contracts/element-names.ts';
import { own } from './records.ts';
import { viewOf } from './view.ts';

const approving = new Set<Verb>(['approve', 'amend', 'undoThenDo']);

/** Null, or why this person may not decide; four eyes bind who approves, not who asks for changes or rejects. */
export function mayDecide(
  state: State,
  checkpoint: Checkpoint,
  { person, roles }: Actor,
  verb: Verb = 'approve',
): null | 'Decision.NotAllowed' | 'Decision.FourEyes' {
  const { by } = checkpoint;
  const isNamed = 'role' in by ? roles.includes(by.role) : by.person === person;
  if (!isNamed) return 'Decision.NotAllowed';
  if (!checkpoint.fourEyes || !approving.has(verb)) return null;
  return tookPart(state, checkpoint).has(person) ? 'Decision.FourEyes' : null;
}

/** Who started the run, and who supplied, edited or amended what the checkpoint is about, or anything upstream of it. */
function tookPart(state: State, { cell, slot }: Checkpoint): Set<string> {
  const view = viewOf(state);
  const people = new Set([state.startedBy]);
  const seen = new Set<string>();
  const open: Cell[] = [];
  if (cell !== undefined) {
    const { base, element } = splitName(cell);
    open.push(view.cell(base, element));
    const draft = own(state.drafts, cell);
    if (draft) people.add(draft.by);
  }
  if (slot !== undefined) {
    const { base, element } = splitName(slot);
    open.push(...view.slot(base, element).subjects.map((subject) => subject.cell));
  }
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (seen.has(one.name)) continue;
    seen.add(one.name);
    if (one.changedBy !== undefined) people.add(one.changedBy);
    for (const person of own(state.amendedBy, one.artifact) ?? []) people.add(person);
    open.push(...upstream(view, one));
  }
  return people;
}

function upstream(view: View, { artifact, element }: Cell): Cell[] {
  const { graph, state } = view;
  if (Object.hasOwn(state.pinned, artifact) && element !== undefined) return [];
  if (graph.isMadeByElement(artifact) && element === undefined) {
    const root = graph.root(artifact);
    const keys = view.keysOf(root);
    const elements = keys.state === 'known' ? Array.from(keys.keys, (key) => view.cell(artifact, key)) : [];
    return [view.cell(root), ...elements];
  }
  if (Object.hasOwn(state.pinned, artifact)) return [];
  const producer = graph.producers.get(artifact);
  if (!graph.isMadeByElement(artifact) && element !== undefined) return [view.cell(artifact)];
  if (producer?.kind === 'receipt')
    return view.slot(producer.effect, element).subjects.map(({ cell }) => cell);
  if (producer?.kind !== 'task') return [];
  const { needs, declared } = view.task(producer.agent, element);
  const root = declared.each && graph.root(declared.each.over);
  const conditions = Object.keys(declared.when ?? {}).map((name) => view.near(name, { root, element }));
  return [...needs.map(({ cell }) => cell), ...conditions, ...(root === undefined ? [] : [view.cell(root)])];
}

/** Whether this person may give a command outside of checkpoints: who owns the process, or, for most, who started the run. */
export function mayCommand(
  state: State,
  command: {
    kind: 'amend' | 'supply' | 'invalidate' | 'recall' | 'cancel' | 'brake' | 'trust';
    slot?: string;
    set?: BrakeSet;
  },
  { person, roles }: Pick<Actor, 'person' | 'roles'>,
): boolean {
  const { kind, slot, set = {} } = command;
  // What another system hands in is vouched for by its door alone; doors, and letting go of brakes, are the owner's.
  if (kind === 'supply') return true;
  const { owner } = state.manifest;
  const owns = 'role' in owner ? roles.includes(owner.role) : owner.person === person;
  if (owns || (kind !== 'trust' && !isLoosening(set) && person === state.startedBy)) return true;
  // Who authorised something may take their own word back.
  const basis = slot === undefined ? undefined : grantOf(state, slot);
  return kind === 'recall' && basis !== undefined && state.verdicts[basis]?.by === person;
}
