import type { Version } from '../../contracts/artifact.ts';
import type { State } from '../../contracts/state.ts';
import type { Task } from './view.ts';
import { demandOf } from './demand.ts';
import { nameOf, splitName } from '../../contracts/element-names.ts';
import { own } from './records.ts';
import { viewOf } from './view.ts';

/** The key that a task's results are kept under now; undefined while a need waits, or where it is not wanted. */
export function taskKey(state: State, task: string): string | undefined {
  const now = taskNow(state, task);
  return now?.state === 'keyed' ? now.key : undefined;
}

/** Whether all that a task makes is there under its current key. */
export function isMade(state: State, task: string): boolean {
  const now = taskNow(state, task);
  if (now?.state !== 'keyed') return false;
  return Object.keys(now.declared.produces).every(
    (artifact) => viewOf(state).cell(artifact, now.element).state !== 'waiting',
  );
}

function taskNow(state: State, name: string): Task | undefined {
  const { base, element } = splitName(name);
  const declared = own(state.manifest.tasks, base);
  if (!declared || (declared.each === undefined) !== (element === undefined)) return undefined;
  return viewOf(state).task(base, element);
}

export interface CellStanding {
  state: 'waiting' | 'gated' | 'usable' | 'absent';
  firm: boolean;
  version?: Version;
}

/** By cell: how everything that the run needs stands, and in which version. */
export function artifactsOf(state: State): { [cell: string]: CellStanding } {
  const cells = [...demandOf(viewOf(state)).cells.values()];
  return Object.fromEntries(
    cells.map((cell) => [
      nameOf(cell.artifact, cell.element),
      { state: cell.state, firm: cell.firm, ...('version' in cell ? { version: cell.version } : {}) },
    ]),
  );
}
