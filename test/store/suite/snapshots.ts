import { describe, expect, test } from 'vitest';
import { failureOf, usePlace } from './place.ts';
import type { Place } from './place.ts';

const at = (attempt: number, key = 'k1') => ({ run: 'a', task: 'forecasting', key, attempt });
const state = (text: string): Uint8Array => new TextEncoder().encode(text);

export function snapshotSuite(create: () => Promise<Place>): void {
  const { store } = usePlace(create);
  const loaded = async (key = 'k1'): Promise<string | null> => {
    const snapshot = await store().snapshots.load({ run: 'a', task: 'forecasting', key });
    return snapshot && `${snapshot.attempt} ${new TextDecoder().decode(snapshot.content)}`;
  };

  describe('snapshots', () => {
    test('of a key are the newest saved, and none where none was saved', async () => {
      expect(await loaded()).toBeNull();
      await store().snapshots.claim(at(1));
      expect(await loaded()).toBeNull();
      await store().snapshots.save(at(1), state('step 1'));
      await store().snapshots.save(at(1), state('step 2'));
      expect(await loaded()).toBe('1 step 2');
      expect(await loaded('k2')).toBeNull();
    });

    test('are handed to the next attempt, which fences the one before', async () => {
      await store().snapshots.claim(at(1));
      await store().snapshots.save(at(1), state('step 1'));
      await store().snapshots.claim(at(2));
      expect(await loaded()).toBe('1 step 1');
      await expect(store().snapshots.save(at(1), state('zombie'))).rejects.toMatchObject(
        failureOf('Snapshot.Fenced'),
      );
      await expect(store().snapshots.claim(at(1))).rejects.toMatchObject(failureOf('Snapshot.Fenced'));
      expect(await loaded()).toBe('1 step 1');
      await store().snapshots.save(at(2), state('step 2'));
      expect(await loaded()).toBe('2 step 2');
    });

    test('of an attempt under an older key are fenced by one under a newer key, and stay', async () => {
      await store().snapshots.save(at(1, 'k1'), state('old key'));
      await store().snapshots.claim(at(2, 'k2'));
      const late = store().snapshots.save(at(1, 'k1'), state('zombie'));
      await expect(late).rejects.toMatchObject(failureOf('Snapshot.Fenced'));
      expect(await loaded('k1')).toBe('1 old key');
    });

    test('of different runs and tasks do not fence each other', async () => {
      await store().snapshots.claim({ ...at(5), run: 'b' });
      await store().snapshots.claim({ ...at(5), task: 'visualisation' });
      await store().snapshots.save(at(1), state('mine'));
      expect(await loaded()).toBe('1 mine');
    });

    test('saved by many attempts at once end as the newest attempt’s', async () => {
      const attempts = Array.from({ length: 20 }, (_, place) => ((place * 7) % 20) + 1);
      const ends = await Promise.allSettled(
        attempts.map((attempt) => store().snapshots.save(at(attempt), state('by itself'))),
      );
      expect(await loaded()).toBe('20 by itself');
      expect(ends[attempts.indexOf(20)]!.status).toBe('fulfilled');
      expect(ends.some(({ status }) => status === 'rejected')).toBe(true);
    });
  });
}
