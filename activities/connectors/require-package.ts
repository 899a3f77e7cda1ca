import { createRequire } from 'node:module';
import { toFailure } from '../../contracts/failures.ts';

const { resolve } = createRequire(import.meta.url);

/** Throws `Package.Missing`, with the command that installs it, unless a package that only this part needs is there. */
export function requirePackage(name: string, version: string, user: string): void {
  try {
    resolve(name);
  } catch (cause) {
    throw toFailure(
      'Package.Missing',
      `${user} needs the package ${name}, which is not installed: npm install ${name}@${version}`,
      { name, cause },
    );
  }
}
