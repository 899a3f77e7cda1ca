import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

interface ProgramCache {
  /** Where the program is kept, whether it is there yet or not. */
  program: string;
  lock: string;
  /** Version of the Temporal CLI that tools/temporal pins, without a leading v. */
  version: string;
}

export function cacheFolder(environment: NodeJS.ProcessEnv, platform = process.platform): string {
  if (environment['XDG_CACHE_HOME']) return join(environment['XDG_CACHE_HOME'], 'baton');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'baton');
  if (platform === 'win32' && environment['LOCALAPPDATA']) return join(environment['LOCALAPPDATA'], 'baton');
  return join(homedir(), '.cache', 'baton');
}

/** The folder name carries version, platform and go.sum's digest, so that another pin never meets an old program. */
export async function locateProgramCache(cache: string, moduleFolder: string): Promise<ProgramCache> {
  const version = /github\.com\/temporalio\/cli v(\S+)/.exec(
    await readFile(join(moduleFolder, 'go.mod'), 'utf8'),
  )?.[1];
  if (version === undefined)
    throw new Error(`${join(moduleFolder, 'go.mod')} pins no github.com/temporalio/cli`);
  const digest = createHash('sha256')
    .update(await readFile(join(moduleFolder, 'go.sum')))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, 'temporal', `${version}-${process.platform}-${process.arch}-${digest}`);
  return { program: join(folder, executableName('temporal')), lock: join(folder, 'lock'), version };
}

export function executableName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

/** `tools/temporal` of this package: beside the rooms in the sources, one level further up when compiled. */
export async function findModuleFolder(): Promise<string> {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'tools', 'temporal');
    try {
      await access(join(candidate, 'go.mod'));
      return candidate;
    } catch {
      continue;
    }
  }
  throw new Error(
    `no tools/temporal above ${import.meta.dirname}: the package is incomplete, install it again`,
  );
}
