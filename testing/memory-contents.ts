import { hash } from 'node:crypto';
import type { Reference, Version } from '../contracts/artifact.ts';
import type { Json } from '../contracts/json.ts';
import type { ArtifactContent, ArtifactStore } from '../contracts/ports.ts';
import { readValue } from '../activities/read-artifacts.ts';
import { toFailure } from '../contracts/failures.ts';

/** Contents by their digest, kept in memory. */
export interface MemoryContents {
  readonly artifacts: ArtifactStore;
  put(contents: ArtifactContent[]): Reference[];
  value(name: string, version: Version): Promise<Json>;
}

export function createMemoryContents(): MemoryContents {
  const kept = new Map<string, { content: Uint8Array; mediaType: string }>();
  const put = (contents: ArtifactContent[]): Reference[] =>
    contents.map(({ name, mediaType, content, facts }) => {
      const digest = hash('sha256', content);
      kept.set(digest, { content, mediaType });
      return { name, digest, mediaType, bytes: content.byteLength, facts };
    });
  const artifacts: ArtifactStore = {
    put: async (contents) => put(contents),
    async get(digest) {
      const found = kept.get(digest);
      if (found) return found;
      throw toFailure('Artifact.Unknown', `There is no content ${digest}.`, { name: digest });
    },
    erase: async (digest) => void kept.delete(digest),
  };
  return { artifacts, put, value: async (name, version) => readValue({ artifacts }, name, version) };
}
