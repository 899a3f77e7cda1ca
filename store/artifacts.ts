import { hash } from 'node:crypto';
import { toFailure } from '../contracts/failures.ts';
import type { Reference } from '../contracts/artifact.ts';
import type { ArtifactContent, ArtifactStore } from '../contracts/ports.ts';
import type { Engine } from './engine.ts';
import { prepareQuery } from './prepared-query.ts';
import type { Database, Tables, Writing } from './tables.ts';

const insertArtifact = prepareQuery<Tables['artifacts'], unknown>((tx, value) =>
  tx
    .insertInto('artifacts')
    .values({
      digest: value('digest'),
      media_type: value('media_type'),
      bytes: value('bytes'),
      content: value('content'),
      stored_at: value('stored_at'),
      erased_at: null,
    })
    // What was erased and is made again is there again; what is there already is not written twice.
    .onConflict((conflict) =>
      conflict
        .column('digest')
        .doUpdateSet({ content: value('content'), stored_at: value('stored_at'), erased_at: null })
        .where('artifacts.erased_at', 'is not', null),
    ),
);

const selectArtifact = prepareQuery<
  { digest: string },
  Pick<Tables['artifacts'], 'media_type' | 'content' | 'erased_at'>
>((tx, value) =>
  tx
    .selectFrom('artifacts')
    .select(['media_type', 'content', 'erased_at'])
    .where('digest', '=', value('digest')),
);

/** Stores what is not there yet; gives the references, in order. */
export async function putArtifacts(
  tx: Writing,
  engine: Engine,
  artifacts: ArtifactContent[],
  now: number,
): Promise<Reference[]> {
  const storedAt = new Date(now).toISOString();
  const digests = artifacts.map(({ content }) => hash('sha256', content));
  for (const [place, { mediaType, content }] of artifacts.entries())
    await insertArtifact(tx, engine, {
      digest: digests[place] as string,
      media_type: mediaType,
      bytes: content.byteLength,
      content,
      stored_at: storedAt,
      erased_at: null,
    });
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
      return db.transaction().execute(async (tx) => putArtifacts(tx, engine, artifacts, now()));
    },

    async get(digest) {
      const [row] = (await selectArtifact(db, engine, { digest })).rows;
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
      // Erased before, perhaps by a call that did not come as far as this.
      const row = await db
        .selectFrom('artifacts')
        .select('digest')
        .where('digest', '=', digest)
        .executeTakeFirst();
      if (!row) throw unknown(digest, engine);
      return engine.purge();
    },
  };
}

function unknown(digest: string, engine: Engine): Error {
  return toFailure('Artifact.Unknown', `The store in ${engine.place} does not hold ${digest}.`, {
    name: digest,
  });
}
