import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { DecisionMade } from '../../contracts/outcome.ts';
import type { State } from '../../contracts/state.ts';
import { baseOf, nameOf, splitName } from '../../contracts/element-names.ts';
import { drop, own } from './records.ts';
import { withdraw } from './verdicts.ts';

/** The task is to be made again: fields and words last until others replace them. */
export function askAgain(state: State, task: string, fields: JsonObject = {}, words?: string): State {
  const before = own(state.changes, task) ?? { n: 0, fields: {} };
  const changed = {
    ...before,
    n: before.n + 1,
    fields: { ...before.fields, ...fields },
    ...(words === undefined ? {} : { words }),
  };
  return { ...state, changes: { ...state.changes, [task]: changed } };
}

/** A request for changes at a checkpoint: whoever is named makes it again, and nobody's earlier approval of it stands. */
export function requestChanges(
  state: State,
  checkpoint: Checkpoint,
  { task, fields, inputs, words }: NonNullable<DecisionMade['changes']>,
): State {
  const { base: agent, element } = splitName(task);
  const made = new Set(Object.keys(state.manifest.tasks[agent]?.produces ?? {}));
  const subjects = new Set(Object.keys(checkpoint.shown.subjects));
  const subjectElement = splitName(checkpoint.cell ?? checkpoint.slot ?? '').element;
  const isOf = (cell: string, artifacts: Set<string>, key: string | undefined): boolean => {
    const { base, element: its } = splitName(cell);
    return artifacts.has(base) && (key === undefined || its === undefined || its === key);
  };
  const isSubject = (cell: string): boolean => isOf(cell, subjects, subjectElement);
  const isMade = (cell: string): boolean => isOf(cell, made, element);

  let next = askAgain(state, task, fields, words);
  if (inputs) next = { ...next, inputs: { ...next.inputs, ...inputs } };
  if (checkpoint.cell !== undefined) next = { ...next, drafts: drop(next.drafts, checkpoint.cell) };
  return withdraw(next, ({ kind, place }) => {
    if (kind === 'review') return isSubject(place) || isMade(place);
    if (kind !== 'authorise' && kind !== 'correction') return false;
    const effect = state.manifest.effects[baseOf(place)];
    const key = splitName(place).element;
    return (
      effect?.subjects.some((artifact) => [isSubject, isMade].some((is) => is(nameOf(artifact, key)))) ??
      false
    );
  });
}
