import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One rule of the fold, broken on purpose. */
export interface Mutant {
  name: string;
  /** Under `workflows/`. */
  file: string;
  find: string;
  replace: string;
  /** Ids of the properties of which at least one must catch it. */
  caughtBy: string[];
}

const project = fileURLToPath(new URL('../../../', import.meta.url));

/** A place inside the project, so that packages resolve, which git does not see. */
export async function makeWorkshop(): Promise<string> {
  const parent = join(project, '.baton');
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, 'mutants-'));
}

export async function clearWorkshop(workshop: string): Promise<void> {
  await rm(workshop, { recursive: true, force: true });
}

/** How often a mutant's text occurs in the source: exactly once, or the mutant is out of date. */
export async function countOccurrences({ file, find }: Mutant): Promise<number> {
  const source = await readFile(join(project, 'workflows', file), 'utf8');
  return source.split(find).length - 1;
}

/** A copy of the fold with one mutant in it, or with none: the folder of its modules. */
export async function makeCopy(workshop: string, name: string, mutant?: Mutant): Promise<URL> {
  const home = join(workshop, name.replaceAll(/\W+/g, '-'));
  await cp(join(project, 'workflows'), join(home, 'workflows'), { recursive: true });
  await symlink(join(project, 'contracts'), join(home, 'contracts'), 'dir');
  if (mutant) {
    const file = join(home, 'workflows', mutant.file);
    const source = await readFile(file, 'utf8');
    await writeFile(
      file,
      source.replace(mutant.find, () => mutant.replace),
    );
  }
  return pathToFileURL(`${join(home, 'workflows/fold')}/`);
}
