import type { Demand } from './demand.ts';
import type { Task, View } from './view.ts';
import { own } from './records.ts';

/** Where a demanded task is: nothing to do (done, absent or unsettled), or what it waits for or wants. */
export interface Standing {
  task: Task;
  /** Whether a demanded output of it is not there under its key. */
  missing: boolean;
  is: 'nothing' | 'running' | 'asking' | 'failed' | 'ready';
}

/** By task: where everything that the run needs done stands. */
export function standingsOf(view: View, demand: Demand): Map<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const task of demand.tasks.values()) {
    const missing = isMissing(view, demand, task);
    standings.set(task.name, { task, missing, is: missing ? standingOf(view, task) : 'nothing' });
  }
  return standings;
}

function isMissing(view: View, demand: Demand, task: Task): boolean {
  return Object.keys(task.declared.produces).some(
    (artifact) => demand.cells.get(view.graph.nameOf(artifact, task.element))?.state === 'waiting',
  );
}

function standingOf(view: View, task: Task): Standing['is'] {
  if (task.state !== 'keyed') return 'nothing';
  const { key } = task;
  const record = own(view.state.tasks, task.name);
  if (record?.running?.key === key) return 'running';
  if (record?.failed?.key === key) return 'failed';
  const { asks } = record ?? {};
  if (asks?.key === key && asks.questions.some(({ id }) => !Object.hasOwn(asks.answers, id))) return 'asking';
  return 'ready';
}
