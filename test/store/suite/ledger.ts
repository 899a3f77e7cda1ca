import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256Hex } from '../../../contracts/json.ts';
import type { LedgerRecord } from '../../../contracts/ports.ts';
import { batch, effectEnded, failureOf, reserveRun, started, usePlace } from './place.ts';
import type { Place } from './place.ts';

const close = { type: 'close', to: 'finished' } as const;

export function ledgerSuite(create: () => Promise<Place>): void {
  const { store, clock } = usePlace(create);

  describe('ledger', () => {
    test('chains each record to the one before by SHA-256 over all its fields', async () => {
      await reserveRun(store(), 'a');
      const head = await store().commit(batch('a', 0, [started('gather'), started('draw')]));
      const records = await store().ledger.read('a');
      expect(
        records.map(({ index, id, epoch, kind, body, at }) => ({ index, id, epoch, kind, body, at })),
      ).toEqual([
        {
          index: 0,
          id: '1:0',
          epoch: 1,
          kind: 'outcome',
          body: started('gather'),
          at: '2026-03-01T08:00:00.000Z',
        },
        {
          index: 1,
          id: '1:1',
          epoch: 1,
          kind: 'outcome',
          body: started('draw'),
          at: '2026-03-01T08:00:00.000Z',
        },
      ]);
      let previous = '';
      for (const { hash, previous: named, ...rest } of records) {
        expect(named).toBe(previous);
        expect(hash).toBe(sha256Hex(previous + canonicalJson(rest)));
        previous = hash;
      }
      expect(head).toEqual({ index: 1, hash: previous });
    });

    test('records a batch once, however often it arrives, and keeps when it came first', async () => {
      await reserveRun(store(), 'a');
      const once = await store().commit(batch('a', 0, [started('gather')]));
      const records = await store().ledger.read('a');
      clock.now += 5000;
      expect(await store().commit(batch('a', 0, [started('gather')]))).toEqual(once);
      expect(await store().ledger.read('a')).toEqual(records);
    });

    test('adds what is missing of a batch that was recorded in part, also around an effect and a close', async () => {
      await reserveRun(store(), 'a');
      const outcomes = [started('gather'), effectEnded('success'), started('draw'), close];
      await store().commit(batch('a', 0, outcomes.slice(0, 1)));
      await store().commit(batch('a', 7, [outcomes[1]!, outcomes[3]!]));
      const head = await store().commit(batch('a', 0, outcomes));
      const ids = (await store().ledger.read('a')).map(({ id }) => id);
      expect(ids).toEqual(['1:0', 'effect:publishReport:0:do:0', 'close:1', '1:2']);
      expect(head?.index).toBe(3);
      expect(await store().ledger.verify('a', head!)).toEqual([]);
    });

    test('refuses a record whose id is there with another content, and records nothing of that commit', async () => {
      await reserveRun(store(), 'a');
      await store().commit(batch('a', 0, [started('gather')]));
      const other = store().commit(batch('a', 0, [started('draw'), started('forecast')]));
      await expect(other).rejects.toMatchObject(failureOf('Ledger.Broken'));
      expect(await store().ledger.read('a')).toHaveLength(1);
    });

    test('keeps refusals and model calls beside outcomes, and their ids never take an outcome’s place', async () => {
      await reserveRun(store(), 'a');
      const refusal = { run: 'a', epoch: 1, id: '1:0', kind: 'refusal', body: { why: 'unsigned' } } as const;
      const call = { run: 'a', epoch: 1, id: 'call 1', kind: 'modelCall', body: { tokens: 12 } } as const;
      await store().commit({ records: [refusal, call] });
      const head = await store().commit({ ...batch('a', 0, [started('gather')]), records: [call] });
      const records = await store().ledger.read('a');
      expect(records.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
        'refusal 1:0',
        'modelCall call 1',
        'outcome 1:0',
      ]);
      expect(await store().ledger.verify('a', head!)).toEqual([]);
    });

    test('records what a door refused for an epoch that has passed', async () => {
      await reserveRun(store(), 'a');
      await store().runs.openEpoch('a', 2, { seq: 1 });
      const late = { run: 'a', epoch: 1, id: 'late', kind: 'refusal', body: { why: 'old epoch' } } as const;
      expect(await store().commit({ records: [late] })).toMatchObject({ index: 0 });
    });

    test('keeps the chain of each run apart, also in one commit', async () => {
      await reserveRun(store(), 'a');
      await reserveRun(store(), 'b');
      await store().commit(batch('a', 0, [started('gather')]));
      const head = await store().commit({
        ...batch('b', 0, [started('draw')]),
        records: [{ run: 'a', epoch: 1, id: 'call', kind: 'modelCall', body: {} }],
      });
      expect(head).toMatchObject({ index: 0, hash: (await store().ledger.read('b'))[0]!.hash });
      expect(await store().ledger.read('a')).toHaveLength(2);
      expect(await store().ledger.runs()).toEqual(['a', 'b']);
      expect(await store().ledger.verify('a')).toEqual([]);
    });

    test('takes text of every language and numbers of every size unchanged', async () => {
      await reserveRun(store(), '运行 1');
      const body = {
        文字: '出口增长 🚢\u2028"\\',
        small: 5e-324,
        big: 1e21,
        exact: 9007199254740991,
        minus: -0.1,
      };
      await store().commit({ records: [{ run: '运行 1', epoch: 1, id: '模', kind: 'modelCall', body }] });
      expect((await store().ledger.read('运行 1'))[0]!.body).toEqual(body);
      expect(await store().ledger.verify('运行 1')).toEqual([]);
    });

    test('reads and verifies a chain of thousands of records in order', async () => {
      await reserveRun(store(), 'a');
      const many = Array.from({ length: 1203 }, (_, place) => started('gather', place));
      const head = await store().commit(batch('a', 0, many));
      const records = await store().ledger.read('a');
      expect(records.map(({ index }) => index)).toEqual(many.map((_, place) => place));
      expect(await store().ledger.verify('a', head!)).toEqual([]);
    });
  });

  tamperingSuite(create);
}

