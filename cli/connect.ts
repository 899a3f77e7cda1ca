import { hostname } from 'node:os';
import type { Connection } from '@temporalio/client';
import { createClient } from '../client/create-client.ts';
import type { BatonClient } from '../client/create-client.ts';
import { openDoor } from '../client/door.ts';
import type { Door } from '../client/door.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import { connectTo } from '../server/connect.ts';
import { findRunningServer, isAlive } from '../server/running-server.ts';
import { doorFile, findRun, temporalFolder, withRun, withStore } from './open-folder.ts';
import type { Settings } from './settings.ts';

/** The door of whoever may read this folder. */
export function openLocalDoor(settings: Settings): Door {
  const file = doorFile(settings);
  try {
    return openDoor(file);
  } catch (cause) {
    throw toFailure('File.NotWritable', `The door's key ${file}: ${(cause as Error).message}`, {
      name: file,
      cause,
    });
  }
}

/** Where the server is: as told, or the one that `baton dev` keeps in this folder. */
export async function findAddress(settings: Settings): Promise<string> {
  if (settings.address !== undefined) return settings.address;
  const running = await findRunningServer(temporalFolder(settings));
  if (running) return running.address;
  throw toFailure('Server.Unreachable', `No Temporal server runs for ${settings.folder}.`, {
    name: settings.folder,
  });
}

export interface Connected {
  client: BatonClient;
  store: Store;
  connection: Connection;
}

/** A client on a running server. The server first: without one, no store is made. */
export async function withClient<T>(
  settings: Settings,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  const connection = await connectTo(await findAddress(settings));
  try {
    return await withStore(settings, async (store) => {
      const door = openLocalDoor(settings);
      const { namespace, taskQueue } = settings;
      const client = createClient({ connection, store, door, namespace, taskQueue });
      return work({ client, store, connection });
    });
  } finally {
    await connection.close();
  }
}

/** A client on a running server, for a run that the store knows. */
export async function withClientOf<T>(
  settings: Settings,
  run: string,
  work: (connected: Connected & { row: RunRow }) => Promise<T>,
): Promise<T> {
  // Whether there is such a run can be told without a server.
  await withRun(settings, run, async () => {});
  return withClient(settings, async (connected) =>
    work({ ...connected, row: await findRun(connected.store, run) }),
  );
}

/** Milliseconds after which a live worker has asked again at the latest: a long poll lasts a minute, and clocks differ. */
const pollsWithin = 75_000;

/** Live workers that poll a task queue. Temporal lists those that asked within five minutes, dead ones too. */
export async function listPollers(
  connection: Connection,
  { namespace, taskQueue }: Pick<Settings, 'namespace' | 'taskQueue'>,
): Promise<string[]> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 1,
  });
  const since = Date.now() - pollsWithin;
  return (pollers ?? [])
    .filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > since)
    .map(({ identity }) => identity ?? 'unknown')
    .filter((identity) => !hasDiedHere(identity));
}

/** Of this computer's processes it is known at once; the SDK calls a worker PID@HOST. */
function hasDiedHere(identity: string): boolean {
  const [, pid, host] = /^(\d+)@(.+)$/.exec(identity) ?? [];
  return pid !== undefined && host === hostname() && !isAlive(Number(pid));
}
