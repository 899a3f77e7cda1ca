import type { Next } from '../../contracts/state.ts';
import type { Demand } from './demand.ts';
import type { Standing } from './standings.ts';
import type { View } from './view.ts';
import { splitName } from '../../contracts/element-names.ts';

/** Attempts that work on what nobody wants any more; where that is not known yet, an attempt goes on. */
export function overtaken(view: View, demand: Demand, standings: Map<string, Standing>): Next['cancel'] {
  const cancel: Next['cancel'] = [];
  for (const [name, { running }] of Object.entries(view.state.tasks)) {
    if (!running) continue;
    const standing = standings.get(name);
    const goesOn = standing
      ? standing.task.state === 'unsettled' || standing.is === 'running'
      : mayBeWanted(view, demand, name, running.key);
    if (!goesOn) cancel.push({ task: name, attempt: running.attempt });
  }
  return cancel;
}

/**
 * Whether what is being made may turn out to want the task again, under the key that it runs under: a collection
 * may come back with its element, a condition may hold again. Else the order in which results arrive would tell.
 */
function mayBeWanted(view: View, demand: Demand, name: string, key: string): boolean {
  const { base, element } = splitName(name);
  const task = view.task(base, element);
  if (task.state === 'absent' || (task.state === 'keyed' && task.key !== key)) return false;
  const waiting: string[] = [];
  for (const cell of demand.cells.values()) if (cell.state === 'waiting') waiting.push(cell.artifact);
  for (const slot of demand.slots) {
    if (slot.content.state === 'waiting') waiting.push(...slot.declared.subjects);
  }
  if (!demand.slotsKnown) {
    for (const effect of Object.values(view.state.manifest.effects)) waiting.push(...effect.subjects);
  }
  return view.graph.agentsBehind(waiting, view.state.pinned).includes(base);
}
