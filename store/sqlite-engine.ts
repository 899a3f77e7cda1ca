import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Dialect } from 'kysely';
import { toFailure } from '../contracts/failures.ts';
import type { Engine } from './engine.ts';
import { makeFolder } from './make-folder.ts';
import { SqliteDriver } from './sqlite-driver.ts';
import type { Attempt } from './sqlite-driver.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

// SQLite's result codes, of which the low byte is the kind: https://www.sqlite.org/rescode.html
const busy = new Set<number | string | undefined>([5, 6]);
// prettier-ignore
const unavailable = new Set<number | string | undefined>([
  3, 5, 6, 8, 10, 11, 13, 14, 15, 26,
  'EACCES', 'EDQUOT', 'EEXIST', 'EIO', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'ENOTSUP', 'EPERM',
  'EROFS',
]);
// Longer waits inside SQLite would hold up the event loop, with the heartbeats and workflow tasks on it.
const waitInSqlite = 10;

// Commits are synced by `WriteAheadLog`; what SQLite has to sync for the file to stay whole, it still does.
const settings = `
  pragma synchronous = normal;
  pragma secure_delete = on;
  pragma journal_size_limit = 67108864;
`;

/** SQLite in one file of the folder, shared by any number of this machine's processes. `patience` in milliseconds. */
export async function openSqliteEngine(folder: string, patience: number): Promise<Engine> {
  const place = resolve(folder);
  const file = `${place}/baton.sqlite`;
  const attempt: Attempt = (work) => retryWhileBusy(work, place, patience);
  const database = await attempt(() => {
    // For its owner only.
    makeFolder(place, 0o700);
    return new DatabaseSync(file, { timeout: waitInSqlite });
  });
  try {
    // The switch to WAL takes an exclusive lock and does not wait for it by itself.
    await attempt(() => database.exec('pragma journal_mode = wal'));
    await attempt(() => database.exec(settings));
  } catch (error) {
    database.close();
    throw error;
  }
  const rewrite = async (): Promise<void> =>
    driver.alone(() => {
      const { busy } = database.prepare('pragma wal_checkpoint(restart)').get() as { busy: number };
      if (busy) throw new Error('what could not be synced waits for other processes that read or write');
    });
  const driver = new SqliteDriver(database, attempt, new WriteAheadLog(`${file}-wal`, place, rewrite));
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return {
    dialect,
    place,
    bytes: 'blob',
    rowLocks: false,
    purge: () => driver.alone(() => database.exec('pragma wal_checkpoint(truncate)')),
  };
}

/** Throws `Store.Unavailable` where SQLite, or the file system under it, can't open, read or write. */
async function retryWhileBusy<T>(work: () => T, place: string, patience: number): Promise<T> {
  const deadline = performance.now() + patience;
  for (let longest = 2; ; longest = Math.min(longest * 2, 50)) {
    try {
      return work();
    } catch (error) {
      const code = resultCode(error);
      if (!unavailable.has(code)) throw error;
      if (!busy.has(code) || performance.now() > deadline)
        throw toFailure('Store.Unavailable', `The store in ${place}: ${(error as Error).message}.`, {
          name: place,
          cause: error,
        });
    }
    // Random, so that processes that met once do not meet again.
    await setTimeout(Math.random() * longest);
  }
}

/** SQLite's kind of error, or the file system's name for it. */
function resultCode(error: unknown): number | string | undefined {
  const { code, errcode } = error as { code?: string; errcode?: number };
  return errcode === undefined ? code : errcode & 0xff;
}
