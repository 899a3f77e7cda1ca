import { expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { compressionCodec } from '../../client/compression-codec.ts';
import { digestOf } from '../../contracts/json.ts';

const roundTrip = async (value: unknown): Promise<{ travels: Payload; arrives: unknown }> => {
  const [travels] = await compressionCodec.encode([defaultPayloadConverter.toPayload(value)]);
  const [back] = await compressionCodec.decode([travels!]);
  return { travels: travels!, arrives: defaultPayloadConverter.fromPayload(back!) };
};

it('a state of many digests travels in less than two thirds of its bytes, and arrives as it was', async () => {
  const digests = Object.fromEntries(
    Array.from({ length: 5000 }, (_, place) => [`task/${place}`, { digest: digestOf(place) }]),
  );
  const { travels, arrives } = await roundTrip(digests);
  expect(arrives).toEqual(digests);
  expect(travels.data!.length).toBeLessThan(JSON.stringify(digests).length / 1.5);
});

it('the least orderly printable text that a run may hand on fits into two megabytes', async () => {
  let seed = 1;
  const printable = Array.from({ length: 2_400_000 - 2 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    // All printable characters but the two that JSON escapes.
    const code = 35 + (seed % 92);
    return code === 92 ? ' ' : String.fromCharCode(code);
  }).join('');
  const { travels, arrives } = await roundTrip(printable);
  expect(arrives).toBe(printable);
  expect(travels.data!.length).toBeLessThan(2 * 2 ** 20);
});

it('short messages stay as Temporal shows them', async () => {
  const { travels } = await roundTrip({ short: true });
  expect(new TextDecoder().decode(travels.data!)).toBe('{"short":true}');
});

it('what unpacks to more than a message can be, or to nothing, comes to null instead of breaking its workflow', async () => {
  const encoding = new TextEncoder().encode('baton/gzip');
  const bomb = gzipSync(Buffer.alloc(65 * 2 ** 20));
  for (const data of [bomb, new Uint8Array([1, 2, 3])]) {
    const [back] = await compressionCodec.decode([{ metadata: { encoding }, data }]);
    expect(new TextDecoder().decode(back!.metadata!['encoding']!)).toBe('binary/null');
  }
});
