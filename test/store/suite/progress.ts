import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../contracts/outcome.ts';
import { batch, reserveRun, started, usePlace } from './place.ts';
import type { Place } from './place.ts';

const at = (fence: number, attempt = 1) => ({ run: 'a', epoch: 1, task: 'forecasting', attempt, fence });
const said = (text: string, done: number | null = null, of: number | null = null) => ({ text, done, of });
const ended = (attempt: number): Outcome => ({ type: 'cancelled', task: 'forecasting', attempt });

export function progressSuite(create: () => Promise<Place>): void {
  const { store } = usePlace(create);
  const texts = async (run = 'a'): Promise<string[]> =>
    (await store().progress.list(run)).map(({ task, text }) => `${task}: ${text}`);

  describe('progress', () => {
    test('is the newest of each task, with when it was said', async () => {
      await reserveRun(store(), 'a');
      expect(await store().progress.note(at(1), said('begun'))).toBe(true);
      expect(await store().progress.note(at(1), said('testing', 2.5, 10))).toBe(true);
      await store().progress.note({ ...at(1), task: 'drawing' }, said('charts'));
      expect(await store().progress.list('a')).toEqual([
        { task: 'drawing', epoch: 1, attempt: 1, ...said('charts'), at: '2026-03-01T08:00:00.000Z' },
        {
          task: 'forecasting',
          epoch: 1,
          attempt: 1,
          ...said('testing', 2.5, 10),
          at: '2026-03-01T08:00:00.000Z',
        },
      ]);
    });

    test('of an attempt that was taken over from is neither kept nor shown', async () => {
      await reserveRun(store(), 'a');
      await store().progress.note(at(1), said('old'));
      await store().snapshots.claim({ run: 'a', task: 'forecasting', key: 'k', attempt: 2 });
      expect(await texts()).toEqual([]);
      expect(await store().progress.note(at(1), said('zombie'))).toBe(false);
      expect(await texts()).toEqual([]);
      await store().progress.note(at(3), said('newest'));
      expect(await store().progress.note(at(2), said('late'))).toBe(false);
      expect(await texts()).toEqual(['forecasting: newest']);
    });

    test('is gone once the end of its attempt is recorded; the next attempt’s is not', async () => {
      await reserveRun(store(), 'a');
      await store().commit(batch('a', 0, [started('forecasting')]));
      await store().progress.note(at(1), said('first'));
      await store().commit(batch('a', 1, [ended(1)]));
      expect(await texts()).toEqual([]);
      await store().progress.note(at(2, 2), said('second'));
      await store().commit(batch('a', 1, [ended(1)]));
      expect(await texts()).toEqual(['forecasting: second']);
    });

    test('of a run ends with it, and with its epoch', async () => {
      await reserveRun(store(), 'a');
      await store().progress.note(at(1), said('under way'));
      await store().commit({ close: { run: 'a', epoch: 1, status: 'stopped' } });
      expect(await texts()).toEqual([]);
      expect(await store().progress.note(at(1), said('after the end'))).toBe(false);
      await store().runs.openEpoch('a', 2, { seq: 1 });
      expect(await store().progress.note(at(1), said('of another epoch'))).toBe(false);
      expect(await store().progress.note({ ...at(5), run: 'unknown' }, said('nowhere'))).toBe(false);
      expect(await texts()).toEqual([]);
    });
  });

  describe('a ledger', () => {
    test('is read on from an index', async () => {
      await reserveRun(store(), 'a');
      await store().commit(batch('a', 0, [started('one'), started('two'), started('three')]));
      expect((await store().ledger.read('a', 0)).map(({ index }) => index)).toEqual([1, 2]);
      expect(await store().ledger.read('a', 2)).toEqual([]);
    });
  });
}
