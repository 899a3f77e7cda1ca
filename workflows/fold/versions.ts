import type { Version } from '../../contracts/artifact.ts';
import { digestOf } from '../../contracts/json.ts';

const ids = new WeakMap<Version, string>();

/** Identity of a version: the hash of all of it. Equal ids give equal keys downstream. */
export function versionId(version: Version): string {
  const known = ids.get(version);
  if (known !== undefined) return known;
  const id = digestOf(version);
  ids.set(version, id);
  return id;
}
