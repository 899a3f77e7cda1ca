import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isFailureType, toFailure } from '../contracts/failures.ts';
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

/** Throws `Project.NotFound`. */
export function findProjectFile({ config }: Pick<Settings, 'config'>): string {
  const candidates = config === undefined ? names : [config];
  const file = candidates.map((name) => path.resolve(name)).find((name) => existsSync(name));
  if (file !== undefined) return file;
  throw toFailure('Project.NotFound', `There is no project file ${candidates.join(' or ')} here.`, {
    name: candidates[0] ?? '',
  });
}

/** The project file's default export. Throws `Project.NotFound`, `Project.NotModule`, `Process.Invalid`. */
export async function loadProject(
  settings: Pick<Settings, 'config'>,
): Promise<{ project: Project; file: string }> {
  const file = findProjectFile(settings);
  const name = path.basename(file);
  const { default: project } = await importProject(file);
  if (project?.processes && project.agents) return { project, file };
  throw toFailure('Process.Invalid', `${name} does not export defineProject({ … }) as its default.`, {
    name,
  });
}

async function importProject(file: string): Promise<{ default?: Project }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: Project };
  } catch (error) {
    if (isFailureType((error as { type?: unknown }).type)) throw error;
    const type = isTakenForCommonJs(error) ? 'Project.NotModule' : 'Process.Invalid';
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw toFailure(type, `${path.basename(file)} can't be loaded: ${message}${placeOf(error)}`, {
      name: file,
      cause: error,
    });
  }
}

/** What Node says of an ES module in a package that says it holds none, as `npm init -y` has it say. */
function isTakenForCommonJs(error: unknown): boolean {
  return (
    error instanceof SyntaxError &&
    /^(Cannot use import statement outside a module|Unexpected token 'export')$/.test(error.message)
  );
}

/** Where in the project's code, as the first lines of a stack name it. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const found = /(?:file:\/\/)?(\/[^\s():]+:\d+)/.exec(stack);
  return found ? ` (${path.relative('.', found[1]!)})` : '';
}

/** Who acts at this terminal: as given, or the computer's user, who then has no role. */
export function readPerson(options: { as?: string; role?: string[] }): Person {
  return { id: options.as ?? userInfo().username, roles: options.role ?? [] };
}