function tamperingSuite(create: () => Promise<Place>): void {
  const { store, place } = usePlace(create);
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((task) => started(task));

  async function recordSix(): Promise<{ index: number; hash: string }> {
    await reserveRun(store(), 'r');
    await reserveRun(store(), 'other');
    await store().commit(batch('other', 0, six));
    return (await store().commit(batch('r', 0, six)))!;
  }

  describe('verify finds', () => {
    const alterations: { [what: string]: [sql: string, at: number] } = {
      'an altered body': [
        `update ledger set body = replace(body, '"c"', '"x"') where run = 'r' and position = 2`,
        2,
      ],
      'a body that is no JSON': [`update ledger set body = '{' where run = 'r' and position = 2`, 2],
      'an altered time': [
        `update ledger set at = '2026-03-01T08:00:00.001Z' where run = 'r' and position = 5`,
        5,
      ],
      'an altered id': [`update ledger set id = '1:99' where run = 'r' and position = 0`, 0],
      'an altered kind': [`update ledger set kind = 'refusal' where run = 'r' and position = 3`, 3],
      'an altered epoch': [`update ledger set epoch = 2 where run = 'r' and position = 4`, 4],
      'an altered hash': [`update ledger set hash = '${'0'.repeat(64)}' where run = 'r' and position = 1`, 1],
      'an altered link': [
        `update ledger set previous = '${'0'.repeat(64)}' where run = 'r' and position = 1`,
        1,
      ],
      'a removed record': [`delete from ledger where run = 'r' and position = 3`, 3],
      'a removed first record': [`delete from ledger where run = 'r' and position = 0`, 0],
      'several removed records': [`delete from ledger where run = 'r' and position in (2, 3)`, 2],
      'a record moved in from another run': [
        `update ledger set run = 'r', position = 6, id = '1:6' where run = 'other' and position = 5`,
        6,
      ],
      'the last record cut off': [`delete from ledger where run = 'r' and position = 5`, 5],
      'the end cut off': [`delete from ledger where run = 'r' and position >= 2`, 2],
      'a whole chain removed': [`delete from ledger where run = 'r'`, 0],
    };
    for (const [what, [sql, at]] of Object.entries(alterations))
      test(what, async () => {
        const head = await recordSix();
        await place().tamper(sql);
        const found = await store().ledger.verify('r', head);
        expect(found.length).toBeGreaterThan(0);
        expect(found[0]!.index).toBe(at);
        expect(found[0]!.problem).not.toBe('');
        expect(await store().ledger.verify('other')).toEqual([]);
      });

    test('two records that changed places', async () => {
      const head = await recordSix();
      await place().tamper(`update ledger set position = 90 where run = 'r' and position = 1`);
      await place().tamper(`update ledger set position = 1 where run = 'r' and position = 2`);
      await place().tamper(`update ledger set position = 2 where run = 'r' and position = 90`);
      const found = await store().ledger.verify('r', head);
      expect(found[0]!.index).toBe(1);
    });

    test('a removed record whose place was closed up', async () => {
      const head = await recordSix();
      await place().tamper(`delete from ledger where run = 'r' and position = 2`);
      for (const position of [3, 4, 5])
        await place().tamper(
          `update ledger set position = ${position - 1} where run = 'r' and position = ${position}`,
        );
      expect((await store().ledger.verify('r', head))[0]!.index).toBe(2);
    });

    test('an inserted record that bears a right hash of its own', async () => {
      const head = await recordSix();
      const records = await store().ledger.read('r');
      for (const position of [5, 4, 3])
        await place().tamper(
          `update ledger set position = ${position + 1} where run = 'r' and position = ${position}`,
        );
      await place().tamper(insert(forge({ ...records[3]!, id: '1:77', body: { type: 'forged' } })));
      expect((await store().ledger.verify('r', head))[0]!.index).toBe(4);
    });

    test('a chain forged anew from some record on, by the head in the run’s history', async () => {
      const head = await recordSix();
      const records = await store().ledger.read('r');
      await place().tamper(`delete from ledger where run = 'r' and position >= 3`);
      let previous = records[2]!.hash;
      for (const record of records.slice(3)) {
        const forged = forge({ ...record, previous, at: '2026-03-02T00:00:00.000Z' });
        await place().tamper(insert(forged));
        previous = forged.hash;
      }
      expect(await store().ledger.verify('r')).toEqual([]);
      expect((await store().ledger.verify('r', head)).map(({ index }) => index)).toEqual([5]);
    });

    test('nothing in a chain that has grown beyond the head', async () => {
      const head = await recordSix();
      await store().commit(batch('r', 6, [started('g')]));
      expect(await store().ledger.verify('r', head)).toEqual([]);
    });
  });
}

function forge(record: LedgerRecord): LedgerRecord {
  const { hash: _, previous, ...rest } = record;
  return { ...record, hash: sha256Hex(previous + canonicalJson(rest)) };
}

function insert({ run, index, epoch, kind, id, body, at, previous, hash }: LedgerRecord): string {
  return `insert into ledger (run, position, epoch, kind, id, body, at, previous, hash) values
    ('${run}', ${index}, ${epoch}, '${kind}', '${id}', '${canonicalJson(body)}', '${at}', '${previous}', '${hash}')`;
}
