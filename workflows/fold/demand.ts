import type { Condition } from '../../contracts/manifest.ts';
import type { Truth } from './conditions.ts';
import type { Cell, Slot, Standpoint, Task, View } from './view.ts';
import { splitName } from '../../contracts/element-names.ts';

/** What the run needs to come to its end: everything reached backwards from its outputs and effects. */
export interface Demand {
  cells: Map<string, Cell>;
  tasks: Map<string, Task>;
  slots: Slot[];
  /** Whether the elements of every effect are known for good. */
  slotsKnown: boolean;
}

export function demandOf(view: View): Demand {
  const demand: Demand = { cells: new Map(), tasks: new Map(), slots: [], slotsKnown: true };
  for (const output of Object.keys(view.state.manifest.outputs)) demandCell(view, demand, output);
  for (const effect of Object.keys(view.state.manifest.effects)) demandEffect(view, demand, effect);
  return demand;
}

function demandCell(view: View, demand: Demand, artifact: string, element?: string): void {
  const { graph, state } = view;
  const byElement = graph.isMadeByElement(artifact);
  if (!byElement && element !== undefined) return demandCell(view, demand, artifact);
  const name = view.graph.nameOf(artifact, element);
  if (demand.cells.has(name)) return;
  const cell = view.cell(artifact, element);
  demand.cells.set(name, cell);
  const isPinned = Object.hasOwn(state.pinned, artifact);
  if (byElement && element === undefined) {
    const root = graph.root(artifact);
    if (!isPinned) demandCell(view, demand, root);
    const keys = isPinned ? Object.keys(state.pinned[artifact]?.elements ?? {}) : knownKeys(view, root);
    for (const key of keys) demandCell(view, demand, artifact, key);
    return;
  }
  const producer = graph.producers.get(artifact);
  if (producer?.kind === 'task' && !isPinned) demandTask(view, demand, producer.agent, element);
  if (cell.state === 'waiting' || state.brakes.askAlways) return;
  for (const { review } of graph.reviews.get(artifact) ?? []) {
    demandCondition(view, demand, review.when, { root: graph.root(artifact), element }, artifact);
  }
}

function knownKeys(view: View, root: string): string[] {
  const keys = view.keysOf(root);
  return keys.state === 'known' ? [...keys.keys] : [];
}

function demandCondition(
  view: View,
  demand: Demand,
  when: Condition | undefined,
  from: Standpoint,
  self?: string,
): void {
  for (const artifact of Object.keys(when ?? {})) {
    if (artifact !== self) demandNear(view, demand, artifact, from);
  }
}

function demandNear(view: View, demand: Demand, artifact: string, from: Standpoint, whole = false): void {
  const byElement = from.element !== undefined && !whole && view.graph.root(artifact) === from.root;
  demandCell(view, demand, artifact, byElement ? from.element : undefined);
}

function demandTask(view: View, demand: Demand, agent: string, element: string | undefined): void {
  const task = view.task(agent, element);
  if (demand.tasks.has(task.name)) return;
  demand.tasks.set(task.name, task);
  const { declared } = task;
  const from = { root: declared.each && view.graph.root(declared.each.over), element };
  if (from.root !== undefined) demandCell(view, demand, from.root);
  demandCondition(view, demand, declared.when, from);
  demandNeeds(task.when, task.needs, ({ artifact }) => {
    demandNear(view, demand, artifact, from, declared.needs[artifact]?.whole ?? false);
  });
}

/** All needs once the condition holds; of an absence that may pass, only what it hangs on, so that it is settled. */
function demandNeeds<N extends { cell: Cell; optional?: boolean }>(
  when: Truth,
  needs: N[],
  demandIt: (need: N) => void,
): void {
  if (when.holds !== 'yes') return;
  const missing = needs.filter(({ cell, optional }) => cell.state === 'absent' && !(optional ?? false));
  if (missing.some(({ cell }) => cell.firm)) return;
  for (const need of missing.length > 0 ? missing : needs) demandIt(need);
}

function demandEffect(view: View, demand: Demand, effect: string): void {
  const { state, graph } = view;
  const declared = state.manifest.effects[effect];
  if (!declared || (state.fork && !state.fork.performs)) return;
  const root = graph.effectRoot(declared);
  if (root === undefined) return demandSlot(view, demand, effect);
  demandCell(view, demand, root);
  const elements = new Set(knownKeys(view, root));
  for (const name of Object.keys(state.slots)) {
    const { base, element } = splitName(name);
    if (base === effect && element !== undefined) elements.add(element);
  }
  for (const element of elements) demandSlot(view, demand, effect, element);
  const keys = view.keysOf(root);
  if (keys.state === 'waiting' || !keys.firm) demand.slotsKnown = false;
}

function demandSlot(view: View, demand: Demand, effect: string, element?: string): void {
  const slot = view.slot(effect, element);
  demand.slots.push(slot);
  const from = { root: view.graph.effectRoot(slot.declared), element };
  demandCondition(view, demand, slot.declared.when, from);
  demandNeeds(slot.when, slot.subjects, ({ artifact }) => demandNear(view, demand, artifact, from));
  const authorise = view.graph.authorise.get(effect)?.authorise;
  if (slot.content.state === 'wanted') demandCondition(view, demand, authorise?.when, from);
}
