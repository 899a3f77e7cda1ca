import type { Version } from '../../contracts/artifact.ts';
import { composeVersion } from '../../contracts/collection.ts';
import type { Cell, Keys, View } from './view.ts';
import { gate } from './checkpoints/review.ts';
import { remember } from './memory.ts';
import { own } from './records.ts';
import { receiptOf } from './slots.ts';
import { versionId } from './versions.ts';

type Place = Pick<Cell, 'name' | 'artifact' | 'element'>;

const none: [] = [];

/** An artifact, or one element of it, as it is now: which version counts, and who has to look at it first. */
export function makeCell(view: View, artifact: string, element: string | undefined): Cell {
  const { state, graph } = view;
  const place: Place = { name: graph.nameOf(artifact, element), artifact, element };
  const byElement = graph.isMadeByElement(artifact);
  if (byElement && element === undefined) return composeCell(view, place);
  if (!byElement && element !== undefined) return elementOf(view.cell(artifact), place, element);

  const pinned = own(state.pinned, artifact);
  if (pinned) {
    const version = element === undefined ? pinned : own(pinned.elements, element);
    return settle(view, place, version, true);
  }
  const producer = graph.producers.get(artifact);
  if (producer?.kind === 'task') {
    const task = view.task(producer.agent, element);
    if (task.state === 'absent') return { ...place, state: 'absent', firm: task.firm, reviews: none };
    if (task.state === 'unsettled') return { ...place, state: 'waiting', firm: false, reviews: none };
    const made = own(own(state.results, task.name)?.[task.key], artifact);
    return settle(view, place, made, task.firm, task.key);
  }
  if (producer?.kind === 'receipt') {
    const receipt = receiptOf(view.slot(producer.effect, element));
    if (receipt === 'waiting') return { ...place, state: 'waiting', firm: false, reviews: none };
    return settle(view, place, receipt ?? undefined, true);
  }
  return settle(view, place, own(state.inputs, artifact), true);
}

/**
 * The version that counts: what was made, unless a person's edit or supply applies; one that no longer does is offered.
 * `key` where a task makes it: without a version it is waited for, while elsewhere it is absent.
 */
function settle(view: View, place: Place, made: Version | undefined, firm: boolean, key?: string): Cell {
  const overlay = own(view.state.overlays, place.name);
  if (overlay?.kind === 'supply' && key !== undefined && overlay.base === key) {
    return gate(view, { ...place, version: overlay.result, changedBy: overlay.by, firm });
  }
  if (!made) {
    if (key === undefined) return { ...place, state: 'absent', firm, reviews: none };
    return { ...place, state: 'waiting', firm: false, reviews: none };
  }
  if (overlay?.kind === 'edit' && overlay.base === versionId(made)) {
    return gate(view, { ...place, version: overlay.result, changedBy: overlay.by, firm });
  }
  return gate(view, { ...place, version: made, firm, lapsed: overlay?.result });
}

/** One element of a collection that was made as a whole: as its collection is. */
function elementOf(whole: Cell, place: Place, element: string): Cell {
  const { state, firm } = whole;
  if (state === 'waiting' || state === 'absent') return { ...place, state, firm, reviews: none };
  const version = own(whole.version.elements, element);
  if (version) return { ...place, state, version, firm, reviews: none };
  return { ...place, state: state === 'usable' ? 'absent' : 'waiting', firm, reviews: none };
}

/** A collection made element by element: there once each element is, without those that are absent. */
function composeCell(view: View, place: Place): Cell {
  const { artifact } = place;
  const pinned = own(view.state.pinned, artifact);
  const keys = pinned ? keysOf(pinned) : view.keysOf(view.graph.root(artifact));
  if (keys.state === 'waiting') return { ...place, state: 'waiting', firm: false, reviews: none };
  if (keys.state === 'absent') return { ...place, state: 'absent', firm: keys.firm, reviews: none };
  let { firm } = keys;
  const elements: [string, Version][] = [];
  for (const key of keys.keys) {
    const cell = view.cell(artifact, key);
    if (cell.state === 'waiting' || cell.state === 'gated') {
      return { ...place, state: 'waiting', firm: false, reviews: none };
    }
    firm &&= cell.firm;
    if (cell.state === 'usable') elements.push([key, cell.version]);
  }
  const isAsPinned =
    elements.length === keys.keys.size && elements.every(([key, it]) => own(pinned?.elements, key) === it);
  const version =
    pinned && isAsPinned
      ? pinned
      : remember(view.memory, 'whole', artifact, elements.flat(), () => composeVersion(elements));
  return { ...place, state: 'usable', version, firm, reviews: none };
}

function keysOf({ elements }: Version): Keys {
  return { state: 'known', firm: true, keys: new Set(Object.keys(elements ?? {})) };
}
