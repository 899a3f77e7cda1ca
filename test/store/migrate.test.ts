import { readdir, readFile } from 'node:fs/promises';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../contracts/json.ts';
import { migrate, migrations } from '../../store/migrate.ts';
import type { Migration } from '../../store/migrate.ts';
import { openSqliteEngine } from '../../store/sqlite-engine.ts';
import type { Tables } from '../../store/tables.ts';
import { createSqlitePlace } from './sqlite-place.ts';
import { batch, checkpoint, failureOf, reserveRun, started } from './suite/place.ts';

let place: Awaited<ReturnType<typeof createSqlitePlace>>;

beforeEach(async () => {
  place = await createSqlitePlace();
});
afterEach(() => place.remove());

const addNote: Migration = async (db) => {
  await db.schema.alterTable('runs').addColumn('note', 'text').execute();
  await sql`update runs set note = 'from an older store'`.execute(db);
};
const fail: Migration = async (db) => {
  await addNote(db, await openSqliteEngine(place.folder, 1000));
  throw new Error('halfway');
};

async function migrateTo(steps: Migration[]): Promise<void> {
  const engine = await openSqliteEngine(place.folder, 10_000);
  const db = new Kysely<Tables>({ dialect: engine.dialect });
  try {
    await migrate(db, engine, steps);
  } finally {
    await db.destroy();
  }
}

async function notes(): Promise<unknown[]> {
  const engine = await openSqliteEngine(place.folder, 10_000);
  const db = new Kysely<Tables>({ dialect: engine.dialect });
  const { rows } = await sql`select run, note from runs`.execute(db);
  await db.destroy();
  return rows;
}

async function makeStoreOfToday(): Promise<void> {
  const store = await place.open();
  await reserveRun(store, 'a');
  await store.commit(batch('a', 0, [started('gather')]));
  await store.close();
}

describe('a store', () => {
  test('of every version there ever was opens with all that it holds', async () => {
    const folder = new URL('old-stores/', import.meta.url);
    const versions = await readdir(folder);
    expect(versions).toContain('version-1.sql');
    for (const version of versions) {
      const old = await createSqlitePlace();
      await old.tamper(await readFile(new URL(version, folder), 'utf8'));
      const store = await old.open();
      const runs = await store.runs.list();
      expect(runs.map(({ run, key, status }) => [run, key, status])).toEqual([
        ['b', null, 'finished'],
        ['a', '2026-11', 'open'],
      ]);
      expect(await store.ledger.read('b')).toMatchObject([
        { id: '1:0' },
        { id: 'effect:publishReport:0:do:0' },
        { id: 'close:1' },
      ]);
      for (const { run } of runs) expect(await store.ledger.verify(run)).toEqual([]);
      expect(await store.slots.list('b')).toMatchObject([{ status: 'success', receipt: { id: 7 } }]);
      expect(await store.desk.open()).toMatchObject([{ run: 'a', checkpoint: checkpoint('approve') }]);
      const { content } = await store.artifacts.get(sha256Hex('kept'));
      expect(new TextDecoder().decode(content)).toBe('kept');
      await expect(store.artifacts.get(sha256Hex('erased'))).rejects.toMatchObject(
        failureOf('Artifact.Erased'),
      );
      expect(await store.snapshots.load({ run: 'a', task: 'draw', key: 'k' })).toMatchObject({ attempt: 1 });
      await store.commit(batch('a', 2, [started('forecast')]));
      await store.close();
      await old.remove();
    }
  });

  test('of an older version is brought to the newer one with all that it holds', async () => {
    await makeStoreOfToday();
    await migrateTo([...migrations, addNote]);
    expect(await notes()).toEqual([{ run: 'a', note: 'from an older store' }]);
    await migrateTo([...migrations, addNote]);
  });

  test('written by a newer Baton is refused, and nothing in it changed', async () => {
    await makeStoreOfToday();
    await migrateTo([...migrations, addNote]);
    const older = place.open();
    await expect(older).rejects.toMatchObject({
      ...failureOf('Store.Newer'),
      message: expect.stringContaining(place.folder),
    });
    expect(await notes()).toHaveLength(1);
  });

  test('whose migration fails halfway stays as it was', async () => {
    await makeStoreOfToday();
    await expect(migrateTo([...migrations, fail])).rejects.toThrow('halfway');
    const store = await place.open();
    expect(await store.ledger.verify('a')).toEqual([]);
    expect(await store.ledger.read('a')).toHaveLength(1);
    await store.close();
    await migrateTo([...migrations, addNote]);
    expect(await notes()).toHaveLength(1);
  });

  test('is migrated once by many that open it at once', async () => {
    await makeStoreOfToday();
    let times = 0;
    const count: Migration = async (db, engine) => {
      times += 1;
      await addNote(db, engine);
    };
    await Promise.all(Array.from({ length: 8 }, () => migrateTo([...migrations, count])));
    expect(times).toBe(1);
  });
});
