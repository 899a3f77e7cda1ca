import type { Version } from '../../contracts/artifact.ts';
import type { Cell, View } from './view.ts';
import { gate } from './checkpoints/review.ts';
import { remember } from './memory.ts';
import { nameOf } from './names.ts';
import { own } from './records.ts';
import { receiptOf } from './slots.ts';
import { composeVersion, versionId } from './versions.ts';

/** An artifact, or one element of it, as it is now: which version counts, and who has to look at it first. */
export function makeCell(view: View, artifact: string, element: string | undefined): Cell {
  const { state, graph } = view;
  const byElement = graph.isMadeByElement(artifact);
  if (byElement && element === undefined) return composeCell(view, artifact);
  if (!byElement && element !== undefined) return elementOf(view.cell(artifact), element);

  const pinned = own(state.pinned, artifact);
  if (pinned) {
    const version = element === undefined ? pinned : own(pinned.elements, element);
    return settle(view, artifact, element, { made: version, firm: true });
  }
  const producer = graph.producers.get(artifact);
  if (producer?.kind === 'task') {
    const task = view.task(producer.agent, element);
    const base = { ...nameCell(artifact, element), firm: task.firm, reviews: [] };
    if (task.state === 'absent') return { ...base, state: 'absent' };
    if (task.state === 'unsettled') return { ...base, firm: false, state: 'waiting' };
    const made = own(own(state.results, task.name)?.[task.key], artifact);
    return settle(view, artifact, element, { made, firm: task.firm, key: task.key });
  }
  if (producer?.kind === 'receipt') {
    const receipt = receiptOf(view.slot(producer.effect, element));
    if (receipt === 'waiting')
      return { ...nameCell(artifact, element), state: 'waiting', firm: false, reviews: [] };
    return settle(view, artifact, element, { made: receipt ?? undefined, firm: true });
  }
  return settle(view, artifact, element, { made: own(state.inputs, artifact), firm: true });
}

function nameCell(
  artifact: string,
  element: string | undefined,
): Pick<Cell, 'name' | 'artifact' | 'element'> {
  return { name: nameOf(artifact, element), artifact, ...(element === undefined ? {} : { element }) };
}

/** `key` where a task makes it: without a version it is waited for; elsewhere it is absent. */
interface Source {
  made: Version | undefined;
  firm: boolean;
  key?: string;
}

/** The version that counts: what was made, unless a person's edit or supply applies; an overlay that no longer does is offered. */
function settle(
  view: View,
  artifact: string,
  element: string | undefined,
  { made, firm, key }: Source,
): Cell {
  const names = nameCell(artifact, element);
  const overlay = own(view.state.overlays, names.name);
  if (overlay?.kind === 'supply' && key !== undefined && overlay.base === key) {
    return gate(view, { ...names, version: overlay.result, changedBy: overlay.by, firm });
  }
  if (!made)
    return {
      ...names,
      state: key === undefined ? 'absent' : 'waiting',
      firm: key === undefined && firm,
      reviews: [],
    };
  if (overlay?.kind === 'edit' && overlay.base === versionId(made)) {
    return gate(view, { ...names, version: overlay.result, changedBy: overlay.by, firm });
  }
  return gate(view, { ...names, version: made, firm, ...(overlay ? { lapsed: overlay.result } : {}) });
}

/** One element of a collection that was made as a whole: as its collection is. */
function elementOf(whole: Cell, element: string): Cell {
  const base = { ...nameCell(whole.artifact, element), firm: whole.firm, reviews: [] };
  if (whole.state === 'waiting' || whole.state === 'absent') return { ...base, state: whole.state };
  const version = own(whole.version.elements, element);
  return version
    ? { ...base, state: whole.state, version }
    : { ...base, state: whole.state === 'usable' ? 'absent' : 'waiting' };
}

/** A collection made element by element: there once each element is, without those that are absent. */
function composeCell(view: View, artifact: string): Cell {
  const pinned = own(view.state.pinned, artifact);
  const keys = pinned
    ? ({ state: 'known', firm: true, keys: Object.keys(pinned.elements ?? {}) } as const)
    : view.keysOf(view.graph.root(artifact));
  const base = { ...nameCell(artifact, undefined), reviews: [] };
  if (keys.state !== 'known')
    return { ...base, state: keys.state, firm: keys.state === 'absent' && keys.firm };
  let { firm } = keys;
  const elements: [string, Version][] = [];
  for (const key of keys.keys) {
    const cell = view.cell(artifact, key);
    if (cell.state === 'waiting' || cell.state === 'gated') return { ...base, state: 'waiting', firm: false };
    firm &&= cell.firm;
    if (cell.state === 'usable') elements.push([key, cell.version]);
  }
  if (
    pinned &&
    elements.length === keys.keys.length &&
    elements.every(([key, it]) => pinned.elements?.[key] === it)
  ) {
    return { ...base, state: 'usable', version: pinned, firm };
  }
  const version = remember(view.memory, `whole ${artifact}`, elements.flat(), () => composeVersion(elements));
  return { ...base, state: 'usable', version, firm };
}
