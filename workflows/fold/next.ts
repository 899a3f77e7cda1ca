import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { Next, State, TaskStart } from '../../contracts/state.ts';
import type { Unfinished } from '../planner/fixed.ts';
import type { Demand } from './demand.ts';
import type { Slot, Task, View } from './view.ts';
import { chooseDerived } from '../planner/derived.ts';
import { chooseFixed } from '../planner/fixed.ts';
import { askInput, askOutputAbsent, askQuestions, askTaskFailed } from './checkpoints/task-questions.ts';
import { nextClosing } from './closing.ts';
import { demandOf } from './demand.ts';
import { nameOf } from './names.ts';
import { performanceOf } from './performance.ts';
import { own } from './records.ts';
import { viewOf } from './view.ts';

const plans = new WeakMap<State, Next>();

/** What a run does next, by its state alone. */
export function next(state: State): Next {
  const known = plans.get(state);
  if (known) return known;
  const plan = makeNext(state);
  plans.set(state, plan);
  return plan;
}

function makeNext(state: State): Next {
  if (state.status === 'closing') return nextClosing(viewOf(state));
  const plan: Next = { ask: [], start: [], cancel: [], applyEdit: [], perform: [], wait: [] };
  if (state.status !== 'open') return plan;
  const view = viewOf(state);
  const demand = demandOf(view);
  for (const cell of demand.cells.values()) {
    for (const { checkpoint } of cell.reviews) if (checkpoint) plan.ask.push(checkpoint);
    const producer = view.graph.producers.get(cell.artifact);
    if (cell.edit && producer?.kind === 'task') {
      plan.applyEdit.push({ cell: cell.name, task: nameOf(producer.agent, cell.element), ...cell.edit });
    }
  }
  for (const task of demand.tasks.values()) plan.ask.push(...askAbout(view, demand, task));
  for (const slot of demand.slots) addSlot(plan, slot);
  plan.ask.push(...absentOutputs(view));
  plan.cancel = overtaken(view, demand);
  if (isFinished(view, demand)) plan.close = 'finished';
  plan.start = choose(view, demand, plan);
  if (state.brakes.pause) return { ...plan, start: [], perform: [], wait: [] };
  return plan;
}

/** Whether a demanded output of the task is not there under its key. */
function isMissing(view: View, demand: Demand, task: Task): boolean {
  return Object.keys(task.declared.produces).some((artifact) => {
    const name = nameOf(artifact, task.element);
    return demand.cells.has(name) && view.cell(artifact, task.element).state === 'waiting';
  });
}

type Standing = 'running' | 'asking' | 'failed' | 'ready' | 'nothing';

function standingOf(view: View, demand: Demand, task: Task): Standing {
  if (task.state !== 'keyed' || !isMissing(view, demand, task)) return 'nothing';
  const record = own(view.state.tasks, task.name);
  if (record?.running?.key === task.key) return 'running';
  if (record?.failed?.key === task.key) return 'failed';
  const { asks } = record ?? {};
  if (asks?.key === task.key && asks.questions.some(({ id }) => !Object.hasOwn(asks.answers, id)))
    return 'asking';
  return 'ready';
}

function askAbout(view: View, demand: Demand, task: Task): Checkpoint[] {
  if (task.state !== 'keyed') return [];
  const record = own(view.state.tasks, task.name);
  switch (standingOf(view, demand, task)) {
    case 'failed':
      return record?.failed ? [askTaskFailed(view, task, record.failed)] : [];
    case 'asking':
      return record?.asks ? askQuestions(view, task, record.asks) : [];
    case 'ready':
      return task.declared.maker === 'person' ? [askInput(view, task)] : [];
    default:
      return [];
  }
}

function absentOutputs(view: View): Checkpoint[] {
  const outputs = Object.entries(view.state.manifest.outputs).filter(([output, { optional }]) => {
    const cell = view.cell(output);
    return !optional && cell.state === 'absent' && cell.firm;
  });
  return outputs.map(([output]) => askOutputAbsent(view, output));
}

/** Attempts that work on what nobody wants any more. */
function overtaken(view: View, demand: Demand): Next['cancel'] {
  const cancel: Next['cancel'] = [];
  for (const [name, { running }] of Object.entries(view.state.tasks)) {
    if (!running) continue;
    const task = demand.tasks.get(name);
    const goesOn =
      task?.state === 'unsettled' ||
      (task?.state === 'keyed' && task.key === running.key && isMissing(view, demand, task));
    if (!goesOn) cancel.push({ task: name, attempt: running.attempt });
  }
  return cancel;
}

