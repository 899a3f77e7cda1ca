import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../store/make-folder.ts';

const sqliteBusy = 5;

/**
 * Runs `work` while no other process (nor other caller in this one) holds the lock kept in `file`. SQLite's file
 * lock is used because the system lets go of it when a process dies: no stale lock ever needs to be judged.
 */
export async function withExclusiveLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  makeFolder(dirname(file));
  const database = new DatabaseSync(file);
  try {
    if (!tryToLock(database)) {
      onWait?.();
      while (!tryToLock(database)) await sleep(50);
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryToLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === sqliteBusy) return false;
    throw error;
  }
}
