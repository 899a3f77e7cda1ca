import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../contracts/checkpoint.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import { createRecorder } from '../../workflows/recorder.ts';

const outcome = (task: string): Outcome => ({ type: 'started', task, attempt: 1, key: 'k' });
const open = (digest: string) => ({ checkpoint: { id: digest } as Checkpoint, digest });
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

  it('checkpoints ride along where they changed, and again where whoever carried them was lost', () => {
    const book = recorder();
    expect(book.isNew([open('d1')])).toBe(true);
    const first = book.take([open('d1')]);
    expect(first?.open).toHaveLength(1);
    expect(book.isNew([open('d1')])).toBe(false);
    expect(book.take([open('d1')])).toBeUndefined();
    expect(book.isNew([open('d1'), open('d2')])).toBe(true);
    book.lost(first);
    expect(book.isNew([open('d1')])).toBe(true);
    expect(book.take([open('d1')])?.open).toHaveLength(1);
    expect(book.take([])?.open).toEqual([]);
  });
});
