import type { Version } from '../contracts/artifact.ts';
import type { Json } from '../contracts/json.ts';
import type { Store } from '../contracts/ports.ts';

/** The value of an artifact, by a version of it; a collection's is a record of its elements by key. */
export async function readVersion(
  store: Store,
  { digest, elements }: Pick<Version, 'digest' | 'elements'>,
): Promise<Json> {
  const read = async (one: string): Promise<Json> =>
    JSON.parse(Buffer.from((await store.artifacts.get(one)).content).toString()) as Json;
  if (!elements) return read(digest);
  const values = Object.entries(elements).map(async ([key, element]): Promise<[string, Json]> => [
    key,
    await read(element.digest),
  ]);
  return Object.fromEntries(await Promise.all(values));
}
