import type { ClosedStatus, Next, State } from '../../contracts/state.ts';
import type { View } from './view.ts';
import { mayPerform } from './brakes.ts';
import { askRefused } from './checkpoints/slot-exceptions.ts';
import { undoing } from './checkpoints/undo.ts';
import { splitName } from '../../contracts/element-names.ts';
import { performanceOf } from './performance.ts';

/** The run on its way out: no new work, what is unknown gets known, what was done is undone if asked. */
export function beginClosing(state: State, to: ClosedStatus, undo: boolean): State {
  return { ...state, status: 'closing', closing: { to, undo } };
}

/** Cancels, resolves, undoes the newest first, and then closes. */
export function nextClosing(view: View): Next {
  const { state } = view;
  const plan: Next = { ask: [], start: [], cancel: [], applyEdit: [], perform: [], wait: [] };
  for (const [task, { running }] of Object.entries(state.tasks)) {
    if (running) plan.cancel.push({ task, attempt: running.attempt });
  }
  let unresolved = 0;
  for (const [name, { status }] of Object.entries(state.slots)) {
    if (status !== 'reserved' && status !== 'uncertain') continue;
    unresolved += 1;
    const { base, element } = splitName(name);
    const slot = view.slot(base, element);
    if (slot.ask) plan.ask.push(slot.ask);
  }
  if (unresolved > 0) return plan;

  // The order in which slots were filled is the order of the record: the last one hangs on those before it.
  const newest = state.closing?.undo
    ? Object.keys(state.slots).findLast((name) => isToUndo(view, name))
    : undefined;
  if (newest !== undefined) {
    const { base, element } = splitName(newest);
    const slot = view.slot(base, element);
    const { held } = slot;
    const { wish, ask } = undoing(view, slot);
    if (ask) plan.ask.push(ask);
    if (!wish) return plan;
    if (held.failed && held.verb === 'undo') plan.ask.push(askRefused(view, slot, wish));
    else if (mayPerform(state, base)) plan.perform.push(performanceOf(slot, wish));
  } else if (plan.cancel.length === 0 && state.closing) plan.close = state.closing.to;
  return plan;
}

/** The slot stays filled although the run is closing with undo: a person said so. */
export function leaveFilled(state: State, name: string): State {
  if (!state.closing) return state;
  return { ...state, closing: { ...state.closing, left: [...(state.closing.left ?? []), name] } };
}

function isToUndo({ state }: View, name: string): boolean {
  const { base } = splitName(name);
  const isUndoable = state.manifest.effects[base]?.undoable ?? false;
  return isUndoable && state.slots[name]?.status === 'done' && !state.closing?.left?.includes(name);
}
