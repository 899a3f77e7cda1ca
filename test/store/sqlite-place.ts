import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../store/open-store.ts';
import type { Place } from './suite/place.ts';

export interface SqlitePlace extends Place {
  folder: string;
  /** Takes the write lock until the function that it answers is called. */
  holdWriteLock(): () => void;
}

export async function createSqlitePlace(): Promise<SqlitePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-store-'));
  return {
    folder,
    open: (now) => openStore({ folder, ...(now ? { now } : {}) }),
    async tamper(sql) {
      const database = new DatabaseSync(join(folder, 'baton.sqlite'), { enableForeignKeyConstraints: false });
      database.exec(sql);
      database.close();
    },
    holdWriteLock() {
      const database = new DatabaseSync(join(folder, 'baton.sqlite'));
      database.exec('begin immediate');
      return () => {
        database.exec('rollback');
        database.close();
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
