import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { executableName } from './program-cache.ts';

const run = promisify(execFile);

/** Every executable file of that name on the PATH, in the PATH's order. */
export async function findOnPath(name: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter(Boolean);
  const candidates = folders.map((folder) => join(folder, executableName(name)));
  const executable = await Promise.all(candidates.map(isExecutableFile));
  return candidates.filter((_, index) => executable[index]);
}

export async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** What the program says of its version; throws where it isn't the Temporal CLI or can't run here. */
export async function readTemporalVersion(program: string): Promise<string> {
  const { stdout } = await run(program, ['--version'], { timeout: 30_000, windowsHide: true });
  const version = /^temporal version (.+)$/m.exec(stdout)?.[1];
  if (version === undefined) {
    throw new Error(`${program} isn't the Temporal CLI: --version says "${stdout.trim().slice(0, 80)}"`);
  }
  return version;
}
