import type { Bookkeeping, LedgerHead } from '../contracts/ports.ts';
import type { CarriedRecord } from '../contracts/continued.ts';
import type { Outcome } from '../contracts/outcome.ts';
import type { OpenCheckpoint } from './open-checkpoints.ts';
import { createShown } from './shown.ts';

/**
 * Keeps the outcomes that are not yet known to be recorded, and hands them to whatever activity goes next.
 * Handing one out twice is harmless: records are idempotent by number.
 */
export interface Recorder {
  /**
   * `loose`: the history does not hold yet what this came from, and a worker that dies takes it along. What follows it
   * is loose too, until something happens that the history holds.
   */
  add(outcome: Outcome, options?: { recorded?: boolean; loose?: boolean }): void;
  /**
   * What the next activity should carry; undefined where nothing is due. `all`: also what others still carry. `settled`:
   * for an activity that runs before the history holds what is loose.
   */
  take(open: OpenCheckpoint[], options?: { all?: boolean; settled?: boolean }): Bookkeeping | undefined;
  readonly isLoose: boolean;
  /** The activity that carried it recorded it. */
  arrived(book: Bookkeeping | undefined, head: LedgerHead | null): void;
  /** The activity that carried it failed or was cancelled: it may not have been recorded. */
  lost(book: Bookkeeping | undefined): void;
  readonly due: boolean;
  readonly head: LedgerHead | null;
  /** Whether a checkpoint is open that no activity has yet been sent to show. */
  isNew(open: OpenCheckpoint[]): boolean;
  /** What the recorder of the run's next execution goes on from. */
  carry(open: OpenCheckpoint[]): CarriedRecord;
}

interface Pending {
  seq: number;
  outcome: Outcome;
  state: 'due' | 'sent' | 'recorded';
}

/** What the run does of itself: it says nothing of what the history holds. */
const consequences = new Set<Outcome['type']>(['started', 'cancelled', 'reserved', 'close']);

export function createRecorder(
  run: string,
  epoch: number,
  from?: { record: CarriedRecord; open: OpenCheckpoint[] },
): Recorder {
  let seq = from?.record.seq ?? 0;
  let head = from?.record.head ?? null;
  let pending = (from?.record.pending ?? []).map(({ outcome, recorded }, place, all): Pending => {
    return { seq: seq - all.length + place, outcome, state: recorded ? 'recorded' : 'due' };
  });
  const shown = createShown(from && { desk: from.record.desk, open: from.open });
  let looseFrom = Number.POSITIVE_INFINITY;

  const forget = (): void => {
    const first = pending.findIndex((one) => one.state !== 'recorded');
    pending = first === -1 ? [] : pending.slice(first);
  };
  const mark = (book: Bookkeeping | undefined, state: Pending['state']): void => {
    if (!book) return;
    const end = book.batch.from + book.batch.outcomes.length;
    for (const one of pending) {
      if (one.seq >= book.batch.from && one.seq < end && one.state !== 'recorded') one.state = state;
    }
    forget();
  };

  return {
    add(outcome, options) {
      if (options?.loose) looseFrom = Math.min(looseFrom, seq);
      else if (!consequences.has(outcome.type)) looseFrom = Number.POSITIVE_INFINITY;
      pending.push({ seq: seq++, outcome, state: options?.recorded ? 'recorded' : 'due' });
      forget();
    },
    get isLoose() {
      return looseFrom < seq;
    },
    take(open, options) {
      // What is recorded counts, and could turn out otherwise when the work is done again.
      if (options?.settled && looseFrom < seq) return undefined;
      const first = pending.findIndex(
        (one) => one.state === 'due' || (options?.all === true && one.state === 'sent'),
      );
      // With all that is left goes the close, which empties the desk.
      const desk = options?.all ? undefined : shown.take(open, seq);
      if (first === -1 && !desk) return undefined;
      const batch = first === -1 ? [] : pending.slice(first);
      for (const one of batch) if (one.state === 'due') one.state = 'sent';
      return {
        batch: { run, epoch, from: batch[0]?.seq ?? seq, outcomes: batch.map((one) => one.outcome) },
        ...(desk && { desk }),
      };
    },
    arrived(book, newHead) {
      mark(book, 'recorded');
      if (newHead && (!head || newHead.index > head.index)) head = newHead;
    },
    lost(book) {
      mark(book, 'due');
      if (book?.desk) shown.lost(book.desk);
    },
    get due() {
      return pending.some((one) => one.state === 'due');
    },
    get head() {
      return head;
    },
    isNew: (open) => shown.isNew(open),
    carry: (open) => ({
      seq,
      head,
      pending: pending.map(({ outcome, state }) => ({ outcome, recorded: state === 'recorded' })),
      desk: shown.carry(open),
    }),
  };
}
