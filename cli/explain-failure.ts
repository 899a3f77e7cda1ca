import path from 'node:path';
import type { FailureType } from '../contracts/failures.ts';
import { ownFolder } from './own-package.ts';

/** The place of a failure on the reference page. */
export function anchorOf(type: string): string {
  return type.replace('.', '-').toLowerCase();
}

/** Where the reference page says more of a failure: in the package's own folder, from where the user is if that is below. */
export function linkTo(type: FailureType): string {
  const page = path.join(ownFolder(), 'docs', 'reference', 'failures.md');
  const near = path.relative('.', page);
  return `${near.startsWith('..') ? page : near}#${anchorOf(type)}`;
}
