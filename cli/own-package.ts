import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What Baton's own package.json says. */
export interface OwnPackage {
  name: string;
  version: string;
  dependencies: { [name: string]: string };
  devDependencies: { [name: string]: string };
}

/** The folder of this package, be it installed or a clone. */
export function ownFolder(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder))
    if (existsSync(path.join(folder, 'package.json'))) return folder;
}

export function readOwnPackage(): OwnPackage {
  return JSON.parse(readFileSync(path.join(ownFolder(), 'package.json'), 'utf8')) as OwnPackage;
}
