import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { batch, deskOf, failureOf, reserveRun, started, usePlace } from './place.ts';
import type { Place } from './place.ts';

export function runSuite(create: () => Promise<Place>): void {
  const { store, place, clock } = usePlace(create);

  describe('runs', () => {
    test('hold all that a crashed start needs to go on', async () => {
      const row = await reserveRun(store(), 'a', {
        key: '2026-03',
        start: { seq: 0, state: { 文: ['x', null] } },
      });
      expect(row).toEqual({
        run: 'a',
        process: 'market-outlook',
        key: '2026-03',
        epoch: 1,
        status: 'open',
        startedBy: 'ana',
        startedAt: '2026-03-01T08:00:00.000Z',
        closedAt: null,
        manifestDigest: 'f'.repeat(64),
        launched: false,
        startsAt: null,
        parent: null,
        start: { seq: 0, state: { 文: ['x', null] } },
      });
      expect(await store().runs.get('a')).toEqual(row);
      await store().commit(batch('a', 0, [started('gather')]));
      expect(await store().runs.get('a')).toEqual({ ...row, launched: true });
      expect(await store().runs.get('b')).toBeNull();
    });

    test('keep the order of the members that a run starts from', async () => {
      await reserveRun(store(), 'a', { start: { slots: { second: 1, first: 2 } } });
      const { start } = (await store().runs.get('a'))!;
      expect(JSON.stringify(start)).toBe('{"slots":{"second":1,"first":2}}');
    });

    test('reserve a process and key once for ever, also after closing', async () => {
      const first = await reserveRun(store(), 'a', { key: 'k' });
      await store().commit({ close: { run: 'a', epoch: 1, status: 'finished' } });
      const again = await store().runs.reserve({ ...first, run: 'b', start: { other: true } });
      expect(again).toMatchObject({
        created: false,
        row: { run: 'a', start: { seq: 0 }, status: 'finished' },
      });
      expect(await store().runs.get('b')).toBeNull();
      expect((await reserveRun(store(), 'c', { key: 'k', process: 'other' })).run).toBe('c');
    });

    test('without a key are never taken for one another; the same run reserved twice is one', async () => {
      const first = await reserveRun(store(), 'a');
      expect((await reserveRun(store(), 'b')).run).toBe('b');
      expect(await store().runs.reserve(first)).toEqual({ created: false, row: first });
    });

    test('are reserved together with what they start from', async () => {
      const row = await reserveRun(store(), 'a');
      const content = new TextEncoder().encode('"us-employment.csv"');
      await store().runs.reserve({ ...row, run: 'b' }, [
        { name: 'dataset', mediaType: 'application/json', content, facts: {} },
      ]);
      const digest = hash('sha256', content);
      expect(await store().artifacts.get(digest)).toEqual({ content, mediaType: 'application/json' });
    });

    test('refuse a run id that another process or key holds', async () => {
      await reserveRun(store(), 'a', { key: 'k' });
      await expect(reserveRun(store(), 'a', { key: 'other' })).rejects.toMatchObject(failureOf('Key.InUse'));
      await expect(reserveRun(store(), 'a', { process: 'p' })).rejects.toMatchObject(failureOf('Key.InUse'));
    });

    test('give a key to exactly one of many that ask at once', async () => {
      const other = await place().open();
      const reserved = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          reserveRun(at % 2 ? store() : other, `run ${at}`, { key: 'wanted by all' }),
        ),
      );
      expect(new Set(reserved.map(({ run }) => run)).size).toBe(1);
      expect(await store().runs.list()).toHaveLength(1);
      await other.close();
    });

    test('fence every older epoch from the moment a newer one opens', async () => {
      await reserveRun(store(), 'a');
      await store().commit(batch('a', 0, [started('gather')]));
      await store().commit({ close: { run: 'a', epoch: 1, status: 'rejected' } });
      await store().runs.openEpoch('a', 2, { seq: 4 });
      expect(await store().runs.get('a')).toMatchObject({
        epoch: 2,
        status: 'open',
        closedAt: null,
        launched: false,
        start: { seq: 4 },
      });
      for (const old of [
        batch('a', 1, [started('gather')]),
        deskOf('a', { review: 'd' }),
        { close: { run: 'a', epoch: 1, status: 'finished' } },
      ])
        await expect(store().commit(old)).rejects.toMatchObject(failureOf('Run.OldEpoch'));
      expect(await store().ledger.read('a')).toHaveLength(1);
      expect(await store().commit(batch('a', 4, [started('gather')], 2))).toMatchObject({ index: 1 });
    });

    test('open an epoch once: again with the same start, never with another', async () => {
      await reserveRun(store(), 'a');
      await store().runs.openEpoch('a', 2, { seq: 4 });
      await store().commit(batch('a', 0, [started('gather')], 2));
      await store().runs.openEpoch('a', 2, { seq: 4 });
      expect(await store().runs.get('a')).toMatchObject({ launched: true });
      const rival = store().runs.openEpoch('a', 2, { seq: 5 });
      await expect(rival).rejects.toMatchObject(failureOf('Run.OldEpoch'));
      const older = store().runs.openEpoch('a', 1, { seq: 0 });
      await expect(older).rejects.toMatchObject(failureOf('Run.OldEpoch'));
    });

    test('that the store never reserved are unknown to every write', async () => {
      for (const unknown of [
        store().commit(batch('x', 0, [started('gather')])),
        store().commit({ close: { run: 'x', epoch: 1, status: 'finished' } }),
        store().runs.openEpoch('x', 2, {}),
      ])
        await expect(unknown).rejects.toMatchObject(failureOf('Run.Unknown'));
      await reserveRun(store(), 'a');
      const ahead = store().commit(batch('a', 0, [started('gather')], 2));
      await expect(ahead).rejects.toMatchObject(failureOf('Run.Unknown'));
    });

    test('close with the time of the first closing, and leave nothing on the desk', async () => {
      await reserveRun(store(), 'a');
      await store().commit(deskOf('a', { review: 'd' }));
      const close = { run: 'a', epoch: 1, status: 'finished' };
      await store().commit({ close });
      clock.now += 60_000;
      await store().commit({ close });
      expect(await store().runs.get('a')).toMatchObject({
        status: 'finished',
        closedAt: '2026-03-01T08:00:00.000Z',
      });
      expect(await store().desk.open()).toEqual([]);
    });

    test('are listed newest first, by process, status and key, as many as asked for', async () => {
      for (const [run, other] of Object.entries({
        a: { key: 'k' },
        b: { process: 'hello' },
        c: {},
        d: { process: 'hello', key: 'k' },
      })) {
        clock.now += 1000;
        await reserveRun(store(), run, other);
      }
      await store().commit({ close: { run: 'b', epoch: 1, status: 'stopped' } });
      const listed = async (filter?: Parameters<ReturnType<typeof store>['runs']['list']>[0]) =>
        (await store().runs.list(filter)).map(({ run }) => run).join('');
      expect(await listed()).toBe('dcba');
      expect(await listed({ process: 'hello' })).toBe('db');
      expect(await listed({ status: 'open' })).toBe('dca');
      expect(await listed({ key: 'k', process: 'market-outlook' })).toBe('a');
      expect(await listed({ limit: 2 })).toBe('dc');
    });
  });
}
