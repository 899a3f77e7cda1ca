import { describe, expect, test } from 'vitest';
import type { Commit, Reserved, SlotReservation, Store } from '../../../contracts/ports.ts';
import { batch, effectEnded, failureOf, reserveRun, started, usePlace } from './place.ts';
import type { Place } from './place.ts';

type Settle = NonNullable<Commit['settle']>;

const slot = { run: 'a', slot: 'publishReport', n: 0, verb: 'do' } as const;
const refusal = { type: 'Effect.Refused', message: 'no such address' };

export function slotSuite(create: () => Promise<Place>): void {
  const { store, place, clock } = usePlace(create);

  const reserve = async (holder: string, other: Partial<SlotReservation> = {}): Promise<Reserved> => {
    const wanted = { ...slot, epoch: 1, tries: 0, digest: 'd1', holder, lease: 1000, ...other };
    return (await store().reserve({}, wanted)).reserved;
  };
  const called = (holder: string, tries = 0): Promise<void> => store().markCalled({ ...slot, tries, holder });
  const settle = (holder: string, end: Settle['end'], other: Partial<Settle> & Commit = {}) => {
    const { tries = 0, receipt, failure, ...parts } = other;
    const detail = { ...(receipt === undefined ? {} : { receipt }), ...(failure ? { failure } : {}) };
    return store().commit({ ...parts, settle: { ...slot, tries, holder, end, ...detail } });
  };
  const expireLease = (): void => void (clock.now += 1001);
  const statuses = async (): Promise<string[]> => (await store().slots.list('a')).map(({ status }) => status);

  describe('slots', () => {
    test('are reserved together with the outcomes that come along', async () => {
      await reserveRun(store(), 'a');
      const { head, reserved } = await store().reserve(
        batch('a', 0, [started('draw'), { type: 'reserved', ...slot, digest: 'd1' }]),
        { ...slot, epoch: 1, tries: 0, digest: 'd1', holder: 'one', lease: 1000 },
      );
      expect(head?.index).toBe(1);
      expect(reserved).toEqual({
        kind: 'mine',
        before: false,
        row: {
          ...slot,
          epoch: 1,
          tries: 0,
          digest: 'd1',
          holder: 'one',
          leaseEnds: clock.now + 1000,
          called: false,
          status: 'reserved',
        },
      });
      expect(await store().slots.list('a')).toEqual([reserved.row]);
    });

    test('are not given to another attempt while the lease is alive', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      clock.now += 999;
      expect(await reserve('two')).toMatchObject({ kind: 'leased', row: { holder: 'one' } });
      expect((await reserve('one')).kind).toBe('mine');
      await called('one');
    });

    test('pass to a later attempt when the lease has ended, which is told whether a call may have been made', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      expireLease();
      expect(await reserve('two')).toMatchObject({ kind: 'mine', before: false });
      await called('two');
      expireLease();
      expect(await reserve('three')).toMatchObject({ kind: 'mine', before: true, row: { called: true } });
      expireLease();
      expect(await reserve('four')).toMatchObject({ kind: 'mine', before: true });
    });

    test('keep a zombie from calling', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      expireLease();
      await reserve('two');
      await expect(called('one')).rejects.toMatchObject(failureOf('Effect.Leased'));
      await called('two');
    });

    test('may still be called and ended by a holder whose lease ended, if nobody took over', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      expireLease();
      await called('one');
      await settle('one', 'refused', { failure: refusal });
      expect(await store().slots.list('a')).toMatchObject([{ status: 'refused', failure: refusal }]);
    });

    test('once filled answer with the receipt for ever, whichever content or try asks', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      await called('one');
      await settle('one', 'success', { receipt: { id: 17 } });
      for (const other of [{}, { digest: 'd2' }, { tries: 1 }])
        expect(await reserve('two', other)).toMatchObject({
          kind: 'ended',
          row: { status: 'success', receipt: { id: 17 }, digest: 'd1', tries: 0 },
        });
      expect(await reserve('two', { n: 1 })).toMatchObject({ kind: 'mine', before: false });
      expect(await reserve('two', { verb: 'amend' })).toMatchObject({ kind: 'mine', before: false });
    });

    for (const end of ['refused', 'uncertain'] as const)
      test(`ended ${end} stay so for that try, and are reserved anew for the next`, async () => {
        await reserveRun(store(), 'a');
        await reserve('one');
        await called('one');
        await settle('one', end, { failure: refusal });
        expect(await reserve('two')).toMatchObject({ kind: 'ended', row: { status: end, failure: refusal } });
        expect(await reserve('three', { tries: 1, digest: 'd2' })).toMatchObject({
          kind: 'mine',
          before: false,
          row: { status: 'reserved', digest: 'd2', called: false },
        });
        expect(await reserve('zombie')).toMatchObject({ kind: 'ended', row: { tries: 0 } });
        expect(await statuses()).toEqual([end, 'reserved']);
      });

    test('wait with the next try while an earlier one has its lease, then close the earlier one', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      await called('one');
      expect((await reserve('two', { tries: 1 })).kind).toBe('leased');
      expireLease();
      expect(await reserve('two', { tries: 1 })).toMatchObject({ kind: 'mine', before: false });
      expect(await statuses()).toEqual(['uncertain', 'reserved']);
      await expect(called('one')).rejects.toMatchObject(failureOf('Effect.Leased'));
      const late = settle('one', 'refused', { failure: refusal });
      await expect(late).rejects.toMatchObject(failureOf('Effect.Leased'));
    });

    test('are never given to an attempt of an older try', async () => {
      await reserveRun(store(), 'a');
      await reserve('one', { tries: 2 });
      expireLease();
      expect((await reserve('old', { tries: 1 })).kind).toBe('leased');
      await settle('one', 'refused', { tries: 2, failure: refusal });
      expect(await reserve('old', { tries: 1 })).toMatchObject({ kind: 'ended', row: { tries: 2 } });
    });

    test('refuse an end from a holder that lost its lease, with all that came along', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      await called('one');
      expireLease();
      await reserve('two');
      for (const end of ['refused', 'uncertain'] as const) {
        const late = settle('one', end, { ...batch('a', 0, [effectEnded(end)]), failure: refusal });
        await expect(late).rejects.toMatchObject(failureOf('Effect.Leased'));
      }
      expect(await statuses()).toEqual(['reserved']);
      expect(await store().ledger.read('a')).toEqual([]);
    });

    test('take a late proof of success over a reservation that was taken over, whose holder then meets the receipt', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      await called('one');
      expireLease();
      await reserve('two');
      await settle('one', 'success', { ...batch('a', 0, [effectEnded('success')]), receipt: { id: 1 } });
      await expect(called('two')).rejects.toMatchObject(failureOf('Effect.Leased'));
      const second = settle('two', 'success', {
        ...batch('a', 0, [effectEnded('success')]),
        receipt: { id: 2 },
      });
      await expect(second).rejects.toMatchObject(failureOf('Effect.Leased'));
      expect(await reserve('two')).toMatchObject({ kind: 'ended', row: { receipt: { id: 1 } } });
    });

    test('take a late proof of success over an uncertain end, alone, so that no later try calls again', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      await called('one');
      expireLease();
      await reserve('two');
      await settle('two', 'uncertain', { ...batch('a', 0, [effectEnded('uncertain')]), failure: refusal });
      await reserve('three', { tries: 1, digest: 'd2' });
      const withOutcome = settle('one', 'success', {
        ...batch('a', 1, [effectEnded('success')]),
        receipt: 7,
      });
      await expect(withOutcome).rejects.toMatchObject(failureOf('Effect.Leased'));
      await settle('one', 'success', { receipt: 7 });
      await expect(called('three', 1)).rejects.toMatchObject(failureOf('Effect.Leased'));
      expect(await reserve('three', { tries: 1, digest: 'd2' })).toMatchObject({
        kind: 'ended',
        row: { status: 'success', receipt: 7, digest: 'd1' },
      });
    });

    test('that ended may be settled again in the same way by whoever met that end', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      const outcomes = batch('a', 0, [effectEnded('success')]);
      const head = await settle('one', 'success', { ...outcomes, receipt: 1 });
      const rows = await store().slots.list('a');
      expect(await settle('two', 'success', { ...outcomes, receipt: 1 })).toEqual(head);
      expect(await settle('two', 'success', { tries: 1, receipt: 1 })).toEqual(head);
      expect(await store().slots.list('a')).toEqual(rows);
      const other = settle('two', 'success', { ...outcomes, receipt: 2 });
      await expect(other).rejects.toMatchObject(failureOf('Effect.Leased'));
    });

    test('can’t be called or ended by somebody who reserved nothing', async () => {
      await reserveRun(store(), 'a');
      await expect(called('one')).rejects.toMatchObject(failureOf('Effect.Leased'));
      await expect(settle('one', 'success')).rejects.toMatchObject(failureOf('Effect.Leased'));
    });

    test('are closed to an epoch that has passed, save for its proof of success', async () => {
      await reserveRun(store(), 'a');
      await reserve('one');
      await store().runs.openEpoch('a', 2, { seq: 1 });
      await expect(reserve('old')).rejects.toMatchObject(failureOf('Run.OldEpoch'));
      await expect(called('one')).rejects.toMatchObject(failureOf('Run.OldEpoch'));
      const late = settle('one', 'refused', { failure: refusal });
      await expect(late).rejects.toMatchObject(failureOf('Run.OldEpoch'));
      await settle('one', 'success', { receipt: 3 });
      expect(await reserve('new', { epoch: 2 })).toMatchObject({ kind: 'ended', row: { receipt: 3 } });
    });

    test('are reserved by exactly one of many at once, through several doors', async () => {
      await reserveRun(store(), 'a');
      const other = (): Promise<Store> => place().open(() => clock.now);
      const doors = [store(), await other(), await other()];
      const wanted = { ...slot, epoch: 1, tries: 0, digest: 'd1', lease: 60_000 };
      const all = await Promise.all(
        Array.from({ length: 30 }, (_, at) =>
          doors[at % 3]!.reserve({}, { ...wanted, holder: `holder ${at}` }),
        ),
      );
      expect(all.filter(({ reserved }) => reserved.kind === 'mine')).toHaveLength(1);
      await Promise.all(doors.slice(1).map((door) => door.close()));
    });
  });
}
