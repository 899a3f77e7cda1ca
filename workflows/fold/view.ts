import type { Version } from '../../contracts/artifact.ts';
import type { Checkpoint, CheckpointKind } from '../../contracts/checkpoint.ts';
import type { Json } from '../../contracts/json.ts';
import type { ManifestEffect, ManifestTask } from '../../contracts/manifest.ts';
import type { SlotState, State, Verdict } from '../../contracts/state.ts';
import type { SlotVerb } from '../../contracts/outcome.ts';
import type { Truth } from './conditions.ts';
import type { Graph } from './graph.ts';
import type { Memory } from './memory.ts';
import { makeCell } from './cells.ts';
import { graphOf } from './graph.ts';
import { memoryOf } from './memory.ts';
import { makeSlot } from './slots.ts';
import { makeTask } from './tasks.ts';

/** A review of a cell's version as it stands; `unsure` while its condition waits for other artifacts. */
export interface ReviewView {
  id: string;
  basis: string;
  standing: 'approved' | 'rejected' | 'open' | 'unsure';
  /** For an open one that can be asked now: what is asked. */
  checkpoint?: Checkpoint;
}

interface CellBase {
  name: string;
  artifact: string;
  element: string | undefined;
  /** Nobody's approval is missing here or upstream. */
  firm: boolean;
  reviews: ReviewView[];
  /** An edit that was asked for and not made yet. */
  edit?: { base: string; version: Version; delta: Json };
  /** Who supplied or edited the version in use. */
  changedBy?: string;
}

/** An artifact, or one element of it, as it is now. */
export type Cell = CellBase &
  (
    | { state: 'waiting' }
    | { state: 'absent' }
    | { state: 'gated'; version: Version }
    | { state: 'usable'; version: Version }
  );

export interface Need {
  artifact: string;
  optional: boolean;
  cell: Cell;
}

interface TaskBase {
  name: string;
  agent: string;
  element: string | undefined;
  declared: ManifestTask;
  when: Truth;
  needs: Need[];
  firm: boolean;
}

/** An agent, or its work on one element, as it is now: keyed once every need is usable or absent. */
export type Task = TaskBase &
  ({ state: 'unsettled' } | { state: 'absent' } | { state: 'keyed'; key: string });

/** What a slot should hold by what its effect's subjects are now. */
export type Content =
  | { state: 'waiting' }
  | { state: 'absent' }
  | { state: 'wanted'; digest: string; subjects: { [artifact: string]: Version } };

/** An effect, or its slot for one element, as it is now. */
export interface Slot {
  name: string;
  effect: string;
  element: string | undefined;
  declared: ManifestEffect;
  held: SlotState;
  when: Truth;
  subjects: { artifact: string; cell: Cell }[];
  content: Content;
  /** Current, left, refused or unwanted: nothing to wait for. */
  settled: boolean;
  ask?: Checkpoint;
  wish?: { verb: SlotVerb; digest: string | null; basis: string; elapsed: boolean };
}

/** The keys of a collection. */
export type Keys =
  | { state: 'waiting' }
  | { state: 'absent'; firm: boolean }
  | { state: 'known'; firm: boolean; keys: ReadonlySet<string> };

/** Where something is looked at from: from an element, what descends from the same collection is taken by element. */
export interface Standpoint {
  root?: string | undefined;
  element?: string | undefined;
}

/** All that can be computed from one state, each part of it when it is first asked for. */
export interface View {
  state: State;
  graph: Graph;
  memory: Memory;
  cell(artifact: string, element?: string): Cell;
  near(artifact: string, from: Standpoint, whole?: boolean): Cell;
  task(agent: string, element?: string): Task;
  slot(effect: string, element?: string): Slot;
  keysOf(collection: string): Keys;
  verdict(basis: string): Verdict | undefined;
  /** Whether anything of this kind was ever decided about this place. */
  wasDecided(kind: CheckpointKind, place: string): boolean;
}

const views = new WeakMap<State, View>();

export function viewOf(state: State): View {
  const known = views.get(state);
  if (known) return known;
  const view = makeView(state);
  views.set(state, view);
  return view;
}

function makeView(state: State): View {
  const graph = graphOf(state.manifest);
  const cells = new Map<string, Cell>();
  const tasks = new Map<string, Task>();
  const slots = new Map<string, Slot>();
  const keys = new Map<string, Keys>();
  const view: View = {
    state,
    graph,
    memory: memoryOf(state.manifest),
    cell(artifact, element) {
      const name = graph.nameOf(artifact, element);
      const known = cells.get(name);
      if (known) return known;
      // A manifest whose conditions form a cycle waits for ever instead of recursing for ever.
      cells.set(name, { name, artifact, element, state: 'waiting', firm: false, reviews: [] });
      const cell = makeCell(view, artifact, element);
      cells.set(name, cell);
      return cell;
    },
    near(artifact, { root, element }, whole = false) {
      const byElement = element !== undefined && !whole && graph.root(artifact) === root;
      return view.cell(artifact, byElement ? element : undefined);
    },
    task(agent, element) {
      const name = graph.nameOf(agent, element);
      let task = tasks.get(name);
      if (!task) tasks.set(name, (task = makeTask(view, agent, element)));
      return task;
    },
    slot(effect, element) {
      const name = graph.nameOf(effect, element);
      let slot = slots.get(name);
      if (!slot) slots.set(name, (slot = makeSlot(view, effect, element)));
      return slot;
    },
    keysOf(collection) {
      let known = keys.get(collection);
      if (!known) keys.set(collection, (known = makeKeys(view.cell(collection))));
      return known;
    },
    verdict: (basis) => state.verdicts[basis],
    wasDecided: (kind, place) => decidedPlaces(state.verdicts).has(`${kind} ${place}`),
  };
  return view;
}

function makeKeys(cell: Cell): Keys {
  if (cell.state === 'absent') return { state: 'absent', firm: cell.firm };
  if (cell.state !== 'usable') return { state: 'waiting' };
  return { state: 'known', firm: cell.firm, keys: new Set(Object.keys(cell.version.elements ?? {})) };
}

const places = new WeakMap<State['verdicts'], Set<string>>();

function decidedPlaces(verdicts: State['verdicts']): Set<string> {
  let known = places.get(verdicts);
  if (!known) {
    known = new Set(Object.values(verdicts).map(({ kind, place }) => `${kind} ${place}`));
    places.set(verdicts, known);
  }
  return known;
}
