import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunRow, Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import { openStore } from '../store/open-store.ts';
import type { Settings } from './settings.ts';

export const temporalFolder = (settings: Settings): string => path.join(settings.folder, 'temporal');
export const storeFolder = (settings: Settings): string => path.join(settings.folder, 'store');
export const doorFile = (settings: Settings): string => path.join(settings.folder, 'door.pem');
export const hasStore = (settings: Settings): boolean => existsSync(storeFolder(settings));

/** The store in the folder, which is made where it is missing. Throws `Store.Unavailable`, `Store.Newer`. */
export async function openStoreOf(settings: Settings): Promise<Store> {
  return openStore({ folder: storeFolder(settings) });
}

/** The store alone: enough to look, with no server and no worker up. */
export async function withStore<T>(settings: Settings, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStoreOf(settings);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A run that is there: by its id, by the beginning of it that no other shares, or by its process and business key. */
export async function findRun(store: Store, given: string): Promise<RunRow> {
  const row = await store.runs.get(given);
  if (row) return row;
  const found = (await store.runs.list()).filter(({ run }) => run.startsWith(given));
  if (found.length === 1) return found[0]!;
  const several = found.length > 1 ? `; ${found.length} runs begin so` : '';
  // No process has a slash in its name; a key may.
  const slash = given.indexOf('/');
  const [held] =
    slash > 0 ? await store.runs.list({ process: given.slice(0, slash), key: given.slice(slash + 1) }) : [];
  if (held) return held;
  throw toFailure('Run.Unknown', `There is no run ${given}${several}.`, { name: given });
}

/** As `withStore`, for a run that is there; no store is made where there is none. */
export async function withRun<T>(
  settings: Settings,
  given: string,
  work: (store: Store, row: RunRow) => Promise<T>,
): Promise<T> {
  if (!hasStore(settings)) {
    throw toFailure('Run.Unknown', `There is no run ${given}: nothing was run in ${settings.folder} yet.`, {
      name: given,
    });
  }
  return withStore(settings, async (store) => work(store, await findRun(store, given)));
}
