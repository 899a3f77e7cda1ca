import type { TaskStart } from '../../contracts/state.ts';
import type { Unfinished } from '../planner/fixed.ts';
import type { Standing } from './standings.ts';
import type { Task, View } from './view.ts';
import { chooseDerived } from '../planner/derived.ts';
import { arrange, chooseFixed } from '../planner/fixed.ts';
import { remember } from './memory.ts';
import { baseOf } from '../../contracts/element-names.ts';
import { own } from './records.ts';
import { answersTo } from './results.ts';

type Keyed = Extract<Task, { state: 'keyed' }>;

/** The attempts to start now: of the tasks that are ready, those that the planner and the bounds choose. */
export function startsOf(view: View, standings: Map<string, Standing>): TaskStart[] {
  const ready: Keyed[] = [];
  for (const { task, is } of standings.values()) {
    if (is === 'ready' && task.state === 'keyed' && task.declared.maker === 'agent') ready.push(task);
  }
  if (ready.length === 0) return [];
  const { planner } = view.state.manifest;
  const chosen =
    planner.kind === 'fixed'
      ? chooseFixed(turnsOf(view, planner.order), ready, unfinishedAgents(view, standings))
      : chooseDerived(ready);
  return bound(view, chosen).map((task) => startOf(view, task));
}

function startOf(view: View, { name, agent, element, key, needs }: Keyed): TaskStart {
  const { changes, tasks } = view.state;
  const record = own(tasks, name);
  const ofAgent = own(changes, agent);
  const ofTask = element === undefined ? undefined : own(changes, name);
  const words = [ofAgent?.words, ofTask?.words].filter((text) => text !== undefined);
  const answers = answersTo(record, key);
  return {
    task: name,
    agent,
    ...(element === undefined ? {} : { element }),
    attempt: (record?.attempt ?? 0) + 1,
    key,
    needs: Object.fromEntries(
      needs.map(({ artifact, cell }) => [artifact, cell.state === 'usable' ? cell.version : null]),
    ),
    changes: {
      fields: { ...ofAgent?.fields, ...ofTask?.fields },
      ...(words.length > 0 ? { words: words.join('\n') } : {}),
    },
    ...(Object.keys(answers).length > 0 ? { answers } : {}),
  };
}

/** No more of an agent's elements at once than it allows. */
function bound(view: View, chosen: Keyed[]): Keyed[] {
  const free = new Map<string, number>();
  for (const [agent, { each }] of Object.entries(view.state.manifest.tasks)) {
    if (each) free.set(agent, each.atOnce);
  }
  if (free.size === 0) return chosen;
  for (const [name, { running }] of Object.entries(view.state.tasks)) {
    if (!running) continue;
    const agent = baseOf(name);
    const places = free.get(agent);
    if (places !== undefined) free.set(agent, places - 1);
  }
  return chosen.filter(({ agent }) => {
    const places = free.get(agent);
    if (places === undefined) return true;
    free.set(agent, places - 1);
    return places > 0;
  });
}

/** What comes from outside is waited for by whoever needs it, not by the order. */
function unfinishedAgents(view: View, standings: Map<string, Standing>): Unfinished[] {
  const agents = new Map<string, Unfinished>();
  for (const { task, missing } of standings.values()) {
    const { agent, name, declared } = task;
    if (!missing || declared.maker === 'outside') continue;
    const running =
      own(view.state.tasks, name)?.running !== undefined || (agents.get(agent)?.running ?? false);
    agents.set(agent, { agent, running });
  }
  return [...agents.values()];
}

function turnsOf({ state, graph, memory }: View, order: string[]): string[] {
  const { pinned, manifest } = state;
  return remember(memory, 'turns', '', [pinned], () =>
    arrange(order, Object.keys(manifest.tasks), (agent) => graph.agentsAwaited(agent, pinned)),
  );
}
