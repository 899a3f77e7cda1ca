import type { Version } from '../../contracts/artifact.ts';
import { digestOf } from '../../contracts/json.ts';
import type { SlotState } from '../../contracts/state.ts';
import type { Content, Slot, View } from './view.ts';
import { authorisation } from './checkpoints/authorise.ts';
import { correction } from './checkpoints/correction.ts';
import { askRefused, askUncertain } from './checkpoints/slot-exceptions.ts';
import { evaluate, holdsAlways } from './conditions.ts';
import { remember } from './memory.ts';
import { own } from './records.ts';
import { versionId } from './versions.ts';

export const emptySlot: SlotState = { n: 0, status: 'empty', tries: 0 };

/** A slot as it is now: what it should hold, what is asked about it, and what may be done. */
export function makeSlot(view: View, effect: string, element: string | undefined): Slot {
  const declared = view.state.manifest.effects[effect];
  if (!declared) throw new TypeError(`The manifest has no effect ${effect}.`);
  const name = view.graph.nameOf(effect, element);
  const held = own(view.state.slots, name) ?? emptySlot;
  const base = { name, effect, element, declared, held };
  if (view.state.fork && !view.state.fork.performs) {
    return { ...base, when: holdsAlways, subjects: [], content: { state: 'absent' }, settled: true };
  }
  const slot = { ...base, ...wantedIn(view, base) };
  if (held.status === 'reserved') return { ...slot, settled: false };
  if (held.status === 'uncertain') return { ...slot, settled: false, ask: askUncertain(view, slot) };
  if (slot.content.state === 'waiting') return { ...slot, settled: false };

  const target = slot.content.state === 'wanted' ? slot.content.digest : null;
  const isCurrent = held.status === 'done' ? held.digest === target : target === null;
  if (isCurrent || held.left === target) return { ...slot, settled: true };
  const judged = held.status === 'done' ? correction(view, slot) : authorisation(view, slot);
  const { wish } = judged;
  if (wish && held.failed && held.verb === wish.verb && (held.want ?? null) === wish.digest) {
    return { ...slot, settled: false, ask: askRefused(view, slot, wish) };
  }
  return { ...slot, ...judged };
}

type Wanted = Pick<Slot, 'when' | 'subjects' | 'content'>;

/** What the slot should hold: known once every subject is firm, or one of them firmly absent. */
function wantedIn(view: View, slot: Pick<Slot, 'name' | 'element' | 'declared'>): Wanted {
  const { declared, element } = slot;
  const root = view.graph.effectRoot(declared);
  const from = { root, element };
  if (root !== undefined && element !== undefined) {
    const keys = view.keysOf(root);
    const isGone = keys.state === 'absent' || (keys.state === 'known' && !keys.keys.has(element));
    if (keys.state === 'waiting' || !keys.firm)
      return { when: holdsAlways, subjects: [], content: { state: 'waiting' } };
    if (isGone) return { when: holdsAlways, subjects: [], content: { state: 'absent' } };
  }
  const when = evaluate(declared.when, (artifact) => view.near(artifact, from));
  const subjects = declared.subjects.map((artifact) => ({ artifact, cell: view.near(artifact, from) }));
  return { when, subjects, content: contentOf(view, slot.name, when, subjects) };
}

function contentOf(view: View, name: string, when: Slot['when'], subjects: Slot['subjects']): Content {
  const isUnwanted = when.holds === 'no' && when.firm;
  if (isUnwanted || subjects.some(({ cell }) => cell.state === 'absent' && cell.firm))
    return { state: 'absent' };
  if (when.holds !== 'yes' || !when.firm) return { state: 'waiting' };
  const versions: { [artifact: string]: Version } = {};
  for (const { artifact, cell } of subjects) {
    if (cell.state !== 'usable' || !cell.firm) return { state: 'waiting' };
    versions[artifact] = cell.version;
  }
  const all = Object.values(versions);
  const [only] = all;
  const digest =
    all.length === 1 && only
      ? versionId(only)
      : remember(view.memory, 'content', name, all, () =>
          digestOf(
            Object.fromEntries(Object.entries(versions).map(([artifact, it]) => [artifact, versionId(it)])),
          ),
        );
  return { state: 'wanted', digest, subjects: versions };
}

/** An effect's receipt, once there is nothing more to do about its slot; null where it will have none. */
export function receiptOf({ held, settled, content, wish }: Slot): Version | null | 'waiting' {
  // Where it is about to be done again there will be one: whoever needs it waits.
  if (held.status === 'undone' && !wish) return null;
  if (!settled) return 'waiting';
  if (held.status !== 'done') return null;
  // Left filled although nothing is wanted any more: what was done still stands.
  return content.state === 'waiting' ? 'waiting' : (held.receipt ?? null);
}