function choose(view: View, demand: Demand, plan: Next): TaskStart[] {
  const ready: TaskStart[] = [];
  for (const task of demand.tasks.values()) {
    if (task.declared.maker !== 'agent' || task.state !== 'keyed') continue;
    if (standingOf(view, demand, task) === 'ready') ready.push(startOf(view, task));
  }
  if (ready.length === 0) return ready;
  const { planner } = view.state.manifest;
  const chosen =
    planner.kind === 'fixed'
      ? chooseFixed(planner.order, ready, unfinishedAgents(view, demand), isAtRest(plan, view))
      : chooseDerived(ready);
  return bound(view, chosen);
}

function startOf(view: View, task: Extract<Task, { state: 'keyed' }>): TaskStart {
  const { changes, tasks } = view.state;
  const { name, agent, element, key } = task;
  const record = own(tasks, name);
  const ofAgent = own(changes, agent);
  const ofTask = element === undefined ? undefined : own(changes, name);
  const words = [ofAgent?.words, ofTask?.words].filter((text) => text !== undefined);
  const answers = record?.asks?.key === key ? record.asks.answers : {};
  return {
    task: name,
    agent,
    ...(element === undefined ? {} : { element }),
    attempt: (record?.attempt ?? 0) + 1,
    key,
    needs: Object.fromEntries(
      task.needs.map(({ artifact, cell }) => [artifact, cell.state === 'usable' ? cell.version : null]),
    ),
    changes: {
      fields: { ...ofAgent?.fields, ...ofTask?.fields },
      ...(words.length > 0 ? { words: words.join('\n') } : {}),
    },
    ...(Object.keys(answers).length > 0 ? { answers } : {}),
  };
}

/** No more of an agent's elements at once than it allows. */
function bound(view: View, chosen: TaskStart[]): TaskStart[] {
  const free = new Map<string, number>();
  for (const [agent, { each }] of Object.entries(view.state.manifest.tasks))
    if (each) free.set(agent, each.atOnce);
  if (free.size === 0) return chosen;
  for (const [name, { running }] of Object.entries(view.state.tasks)) {
    const agent = name.slice(0, Math.max(0, name.indexOf('/')));
    const places = free.get(agent);
    if (running && places !== undefined) free.set(agent, places - 1);
  }
  return chosen.filter(({ agent }) => {
    const places = free.get(agent);
    if (places === undefined) return true;
    free.set(agent, places - 1);
    return places > 0;
  });
}

function unfinishedAgents(view: View, demand: Demand): Unfinished[] {
  const agents = new Map<string, Unfinished>();
  for (const task of demand.tasks.values()) {
    if (task.state === 'absent' || (task.state === 'keyed' && !isMissing(view, demand, task))) continue;
    const { agent } = task;
    const running =
      own(view.state.tasks, task.name)?.running !== undefined || (agents.get(agent)?.running ?? false);
    const produced = Object.keys(task.declared.produces);
    agents.set(agent, {
      agent,
      running,
      behind: new Set(view.graph.agentsBehind(produced, view.state.pinned)),
    });
  }
  return [...agents.values()];
}

/** Nothing else moves, by itself or by a person. */
function isAtRest(plan: Next, view: View): boolean {
  const moving = [plan.ask, plan.cancel, plan.applyEdit, plan.perform, plan.wait].some(
    (list) => list.length > 0,
  );
  return !moving && Object.values(view.state.tasks).every(({ running }) => !running);
}

function addSlot(plan: Next, slot: Slot): void {
  if (slot.ask) plan.ask.push(slot.ask);
  const { wish, declared } = slot;
  if (!wish) return;
  if (declared.recall > 0 && !wish.elapsed) {
    plan.wait.push({ slot: slot.name, basis: wish.basis, milliseconds: declared.recall });
  } else plan.perform.push(performanceOf(slot, wish));
}

/** Outputs firm, or firmly absent where they may be; every slot settled; nothing under way. */
function isFinished(view: View, demand: Demand): boolean {
  const outputs = Object.entries(view.state.manifest.outputs);
  return (
    outputs.every(([output, { optional }]) => {
      const cell = view.cell(output);
      return cell.firm && (cell.state === 'usable' || (optional && cell.state === 'absent'));
    }) &&
    demand.slotsKnown &&
    demand.slots.every(({ settled }) => settled) &&
    Object.values(view.state.tasks).every(({ running }) => !running)
  );
}
