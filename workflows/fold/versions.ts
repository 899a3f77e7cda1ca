import type { Facts, Version } from '../../contracts/artifact.ts';
import { digestOf } from '../../contracts/json.ts';

type Element = { digest: string; facts: Facts };

const ids = new WeakMap<Version, string>();

/** Identity of a version: the hash of all of it. Equal ids give equal keys downstream. */
export function versionId(version: Version): string {
  const known = ids.get(version);
  if (known !== undefined) return known;
  const id = digestOf(version);
  ids.set(version, id);
  return id;
}

/** The version of a collection whose elements were made one by one; their order is no part of it. */
export function composeVersion(elements: Iterable<readonly [string, Version]>): Version {
  const made: { [key: string]: Element } = Object.fromEntries(
    Array.from(elements, ([key, { digest, facts }]) => [key, { digest, facts }]),
  );
  return { digest: digestOf(made), facts: {}, elements: made };
}
