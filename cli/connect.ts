import path from 'node:path';
import pino from 'pino';
import type { Logger } from 'pino';
import { createClient } from '../client/create-client.ts';
import type { BatonClient } from '../client/create-client.ts';
import { openDoor } from '../client/door.ts';
import type { Door } from '../client/door.ts';
import type { Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import { connectTo } from '../server/connect.ts';
import { findRunningServer } from '../server/running-server.ts';
import { openStore } from '../store/open-store.ts';
import type { Settings } from './settings.ts';

export const temporalFolder = (settings: Settings): string => path.join(settings.folder, 'temporal');
export const storeFolder = (settings: Settings): string => path.join(settings.folder, 'store');

/** The door of whoever may read this folder. */
export function openLocalDoor(settings: Settings): Door {
  return openDoor(path.join(settings.folder, 'door.pem'));
}

/** Structured lines on standard error, quiet unless asked for. Content and secrets never reach it. */
export function createLogger(settings: Pick<Settings, 'verbose'>): Logger {
  return pino(
    {
      level: settings.verbose ? 'info' : 'silent',
      base: null,
      redact: {
        paths: ['*.content', '*.token', '*.password', '*.secret', '*.authorization'],
        censor: '[redacted]',
      },
    },
    pino.destination(2),
  );
}

/** The store alone: enough to look, with no server and no worker up. */
export async function withStore<T>(settings: Settings, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ folder: storeFolder(settings) });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Where the server is: as told, or the one that `baton dev` keeps in this folder. */
export async function findAddress(settings: Settings): Promise<string> {
  if (settings.address !== undefined) return settings.address;
  const running = await findRunningServer(temporalFolder(settings));
  if (running) return running.address;
  throw toFailure(
    'Server.Unreachable',
    `No Temporal server runs for ${settings.folder}: start one with \`baton dev\`.`,
    {
      name: settings.folder,
    },
  );
}

/** A client on a running server. */
export async function withClient<T>(
  settings: Settings,
  work: (client: BatonClient) => Promise<T>,
): Promise<T> {
  const connection = await connectTo(await findAddress(settings));
  try {
    return await withStore(settings, async (store) =>
      work(
        createClient({
          connection,
          store,
          door: openLocalDoor(settings),
          namespace: settings.namespace,
          taskQueue: settings.taskQueue,
        }),
      ),
    );
  } finally {
    await connection.close();
  }
}
