import type { Need, Task, View } from './view.ts';
import { evaluate, holdsAlways } from './conditions.ts';
import { makeKey } from './make-key.ts';
import { own } from './records.ts';

/** A task as it is now: what it needs, whether it is wanted at all, and the key of its results. */
export function makeTask(view: View, agent: string, element: string | undefined): Task {
  const declared = view.state.manifest.tasks[agent];
  if (!declared) throw new TypeError(`The manifest has no task ${agent}.`);
  const name = view.graph.nameOf(agent, element);
  const base = { name, agent, element, declared };
  const root = declared.each && view.graph.root(declared.each.over);
  let firm = true;

  if (root !== undefined && element !== undefined) {
    const keys = view.keysOf(root);
    const nothing = { ...base, when: holdsAlways, needs: [] };
    if (keys.state === 'waiting') return { ...nothing, state: 'unsettled', firm: false };
    if (keys.state === 'absent' || !keys.keys.has(element)) {
      return { ...nothing, state: 'absent', firm: keys.firm };
    }
    firm = keys.firm;
  }

  const from = { root, element };
  const when = evaluate(declared.when, (artifact) =>
    view.near(artifact, from, declared.needs[artifact]?.whole ?? false),
  );
  const needs: Need[] = Object.entries(declared.needs).map(([artifact, { optional, whole }]) => ({
    artifact,
    optional,
    cell: view.near(artifact, from, whole),
  }));
  const all = { ...base, when, needs };

  const missing = needs.filter(({ optional, cell }) => !optional && cell.state === 'absent');
  if (when.holds === 'no' || missing.length > 0) {
    const isFirm = (when.holds === 'no' && when.firm) || missing.some(({ cell }) => cell.firm);
    return { ...all, state: 'absent', firm: isFirm };
  }
  if (
    when.holds === 'unknown' ||
    needs.some(({ cell }) => cell.state === 'waiting' || cell.state === 'gated')
  ) {
    return { ...all, state: 'unsettled', firm: false };
  }
  firm = firm && when.firm && needs.every(({ cell }) => cell.firm);
  const key = makeKey(view, name, agent, needs);
  if (own(view.state.tasks, name)?.without === key) return { ...all, state: 'absent', firm };
  return { ...all, state: 'keyed', key, firm };
}
