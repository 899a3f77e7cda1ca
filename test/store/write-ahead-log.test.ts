import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import { SqliteDriver } from '../../store/sqlite-driver.ts';
import { WriteAheadLog } from '../../store/write-ahead-log.ts';
import { createSqlitePlace } from './sqlite-place.ts';
import type { Place } from './suite/place.ts';

/** A disk that is as slow as the test wants. */
class SlowDisk {
  readonly waiting: PromiseWithResolvers<void>[] = [];
  sync(): Promise<void> {
    const one = Promise.withResolvers<void>();
    this.waiting.push(one);
    return one.promise;
  }
  async close(): Promise<void> {}
}

const settled = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    promise.then(() => true),
    new Promise<false>((resolve) => setImmediate(() => resolve(false))),
  ]);

describe('what is written to SQLite', () => {
  const disk = new SlowDisk();
  const database = new DatabaseSync(':memory:');
  const driver = new SqliteDriver(database, async (work) => work(), disk);
  const db = new Kysely<{ words: { word: string } }>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driver,
      createIntrospector: (one) => new SqliteIntrospector(one),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  database.exec('create table words (word text)');
  beforeEach(() => void (disk.waiting.length = 0));

  const write = (word: string): Promise<unknown> =>
    db.transaction().execute((tx) => tx.insertInto('words').values({ word }).execute());
  const lastSync = async (syncs: number): Promise<PromiseWithResolvers<void>> => {
    await vi.waitFor(() => expect(disk.waiting).toHaveLength(syncs));
    return disk.waiting.at(-1)!;
  };

  test('in a transaction is answered only when it is on the disk', async () => {
    const written = write('kept');
    const sync = await lastSync(1);
    expect(await settled(written)).toBe(false);
    sync.resolve();
    await written;
  });

  test('in a statement alone is answered only when it is on the disk, whether it answers rows or not', async () => {
    const statements: (() => Promise<unknown>)[] = [
      () => db.insertInto('words').values({ word: 'one' }).execute(),
      () => db.insertInto('words').values({ word: 'two' }).returning('word').execute(),
      () => sql`delete from words`.execute(db),
    ];
    for (const start of statements) {
      const written = start();
      const sync = await lastSync(1);
      expect(await settled(written)).toBe(false);
      sync.resolve();
      await written;
      disk.waiting.length = 0;
    }
  });

  test('lets others write while the disk is at it', async () => {
    const first = write('first');
    await lastSync(1);
    const second = write('second');
    await lastSync(2);
    expect(await settled(first)).toBe(false);
    for (const sync of disk.waiting) sync.resolve();
    await Promise.all([first, second]);
  });

  test('is not said to be written where the disk fails, and leaves alone whoever is writing then', async () => {
    const failing = write('lost');
    const sync = await lastSync(1);
    const within = Promise.withResolvers<void>();
    const other = db.transaction().execute(async (tx) => {
      await tx.insertInto('words').values({ word: 'mine, 1' }).execute();
      await within.promise;
      await tx.insertInto('words').values({ word: 'mine, 2' }).execute();
    });
    await vi.waitFor(() => expect(database.isTransaction).toBe(true));
    sync.reject(new Error('disk'));
    await expect(failing).rejects.toThrow('disk');
    expect(database.isTransaction).toBe(true);
    within.resolve();
    (await lastSync(2)).resolve();
    await other;
    const rows = await db.selectFrom('words').selectAll().where('word', 'like', 'mine%').execute();
    expect(rows).toHaveLength(2);
  });

  test('is not said to be written where the disk fails, and others go on', async () => {
    const failing = write('lost');
    (await lastSync(1)).reject(new Error('disk'));
    await expect(failing).rejects.toThrow('disk');
    const next = write('next');
    (await lastSync(2)).resolve();
    await next;
  });

  test('needs no disk to be read', async () => {
    await db.selectFrom('words').selectAll().execute();
    expect(disk.waiting).toHaveLength(0);
  });
});

