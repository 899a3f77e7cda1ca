import { describe, expect, test } from 'vitest';
import { batch, checkpoint, deskOf, failureOf, reserveRun, started, usePlace } from './place.ts';
import type { Commit } from '../../../contracts/ports.ts';
import type { Place } from './place.ts';

export function deskSuite(create: () => Promise<Place>): void {
  const { store, clock } = usePlace(create);
  const open = async (filter?: { run?: string; process?: string }): Promise<string[]> =>
    (await store().desk.open(filter)).map(({ run, checkpoint: { id }, digest, openedAt }) =>
      [run, id, digest, openedAt.slice(11, 19)].join(' '),
    );

  describe('desk', () => {
    test('shows what is open, in full, and to whom', async () => {
      await reserveRun(store(), 'a');
      await store().commit(deskOf('a', { approve: 'd1' }));
      expect(await store().desk.open({ run: 'a' })).toEqual([
        {
          run: 'a',
          epoch: 1,
          process: 'market-outlook',
          checkpoint: checkpoint('approve'),
          digest: 'd1',
          openedAt: '2026-03-01T08:00:00.000Z',
        },
      ]);
    });

    test('opens, closes and keeps rows as the run’s open checkpoints change', async () => {
      await reserveRun(store(), 'a');
      await reserveRun(store(), 'b');
      await store().commit(deskOf('b', { other: 'd9' }));
      await store().commit(deskOf('a', { first: 'd1', second: 'd2' }));
      clock.now += 1000;
      await store().commit(deskOf('a', { second: 'd3', third: 'd4' }, { seq: 1 }));
      expect(await open({ run: 'a' })).toEqual([
        'a first d1 08:00:00',
        'a second d3 08:00:01',
        'a third d4 08:00:01',
      ]);
      await store().commit(deskOf('a', {}, { seq: 2, closed: ['first', 'second'] }));
      expect(await open()).toEqual(['b other d9 08:00:00', 'a third d4 08:00:01']);
      await store().commit(deskOf('a', { first: 'd5' }, { seq: 3, closed: ['third'] }));
      expect(await open()).toEqual(['b other d9 08:00:00', 'a first d5 08:00:01']);
      expect(await open({ process: 'market-outlook' })).toHaveLength(2);
      expect(await open({ process: 'hello' })).toEqual([]);
    });

    test('come to the same in whatever order what opened and closed arrives, and however often', async () => {
      const changes = [
        deskOf('a', { first: 'd1', second: 'd2' }),
        deskOf('a', { third: 'd3' }, { seq: 1, closed: ['first'] }),
        deskOf('a', { first: 'd4' }, { seq: 2, closed: ['second'] }),
        deskOf('a', {}, { seq: 3, closed: ['third'] }),
      ];
      const [one, two, three, four] = changes as [Commit, Commit, Commit, Commit];
      for (const [place, order] of [
        [one, two, three, four],
        [four, three, two, one],
        [two, four, one, one, three, two],
        [three, one, two, three, four, one],
      ].entries()) {
        const run = `a${place}`;
        await reserveRun(store(), run);
        for (const { desk } of order) await store().commit({ desk: { ...desk!, run } });
        expect(await open({ run })).toEqual([`${run} first d4 08:00:00`]);
      }
    });

    test('takes a thousand at once', async () => {
      await reserveRun(store(), 'a');
      const ids = Array.from({ length: 1200 }, (_, place) => `c${place}`);
      await store().commit(deskOf('a', Object.fromEntries(ids.map((id) => [id, `of ${id}`]))));
      expect(await open()).toHaveLength(1200);
      await store().commit(deskOf('a', {}, { seq: 1, closed: ids.slice(1) }));
      expect(await open()).toEqual(['a c0 of c0 08:00:00']);
    });

    test('are not shown again by an activity that is tried again after they were decided', async () => {
      await reserveRun(store(), 'a');
      const opening = {
        ...batch('a', 0, [started('gather')]),
        ...deskOf('a', { approve: 'd1' }, { seq: 1 }),
      };
      const decided = deskOf('a', {}, { seq: 2, closed: ['approve'] });
      await store().commit(opening);
      await store().commit({ ...batch('a', 1, [started('draw')]), ...decided });
      await store().commit(opening);
      expect(await store().desk.open({ run: 'a' })).toEqual([]);
    });

    test('are not shown by what comes after the run has closed', async () => {
      await reserveRun(store(), 'a');
      await store().commit({ close: { run: 'a', epoch: 1, status: 'finished' } });
      await store().commit(deskOf('a', { approve: 'd1' }));
      expect(await store().desk.open({ run: 'a' })).toEqual([]);
    });

    test('keeps since when a question waits where only its description changed', async () => {
      await reserveRun(store(), 'a');
      await store().commit(deskOf('a', { first: 'd1' }));
      clock.now += 1000;
      const { desk } = deskOf('a', { first: 'd1' }, { seq: 1 });
      desk.opened[0]!.checkpoint.offers = ['approve'];
      await store().commit({ desk });
      expect(await store().desk.open()).toMatchObject([
        { openedAt: '2026-03-01T08:00:00.000Z', checkpoint: { offers: ['approve'] } },
      ]);
    });

    test('is emptied of an epoch that a newer one replaced', async () => {
      await reserveRun(store(), 'a');
      await store().commit(deskOf('a', { first: 'd1' }));
      await store().runs.openEpoch('a', 2, { seq: 1 });
      expect(await open()).toEqual([]);
    });

    test('changes together with the outcomes of its commit, or not at all', async () => {
      await reserveRun(store(), 'a');
      await store().commit({ ...batch('a', 0, [started('gather')]), ...deskOf('a', { first: 'd1' }) });
      const broken = store().commit({
        ...batch('a', 0, [started('draw')]),
        ...deskOf('a', { second: 'd2' }),
        close: { run: 'a', epoch: 1, status: 'finished' },
      });
      await expect(broken).rejects.toMatchObject(failureOf('Ledger.Broken'));
      expect(await open()).toEqual(['a first d1 08:00:00']);
      expect(await store().runs.get('a')).toMatchObject({ status: 'open' });
    });
  });
}
