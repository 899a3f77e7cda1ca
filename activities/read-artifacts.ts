import type { Reference, Version } from '../contracts/artifact.ts';
import type { Json } from '../contracts/json.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';

/** The content of one version, with the reference that names it; a collection's is JSON of its elements by key. */
export async function readArtifact(
  store: Pick<Store, 'artifacts'>,
  name: string,
  version: Version,
): Promise<{ reference: Reference; content: Uint8Array }> {
  const { content, mediaType } = version.elements
    ? await readElements(store, name, version)
    : await store.artifacts.get(version.digest);
  return { reference: { ...version, name, mediaType, bytes: content.byteLength }, content };
}

/** A JSON artifact's value; a collection's is an object of its elements by key. */
export async function readValue(
  store: Pick<Store, 'artifacts'>,
  name: string,
  version: Version,
): Promise<Json> {
  const { reference, content } = await readArtifact(store, name, version);
  if (reference.mediaType !== 'application/json') {
    throw toFailure('Artifact.Unknown', `The artifact ${name} is ${reference.mediaType}, not JSON.`, {
      name,
    });
  }
  return JSON.parse(Buffer.from(content).toString()) as Json;
}

async function readElements(
  store: Pick<Store, 'artifacts'>,
  name: string,
  { elements = {} }: Version,
): Promise<{ content: Uint8Array; mediaType: string }> {
  const values = Object.entries(elements).map(async ([key, element]): Promise<[string, Json]> => [
    key,
    await readValue(store, `${name}/${key}`, element),
  ]);
  const content = Buffer.from(canonicalJson(Object.fromEntries(await Promise.all(values))));
  return { content: new Uint8Array(content), mediaType: 'application/json' };
}
