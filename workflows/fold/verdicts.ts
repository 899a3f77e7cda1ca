import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { State, Verdict } from '../../contracts/state.ts';

export function withVerdict(state: State, basis: string, verdict: Verdict): State {
  return { ...state, verdicts: { ...state.verdicts, [basis]: verdict } };
}

/** The cell, task or slot that a checkpoint is about. */
export function placeOf({
  cell,
  task,
  slot,
  name,
}: Pick<Checkpoint, 'cell' | 'task' | 'slot' | 'name'>): string {
  return cell ?? task ?? slot ?? name;
}

/** Lets a verdict count for another basis too, the same thing as it is shown from now on: nobody decided on that one. */
export function decideBeside(state: State, basis: string, verdict: Omit<Verdict, 'round'>): State {
  return withVerdict(state, basis, { ...verdict, round: state.verdicts[basis]?.round ?? 0 });
}

/** Takes approvals back that nothing came of yet, so that the same basis is asked again. */
export function withdraw(state: State, isMeant: (verdict: Verdict) => boolean): State {
  const withdrawn = Object.entries(state.verdicts).filter(
    ([, verdict]) => grants.has(verdict.verb) && isMeant(verdict),
  );
  if (withdrawn.length === 0) return state;
  const verdicts = { ...state.verdicts };
  for (const [basis, { verb: _, elapsed: __, until: ___, ...verdict }] of withdrawn) {
    verdicts[basis] = { ...verdict, verb: 'withdrawn' };
  }
  return { ...state, verdicts };
}

const grants = new Set<Verdict['verb']>(['approve', 'amend', 'undo', 'undoThenDo']);
