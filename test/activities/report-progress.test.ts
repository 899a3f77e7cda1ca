import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reportProgress } from '../../activities/report-progress.ts';
import type { ProgressSaid } from '../../contracts/progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const silent = pino({ level: 'silent' });
function reporter(answer: (said: ProgressSaid) => Promise<boolean> = async () => true) {
  const noted: string[] = [];
  const note = async (said: ProgressSaid): Promise<boolean> => {
    noted.push(said.text);
    return answer(said);
  };
  return { noted, ...reportProgress(note, silent) };
}

test('the first is written at once, and then the newest twice a second at most', async () => {
  const { noted, progress, end } = reporter();
  for (let n = 0; n < 10_000; n++) {
    progress(`n ${n}`);
    if (n % 10 === 0) await vi.advanceTimersByTimeAsync(1);
  }
  expect(noted).toEqual(['n 0', 'n 4990', 'n 9990']);
  await vi.advanceTimersByTimeAsync(2000);
  expect(noted.at(-1)).toBe('n 9999');
  expect(noted).toHaveLength(4);
  await end();
});

test('nodes are told only where they last, and not once something newer was said', async () => {
  const { noted, reach, progress, end } = reporter();
  reach(['read']);
  reach(['test', 'draw', 'test']);
  await vi.advanceTimersByTimeAsync(499);
  expect(noted).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(noted).toEqual(['test, draw']);
  reach(['write']);
  progress('page 1');
  await vi.advanceTimersByTimeAsync(500);
  expect(noted).toEqual(['test, draw', 'page 1']);
  await end();
});

test('a graph that ends at once writes nothing', async () => {
  const { noted, reach, end } = reporter();
  reach(['only']);
  await end();
  await vi.advanceTimersByTimeAsync(5000);
  expect(noted).toEqual([]);
});

test('a writing that fails is no failure, and the next one is tried', async () => {
  const { noted, progress, end } = reporter(async () => Promise.reject(new Error('the disk is full')));
  progress('one');
  progress('two');
  await vi.advanceTimersByTimeAsync(500);
  expect(noted).toEqual(['one', 'two']);
  await end();
});

test('a store that is slow gets the next one only once it has taken the last', async () => {
  const gate = Promise.withResolvers<boolean>();
  const { noted, progress, end } = reporter(async () => gate.promise);
  progress('one');
  progress('two');
  await vi.advanceTimersByTimeAsync(60_000);
  progress('three');
  expect(noted).toEqual(['one']);
  gate.resolve(true);
  await vi.advanceTimersByTimeAsync(500);
  expect(noted).toEqual(['one', 'three']);
  await end();
});

test('an attempt that was taken over from, or has ended, says no more', async () => {
  const fenced = reporter(async () => false);
  fenced.progress('zombie');
  await vi.advanceTimersByTimeAsync(0);
  fenced.progress('zombie still');
  await vi.advanceTimersByTimeAsync(5000);
  expect(fenced.noted).toEqual(['zombie']);

  const over = reporter();
  over.progress('one');
  over.progress('two');
  await over.end();
  over.progress('three');
  await vi.advanceTimersByTimeAsync(5000);
  expect(over.noted).toEqual(['one']);
});

test('nothing that an agent hands in throws', async () => {
  const { noted, progress, end } = reporter();
  const hostile = {
    get text(): string {
      throw new Error('a trap');
    },
  };
  for (const given of [hostile, null, undefined, 12n, Symbol('s'), [], () => 1, Number.NaN]) progress(given);
  progress('after all');
  expect(noted).toEqual(['after all']);
  await end();
});
