import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo } from './connect.ts';

/** What is known of the server that serves a data folder; kept in the folder while that server lives. */
export interface RunningServer {
  address: string;
  uiUrl?: string;
  pid: number;
  /** Temporal's own id of the server's data: another server at the same address has another one. */
  clusterId: string;
}

export async function saveRunningServer(folder: string, server: RunningServer): Promise<void> {
  const draft = join(folder, `temporal.${process.pid}.json`);
  await writeFile(draft, `${JSON.stringify(server, undefined, 2)}\n`);
  await rename(draft, stateFile(folder));
}

export async function forgetRunningServer(folder: string): Promise<void> {
  await rm(stateFile(folder), { force: true });
}

/** The server that serves this folder now. Waits for one that is about to end, so that no two share a database. */
export async function findRunningServer(folder: string): Promise<RunningServer | undefined> {
  const saved = await readState(folder);
  if (!saved) return undefined;
  // The bound is for a process id that another program has got since (after a restart of the machine).
  for (let attempt = 0; attempt < 120 && isAlive(saved.pid); attempt += 1) {
    const clusterId = await readClusterIdAt(saved.address);
    if (clusterId === saved.clusterId) return saved;
    if (clusterId !== undefined) return undefined;
    await sleep(100);
  }
  return undefined;
}

async function readClusterIdAt(address: string): Promise<string | undefined> {
  try {
    const connection = await connectTo(address);
    try {
      return (await connection.workflowService.getClusterInfo({})).clusterId ?? undefined;
    } finally {
      await connection.close();
    }
  } catch {
    return undefined;
  }
}

async function readState(folder: string): Promise<RunningServer | undefined> {
  try {
    const state = JSON.parse(await readFile(stateFile(folder), 'utf8')) as Partial<RunningServer>;
    const { address, uiUrl, pid, clusterId } = state;
    if (!address || !pid || !clusterId) return undefined;
    return { address, pid, clusterId, ...(uiUrl ? { uiUrl } : {}) };
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In a container whose first process collects no orphans, a process that ended keeps its id. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function stateFile(folder: string): string {
  return join(folder, 'temporal.json');
}
