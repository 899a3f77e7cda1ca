import { describe, expect, test } from 'vitest';
import { canonicalJson, digestOf, sha256Hex } from '../../../contracts/json.ts';
import type { ArtifactContent } from '../../../contracts/ports.ts';
import { batch, failureOf, reserveRun, started, usePlace } from './place.ts';
import type { Place } from './place.ts';

const text = (name: string, content: string): ArtifactContent => ({
  name,
  mediaType: 'text/plain',
  content: new TextEncoder().encode(content),
  facts: { length: content.length },
});

export function artifactSuite(create: () => Promise<Place>): void {
  const { store, place, clock } = usePlace(create);

  describe('artifacts', () => {
    test('come back byte by byte under the SHA-256 of their content', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31) % 256);
      const chart = { name: 'chart', mediaType: 'image/png', content: bytes, facts: { width: 3 } };
      const [reference] = await store().artifacts.put([chart]);
      expect(reference).toEqual({
        name: 'chart',
        digest: sha256Hex(bytes),
        mediaType: 'image/png',
        bytes: 70_000,
        facts: { width: 3 },
      });
      const { content, mediaType } = await store().artifacts.get(reference!.digest);
      expect(mediaType).toBe('image/png');
      expect(Buffer.compare(content, bytes)).toBe(0);
    });

    test('in JSON have the digest of their RFC 8785 text', async () => {
      const value = { b: [1, 2.5], a: 'ä' };
      const content = new TextEncoder().encode(canonicalJson(value));
      const [reference] = await store().artifacts.put([
        { name: 'series', mediaType: 'application/json', content, facts: {} },
      ]);
      expect(reference!.digest).toBe(digestOf(value));
    });

    test('of equal content are one, also within one put, under the names that they were put with', async () => {
      const references = await store().artifacts.put([
        text('draft', 'same'),
        text('final', 'same'),
        text('empty', ''),
      ]);
      expect(references.map(({ name }) => name)).toEqual(['draft', 'final', 'empty']);
      expect(references[0]!.digest).toBe(references[1]!.digest);
      expect((await store().artifacts.get(references[2]!.digest)).content).toHaveLength(0);
    });

    test('are there for another door as soon as put returns', async () => {
      const [reference] = await store().artifacts.put([text('report', 'for all')]);
      const other = await place().open();
      const { content } = await other.artifacts.get(reference!.digest);
      expect(new TextDecoder().decode(content)).toBe('for all');
      await other.close();
    });

    test('that nobody put are unknown', async () => {
      await expect(store().artifacts.get('0'.repeat(64))).rejects.toMatchObject(
        failureOf('Artifact.Unknown'),
      );
      await expect(store().artifacts.erase('0'.repeat(64))).rejects.toMatchObject(
        failureOf('Artifact.Unknown'),
      );
    });

    test('whose content was altered or lost in the database are refused', async () => {
      const [altered, lost] = await store().artifacts.put([text('report', 'true'), text('chart', 'drawn')]);
      await place().tamper(
        `update artifacts set content = (select content from artifacts where digest = '${lost!.digest}')
         where digest = '${altered!.digest}'`,
      );
      await place().tamper(`update artifacts set content = null where digest = '${lost!.digest}'`);
      await expect(store().artifacts.get(altered!.digest)).rejects.toMatchObject(
        failureOf('Artifact.Altered'),
      );
      await expect(store().artifacts.get(lost!.digest)).rejects.toMatchObject(failureOf('Artifact.Altered'));
    });

    test('once erased are told apart from unknown ones, and leave the chain whole', async () => {
      const [reference] = await store().artifacts.put([text('report', 'personal')]);
      await reserveRun(store(), 'a');
      const result = {
        type: 'result',
        task: 'draw',
        attempt: 1,
        epoch: 1,
        end: { kind: 'done', artifacts: { report: { digest: reference!.digest, facts: {} } } },
        references: [reference!],
      } as const;
      const head = await store().commit(
        batch('a', 0, [started('draw'), { ...result, references: [reference!] }]),
      );
      await store().artifacts.erase(reference!.digest);
      clock.now += 1000;
      await store().artifacts.erase(reference!.digest);
      await expect(store().artifacts.get(reference!.digest)).rejects.toMatchObject({
        ...failureOf('Artifact.Erased'),
        message: expect.stringContaining('2026-03-01T08:00:00.000Z'),
      });
      expect(await store().ledger.verify('a', head!)).toEqual([]);
    });

    test('once erased and made again are there again', async () => {
      const [reference] = await store().artifacts.put([text('report', 'again')]);
      await store().artifacts.erase(reference!.digest);
      await store().artifacts.put([text('report', 'again')]);
      const { content } = await store().artifacts.get(reference!.digest);
      expect(new TextDecoder().decode(content)).toBe('again');
    });
  });
}
