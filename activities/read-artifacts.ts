import type { Reference, Version } from '../contracts/artifact.ts';
import type { Json } from '../contracts/json.ts';
import type { Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';

/** The content of one version, with the reference that names it. */
export async function readArtifact(
  store: Store,
  name: string,
  version: Version,
): Promise<{ reference: Reference; content: Uint8Array }> {
  const { content, mediaType } = await store.artifacts.get(version.digest);
  return { reference: { ...version, name, mediaType, bytes: content.byteLength }, content };
}

/** A JSON artifact's value; a collection's is an object of its elements by key. */
export async function readValue(store: Store, name: string, version: Version): Promise<Json> {
  if (version.elements) {
    const entries = Object.entries(version.elements).map(async ([key, element]): Promise<[string, Json]> => [
      key,
      await readValue(store, `${name}/${key}`, element),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }
  const { reference, content } = await readArtifact(store, name, version);
  if (reference.mediaType !== 'application/json') {
    throw toFailure('Artifact.Unknown', `The artifact ${name} is ${reference.mediaType}, not JSON.`, {
      name,
    });
  }
  return JSON.parse(Buffer.from(content).toString()) as Json;
}
