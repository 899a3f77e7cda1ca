import type { CarriedDesk } from '../contracts/continued.ts';
import type { DeskChange } from '../contracts/ports.ts';
import type { OpenCheckpoint } from './open-checkpoints.ts';

/** What the desk has been sent of what is open, so that only what opened and closed since has to go. */
export interface Shown {
  /** What the desk has not been sent yet; undefined where that is nothing. `seq`: the number of the next outcome. */
  take(open: OpenCheckpoint[], seq: number): DeskChange | undefined;
  lost(change: DeskChange): void;
  /** Whether a checkpoint is open that the desk has not been sent. */
  isNew(open: OpenCheckpoint[]): boolean;
  carry(open: OpenCheckpoint[]): CarriedDesk;
}

interface Row {
  mark: string;
  one: OpenCheckpoint;
}

/** Changes wherever a person would see something else. */
const markOf = ({ checkpoint, digest }: OpenCheckpoint): string => `${digest} ${checkpoint.offers.join()}`;

/** `from`: what an earlier execution left, and what is open at its end. */
export function createShown(from?: { desk: CarriedDesk; open: OpenCheckpoint[] }): Shown {
  const rows = new Map<string, Row>();
  const dueToOpen = new Set<string>(from?.desk.unopened);
  const dueToClose = new Set<string>(from?.desk.unclosed);
  let known: OpenCheckpoint[] | undefined;

  const follow = (open: OpenCheckpoint[]): void => {
    if (open === known) return;
    known = open;
    const ids = new Set<string>();
    for (const one of open) {
      const { id } = one.checkpoint;
      ids.add(id);
      const mark = markOf(one);
      if (rows.get(id)?.mark !== mark) {
        dueToOpen.add(id);
        dueToClose.delete(id);
      }
      rows.set(id, { mark, one });
    }
    if (ids.size === rows.size) return;
    for (const id of rows.keys()) {
      if (ids.has(id)) continue;
      rows.delete(id);
      dueToOpen.delete(id);
      dueToClose.add(id);
    }
  };

  if (from) {
    for (const one of from.open) rows.set(one.checkpoint.id, { mark: markOf(one), one });
  }

  return {
    take(open, seq) {
      follow(open);
      if (dueToOpen.size === 0 && dueToClose.size === 0) return undefined;
      const change = {
        seq,
        opened: [...dueToOpen].flatMap((id) => rows.get(id)?.one ?? []),
        closed: [...dueToClose],
      };
      dueToOpen.clear();
      dueToClose.clear();
      return change;
    },
    lost({ opened, closed }) {
      // What it said may be over by now: what is so now is said again, under a higher number.
      for (const id of [...opened.map(({ checkpoint }) => checkpoint.id), ...closed])
        (rows.has(id) ? dueToOpen : dueToClose).add(id);
    },
    isNew(open) {
      follow(open);
      return dueToOpen.size > 0;
    },
    carry(open) {
      follow(open);
      return { unopened: [...dueToOpen], unclosed: [...dueToClose] };
    },
  };
}
