import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toFailure } from '../contracts/failures.ts';
import type { Person } from '../client/door.ts';
import type { Project } from '../worker/define-project.ts';

/** What every command is given. */
export interface Settings {
  /** Where the store, the door's key and the server's data lie. */
  folder: string;
  /** The project file; `baton.config.ts` or `.js` here unless given. */
  config?: string;
  address?: string;
  namespace: string;
  taskQueue: string;
  json: boolean;
  verbose: boolean;
  trace: boolean;
}

const names = ['baton.config.ts', 'baton.config.js'];

/** The project file's default export. Throws `Process.Unknown` where there is none. */
export async function loadProject(
  settings: Pick<Settings, 'config'>,
): Promise<{ project: Project; file: string }> {
  const candidates = settings.config === undefined ? names : [settings.config];
  const file = candidates.map((name) => path.resolve(name)).find((name) => existsSync(name));
  if (file === undefined) {
    throw toFailure(
      'Process.Unknown',
      `There is no ${candidates.join(' or ')} here: the file that lists your processes.`,
      {
        name: candidates[0]!,
      },
    );
  }
  const { default: project } = (await import(pathToFileURL(file).href)) as { default?: Project };
  if (!project?.processes) {
    throw toFailure(
      'Process.Invalid',
      `${path.basename(file)} does not export defineProject({ … }) as its default.`,
      { name: file },
    );
  }
  return { project, file };
}

/** Who acts at this terminal: as given, or the computer's user, who then has no role. */
export function readPerson(options: { as?: string; role?: string[] }): Person {
  return { id: options.as ?? userInfo().username, roles: options.role ?? [] };
}
