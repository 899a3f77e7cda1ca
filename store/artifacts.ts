import { hash } from 'node:crypto';
import { toFailure } from '../contracts/failures.ts';
import type { Reference } from '../contracts/artifact.ts';
import type { ArtifactContent, ArtifactStore } from '../contracts/ports.ts';
import type { Engine } from './engine.ts';
import type { Database, Writing } from './tables.ts';

/** Stores what is not there yet; gives the references, in order. */
export async function putArtifacts(
  tx: Writing,
  artifacts: ArtifactContent[],
  now: number,
): Promise<Reference[]> {
  const storedAt = new Date(now).toISOString();
  const digests = artifacts.map(({ content }) => hash('sha256', content));
  for (const [place, { mediaType, content }] of artifacts.entries())
    await tx
      .insertInto('artifacts')
      .values({
        digest: digests[place] as string,
        media_type: mediaType,
        bytes: content.byteLength,
        content,
        stored_at: storedAt,
        erased_at: null,
      })
      // What was erased and is made again is there again; what is there already is not written twice.
      .onConflict((conflict) =>
        conflict
          .column('digest')
          .doUpdateSet({ content, stored_at: storedAt, erased_at: null })
          .where('artifacts.erased_at', 'is not', null),
      )
      .execute();
  return artifacts.map(({ name, mediaType, content, facts }, place) => ({
    name,
    digest: digests[place] as string,
    mediaType,
    bytes: content.byteLength,
    facts,
  }));
}

export function createArtifacts(db: Database, engine: Engine, now: () => number): ArtifactStore {
  return {
    async put(artifacts) {
      return db.transaction().execute(async (tx) => putArtifacts(tx, artifacts, now()));
    },

    async get(digest) {
      const row = await db
        .selectFrom('artifacts')
        .select(['media_type', 'content', 'erased_at'])
        .where('digest', '=', digest)
        .executeTakeFirst();
      if (!row) throw unknown(digest, engine);
      if (row.erased_at !== null)
        throw toFailure('Artifact.Erased', `The content of ${digest} was erased at ${row.erased_at}.`, {
          name: digest,
        });
      if (row.content === null || hash('sha256', row.content) !== digest)
        throw toFailure('Artifact.Altered', `What is stored under ${digest} has another digest.`, {
          name: digest,
        });
      return { content: row.content, mediaType: row.media_type };
    },

    async erase(digest) {
      const erasedAt = new Date(now()).toISOString();
      const { numUpdatedRows: erased } = await db
        .updateTable('artifacts')
        .set({ content: null, erased_at: erasedAt })
        .where('digest', '=', digest)
        .where('erased_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (erased) return engine.purge();
      const row = await db
        .selectFrom('artifacts')
        .select('digest')
        .where('digest', '=', digest)
        .executeTakeFirst();
      if (!row) throw unknown(digest, engine);
    },
  };
}

function unknown(digest: string, engine: Engine): Error {
  return toFailure('Artifact.Unknown', `The store in ${engine.place} does not hold ${digest}.`, {
    name: digest,
  });
}
