import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { makeFolder } from '../../store/make-folder.ts';

const make = async (folder: string): Promise<string | undefined> => makeFolder(folder);

/** Throws `ConnectorRefused` where a link below the root leads out of it. Makes the root if it is missing. */
export async function refuseWayOut(root: string, final: string): Promise<void> {
  await orRefuse(make(root), root);
  const inside = await orRefuse(realpath(root), root);
  for (let folder = path.dirname(final); folder !== root; folder = path.dirname(folder)) {
    const real = await orRefuse(realpathOrNull(folder), folder);
    if (real === null) continue;
    if (real.startsWith(inside + path.sep)) return;
    throw new ConnectorRefused(
      `${path.relative(root, folder)} leads out of the folder that this connector may write to.`,
    );
  }
}

async function realpathOrNull(folder: string): Promise<string | null> {
  try {
    return await realpath(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes a folder beside `final`, durably, and answers where; nothing is published yet, so a disk that says no is a
 * refusal. Names starting with a dot are its own.
 */
export async function writeBeside(
  final: string,
  contents: Map<string, Uint8Array>,
  abortSignal: AbortSignal,
): Promise<string> {
  const parent = path.dirname(final);
  const made = await orRefuse(make(parent), parent);
  await orRefuse(removeLeftovers(final), parent);
  const beside = path.join(parent, `.${path.basename(final)}.${randomUUID()}`);
  try {
    await orRefuse(mkdir(beside), beside);
    for (const [file, content] of contents)
      await orRefuse(writeSynced(path.join(beside, file), content), file);
    await orRefuse(syncFolder(beside), beside);
    for (
      let folder = parent;
      made && folder.length >= path.dirname(made).length;
      folder = path.dirname(folder)
    )
      await orRefuse(syncFolder(folder), folder);
    abortSignal.throwIfAborted();
    return beside;
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

const isCallId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** What calls left that died. Were one of them still alive, it could not move into place any more what is gone. */
async function removeLeftovers(final: string): Promise<void> {
  const parent = path.dirname(final);
  const own = `.${path.basename(final)}.`;
  for (const entry of await readdir(parent))
    // Nothing but an id of a call may follow: another slot's name may begin as this one's does, and be at work.
    if (entry.startsWith(own) && isCallId(entry.slice(own.length)))
      await rm(path.join(parent, entry), { recursive: true, force: true });
}

/** A reader finds what was there, nothing for an instant, or what is there from now on: never half of it. */
export async function replaceFolder(final: string, by: string | null): Promise<void> {
  const aside = path.join(path.dirname(final), `.${path.basename(final)}.${randomUUID()}`);
  const wasThere = await renameIfThere(final, aside);
  if (by !== null) {
    try {
      await rename(by, final);
    } catch (error) {
      if (wasThere) await rename(aside, final);
      throw error;
    }
  }
  if (by !== null || wasThere) await syncFolder(path.dirname(final));
  if (wasThere) await rm(aside, { recursive: true, force: true });
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function writeSynced(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder for syncing; its rename is durable enough there.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(async () => handle.close());
}

export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function orRefuse<T>(work: Promise<T>, what: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new ConnectorRefused(
      `Can't write ${what}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
