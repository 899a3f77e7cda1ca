import { hash } from 'node:crypto';
import { composeVersion, findCollectionFault } from '../contracts/collection.ts';
import type { Reference, Version } from '../contracts/artifact.ts';
import { toFailure } from '../contracts/failures.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { LedgerHead, Store } from '../contracts/ports.ts';
import type { TaskOutput } from '../contracts/messages.ts';
import type { AdoptOutputsInput, BeginNestedInput, ReservedStart } from '../contracts/starts.ts';
import type { Dependencies } from './dependencies.ts';
import { nameOfElement, versionOf } from './make-artifact.ts';
import { readArtifact, readValue } from './read-artifacts.ts';
import { recordBook } from './record.ts';

/** Reserves the run of a task that is a process, its inputs being artifacts of the run that it is part of. */
export async function beginNested(
  { store, reserveNested }: Dependencies,
  { nested, inputs, book, process }: BeginNestedInput,
): Promise<ReservedStart & { head: LedgerHead | null }> {
  const head = await recordBook(store, process, book);
  const values: JsonObject = {};
  for (const [field, version] of Object.entries(inputs))
    values[field] = await readValue(store, field, version);
  return { ...(await reserveNested(nested, values)), head };
}

/** What a run gave, as artifacts of the run whose task it was. */
export async function adoptOutputs(
  { store }: Pick<Dependencies, 'store'>,
  { outputs, produces, task, element, lineage }: AdoptOutputsInput,
): Promise<Omit<TaskOutput, 'head'>> {
  const references: Reference[] = [];
  for (const [name, { collection }] of Object.entries(produces)) {
    const version = outputs[name];
    if (!version) throw toFailure('Agent.InvalidOutput', `${task} ended without ${name}.`, { name });
    references.push(await adopt(store, name, version, collection ?? false));
  }
  const artifacts = Object.fromEntries(references.map((one) => [one.name, versionOf(one)]));
  return {
    end: { kind: 'done', artifacts },
    references: references.map((one) => ({ ...one, name: nameOfElement(one.name, element) })),
    lineage,
  };
}

/** By reference where both processes keep it in the same way; else as this one keeps it: whole, or by element. */
async function adopt(store: Store, name: string, version: Version, byElement: boolean): Promise<Reference> {
  const { reference, content } = await readArtifact(store, name, version);
  if (byElement === (version.elements !== undefined)) return reference;
  const facts = {};
  const mediaType = 'application/json';
  if (!byElement) {
    await store.artifacts.put([{ name, mediaType, content, facts }]);
    return { name, mediaType, bytes: content.byteLength, digest: hash('sha256', content), facts };
  }
  const value = JSON.parse(Buffer.from(content).toString()) as Json;
  const fault = findCollectionFault(value);
  if (fault) throw toFailure('Agent.InvalidOutput', `${name}: ${fault}.`, { name });
  const elements = Object.entries(value as JsonObject).map(([key, one]) => {
    const text = new Uint8Array(Buffer.from(canonicalJson(one)));
    return [key, { name: `${name}/${key}`, mediaType, content: text, facts }] as const;
  });
  const stored = await store.artifacts.put(elements.map(([, one]) => one));
  const composed = composeVersion(elements.map(([key], place) => [key, stored[place]!] as const));
  return { name, mediaType, bytes: content.byteLength, ...composed };
}