describe('the write-ahead log', () => {
  let place: Place & { folder: string };
  beforeEach(async () => void (place = await createSqlitePlace()));
  afterEach(async () => {
    vi.restoreAllMocks();
    await place.remove();
  });

  const prototypeOf = async (file: string) => {
    const handle = await open(file, 'a+');
    await handle.close();
    return Object.getPrototypeOf(handle) as typeof handle;
  };

  /** Counts the syncs of the operating system, each as slow as `hold` says. */
  async function watchSyncs(file: string, hold = async (): Promise<void> => {}) {
    return vi.spyOn(await prototypeOf(file), 'datasync').mockImplementation(hold);
  }

  test('is synced once for all who wait, and again for who comes while a sync is under way', async () => {
    const file = join(place.folder, 'log');
    const held: PromiseWithResolvers<void>[] = [];
    const syncs = await watchSyncs(file, () => {
      const one = Promise.withResolvers<void>();
      held.push(one);
      return one.promise;
    });
    const log = new WriteAheadLog(file, place.folder, async () => {});
    const early = [log.sync(), log.sync(), log.sync()];
    await vi.waitFor(() => expect(syncs).toHaveBeenCalledTimes(1));
    const late = [log.sync(), log.sync()];
    held[0]!.resolve();
    await Promise.all(early);
    await vi.waitFor(() => expect(syncs).toHaveBeenCalledTimes(2));
    expect(await settled(late[0]!)).toBe(false);
    held[1]!.resolve();
    await Promise.all(late);
    expect(syncs).toHaveBeenCalledTimes(2);
    await log.close();
  });

  test('that can’t be synced is Store.Unavailable, and is tried anew by the next write', async () => {
    const file = join(place.folder, 'log');
    const log = new WriteAheadLog(file, place.folder, async () => {});
    await expect(log.sync()).rejects.toMatchObject({ type: 'Store.Unavailable' });
    const syncs = await watchSyncs(file);
    await log.sync();
    expect(syncs).toHaveBeenCalledTimes(1);
    await log.close();
  });

  test('that the disk failed is written over into the database before anything more counts', async () => {
    const file = join(place.folder, 'log');
    let rewritten = 0;
    let busy = true;
    let broken = true;
    const syncs = await watchSyncs(file, async () => {
      if (broken) throw new Error('the disk failed');
    });
    const log = new WriteAheadLog(file, place.folder, async () => {
      if (busy) throw new Error('somebody reads');
      rewritten++;
    });
    await expect(log.sync()).rejects.toMatchObject({ type: 'Store.Unavailable' });
    broken = false;
    await expect(log.sync()).rejects.toMatchObject({ message: expect.stringContaining('somebody reads') });
    expect([rewritten, syncs.mock.calls.length]).toEqual([0, 1]);
    busy = false;
    await log.sync();
    await log.sync();
    expect([rewritten, syncs.mock.calls.length]).toEqual([1, 3]);
    await log.close();
  });

  test('of a store is rewritten after a failed sync, and what is written then stays', async () => {
    const store = await place.open();
    const at = { run: 'a', task: 'gather', key: 'k', attempt: 1 };
    const syncs = vi.spyOn(await prototypeOf(join(place.folder, 'baton.sqlite-wal')), 'datasync');
    syncs.mockRejectedValueOnce(new Error('the disk failed'));
    await expect(store.snapshots.claim(at)).rejects.toMatchObject({ type: 'Store.Unavailable' });
    await store.snapshots.save(at, new Uint8Array(3));
    expect(await store.snapshots.load(at)).toMatchObject({ attempt: 1 });
    await store.close();
  });

  test('of a store is synced before a write is answered', async () => {
    const store = await place.open();
    const syncs = vi.spyOn(await prototypeOf(join(place.folder, 'baton.sqlite-wal')), 'datasync');
    await store.snapshots.claim({ run: 'a', task: 'gather', key: 'k', attempt: 1 });
    expect(syncs).toHaveBeenCalledTimes(1);
    await store.snapshots.save({ run: 'a', task: 'gather', key: 'k', attempt: 1 }, new Uint8Array(3));
    expect(syncs).toHaveBeenCalledTimes(2);
    await store.close();
  });
});
