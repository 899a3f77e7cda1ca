import { describe, expect, it } from 'vitest';
import type { Checkpoint, Verb } from '../../contracts/checkpoint.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { createRecorder } from '../../workflows/recorder.ts';

const outcome = (task: string): Outcome => ({ type: 'started', task, attempt: 1, key: 'k' });
const open = (digest: string) => ({
  checkpoint: { id: digest, offers: ['approve'] as Verb[] } as Checkpoint,
  digest,
});
const recorder = () => createRecorder('run-1', 1);
const tasks = (book: ReturnType<ReturnType<typeof recorder>['take']>): string[] =>
  (book?.batch.outcomes ?? []).map((one) => ('task' in one ? one.task : one.type));

describe('what rides along with the activities of a run', () => {
  it('each outcome is handed out once, under its number', () => {
    const book = recorder();
    book.add(outcome('a'));
    book.add(outcome('b'));
    const first = book.take([]);
    expect([first?.batch.from, tasks(first)]).toEqual([0, ['a', 'b']]);
    expect(book.take([])).toBeUndefined();
    book.add(outcome('c'));
    const second = book.take([]);
    expect([second?.batch.from, tasks(second)]).toEqual([2, ['c']]);
  });

  it('what a lost activity carried is handed out again, with all that came after it', () => {
    const book = recorder();
    book.add(outcome('a'));
    const first = book.take([]);
    book.add(outcome('b'));
    const second = book.take([]);
    book.lost(first);
    const again = book.take([]);
    expect([again?.batch.from, tasks(again)]).toEqual([0, ['a', 'b']]);
    book.arrived(second, { index: 1, hash: 'h1' });
    book.arrived(again, { index: 2, hash: 'h2' });
    expect(book.due).toBe(false);
    expect(book.take([], { all: true })).toBeUndefined();
  });

  it('at the end, what others still carry is handed out too', () => {
    const book = recorder();
    book.add(outcome('a'));
    book.take([]);
    expect(tasks(book.take([], { all: true }))).toEqual(['a']);
  });

  it('what an activity recorded by itself keeps its number and is not handed out', () => {
    const book = recorder();
    book.add(outcome('a'), { recorded: true });
    book.add(outcome('b'));
    const only = book.take([]);
    expect([only?.batch.from, tasks(only)]).toEqual([1, ['b']]);
  });

  it('the head is the newest that was told, whatever order the activities end in', () => {
    const book = recorder();
    book.arrived(undefined, { index: 4, hash: 'h4' });
    book.arrived(undefined, { index: 2, hash: 'h2' });
    expect(book.head).toEqual({ index: 4, hash: 'h4' });
  });

  it('of checkpoints, only what opened and closed since rides along, and again where whoever carried it was lost', () => {
    const book = recorder();
    const [d1, d2, d3] = [open('d1'), open('d2'), open('d3')];
    const told = (change: { opened: { digest: string }[]; closed: string[] } | undefined) =>
      change && [change.opened.map(({ digest }) => digest), change.closed];
    expect(book.isNew([d1])).toBe(true);
    const first = book.take([d1]);
    expect(told(first?.desk)).toEqual([['d1'], []]);
    expect(book.isNew([d1])).toBe(false);
    expect(book.take([d1])).toBeUndefined();
    book.add(outcome('a'));
    expect(book.isNew([d1, d2])).toBe(true);
    const second = book.take([d1, d2]);
    expect(told(second?.desk)).toEqual([['d2'], []]);
    expect(second!.desk!.seq).toBeGreaterThan(first!.desk!.seq);
    // What the lost one said may be over: then it is said that it closed.
    book.add(outcome('b'));
    book.take([d2]);
    book.lost(first);
    expect(told(book.take([d2])?.desk)).toEqual([[], ['d1']]);
    book.lost(second);
    expect(told(book.take([d2, d3])?.desk)).toEqual([['d2', 'd3'], []]);
  });

  it('the next execution goes on with the numbers, with what is not recorded, and with what is not shown', () => {
    const before = recorder();
    const [d1, d2, d3] = [open('d1'), open('d2'), open('d3')];
    before.add(outcome('a'));
    before.arrived(before.take([d1, d2]), { index: 7, hash: 'h7' });
    before.add(outcome('b'));
    const record = JSON.parse(JSON.stringify(before.carry([d2, d3]))) as ReturnType<typeof before.carry>;
    const after = createRecorder('run-1', 1, { record, open: [d2, d3] });
    expect(after.head).toEqual({ index: 7, hash: 'h7' });
    const book = after.take([d2, d3]);
    expect([book?.batch.from, tasks(book)]).toEqual([1, ['b']]);
    expect([book?.desk?.opened, book?.desk?.closed]).toEqual([[d3], ['d1']]);
    after.add(outcome('c'));
    expect(after.take([d2, d3])?.batch.from).toBe(2);
  });

  it('what the history does not hold yet goes with no activity that runs before it does', () => {
    const book = recorder();
    book.add(outcome('a'));
    book.add(outcome('b'), { loose: true });
    book.add(outcome('c'));
    expect(book.isLoose).toBe(true);
    expect(book.take([open('d')], { settled: true })).toBeUndefined();
    expect(tasks(book.take([open('d')]))).toEqual(['a', 'b', 'c']);
    book.add({
      type: 'invalidate',
      id: 'an-act',
      task: 'e',
      by: { person: 'p', roles: [], door: '' },
      at: '',
    });
    expect(book.isLoose).toBe(false);
    expect(tasks(book.take([open('d')], { settled: true }))).toEqual(['e']);
  });
});
