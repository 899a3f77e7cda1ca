import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { Next, State } from '../../contracts/state.ts';
import type { Demand } from './demand.ts';
import type { Standing } from './standings.ts';
import type { Slot, View } from './view.ts';
import { askInput, askOutputAbsent, askQuestions, askTaskFailed } from './checkpoints/task-questions.ts';
import { nextClosing } from './closing.ts';
import { mayPerform, mayStart } from './brakes.ts';
import { demandOf } from './demand.ts';
import { overtaken } from './overtaken.ts';
import { performanceOf } from './performance.ts';
import { own } from './records.ts';
import { standingsOf } from './standings.ts';
import { startsOf } from './starts.ts';
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
  const standings = standingsOf(view, demand);
  addReviews(view, demand, plan);
  for (const standing of standings.values()) plan.ask.push(...askAbout(view, standing));
  for (const slot of demand.slots) addSlot(view, plan, slot);
  for (const output of absentOutputs(view)) plan.ask.push(askOutputAbsent(view, output));
  plan.cancel = overtaken(view, demand, standings);
  if (isFinished(view, demand)) plan.close = 'finished';
  // The time to recall goes on: a pause is no more of it.
  plan.perform = plan.perform.filter(({ effect }) => mayPerform(state, effect));
  if (state.brakes.pause) return plan;
  // After the planner has chosen: whoever is held keeps their turn.
  return { ...plan, start: startsOf(view, standings).filter(({ agent }) => mayStart(state, agent)) };
}

function addReviews(view: View, demand: Demand, plan: Next): void {
  for (const { name, artifact, element, reviews, edit } of demand.cells.values()) {
    for (const { checkpoint } of reviews) if (checkpoint) plan.ask.push(checkpoint);
    const producer = view.graph.producers.get(artifact);
    if (edit && producer?.kind === 'task') {
      plan.applyEdit.push({ cell: name, task: view.graph.nameOf(producer.agent, element), ...edit });
    }
  }
}

function askAbout(view: View, { task, is }: Standing): Checkpoint[] {
  if (task.state !== 'keyed') return [];
  const record = own(view.state.tasks, task.name);
  if (is === 'failed' && record?.failed) return [askTaskFailed(view, task, record.failed)];
  if (is === 'asking' && record?.asks) return askQuestions(view, task, record.asks);
  return is === 'ready' && task.declared.maker === 'person' ? [askInput(view, task)] : [];
}

function addSlot(view: View, plan: Next, slot: Slot): void {
  if (slot.ask) plan.ask.push(slot.ask);
  const { wish, declared } = slot;
  if (!wish) return;
  if (declared.recall > 0 && !wish.elapsed) {
    const until = own(view.state.verdicts, wish.basis)?.until;
    plan.wait.push({
      slot: slot.name,
      basis: wish.basis,
      milliseconds: declared.recall,
      ...(until === undefined ? {} : { until }),
    });
  } else plan.perform.push(performanceOf(slot, wish));
}

function absentOutputs(view: View): string[] {
  return Object.entries(view.state.manifest.outputs).flatMap(([output, { optional }]) => {
    const cell = view.cell(output);
    return !optional && cell.state === 'absent' && cell.firm ? [output] : [];
  });
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
