import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';

/** Histories hold it: never rename it. */
const compressed = 'baton/gzip';
const plain = 'json/plain';

/** Bytes from which on a message is compressed: below, Temporal's own pages can show it. */
const shownUpTo = 64 * 1024;

/** Bytes that a message may unpack to: what is on the wire need not have come from here. */
const unpackedAtMost = 64 * 1024 * 1024;

const pack = promisify(gzip);
const unpack = promisify(gunzip);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const encodingOf = ({ metadata }: Payload): string =>
  metadata?.['encoding'] ? decoder.decode(metadata['encoding']) : '';

async function encodePayload(payload: Payload): Promise<Payload> {
  const { data, metadata } = payload;
  if (!data || data.length < shownUpTo || encodingOf(payload) !== plain) return payload;
  return {
    metadata: { ...metadata, encoding: encoder.encode(compressed) },
    data: await pack(data, { level: constants.Z_BEST_SPEED }),
  };
}

async function decodePayload(payload: Payload): Promise<Payload> {
  if (encodingOf(payload) !== compressed) return payload;
  try {
    const data = await unpack(payload.data ?? new Uint8Array(), { maxOutputLength: unpackedAtMost });
    return { metadata: { ...payload.metadata, encoding: encoder.encode(plain) }, data };
  } catch {
    // A throw would leave the workflow that it was sent to without a task that ends.
    return { metadata: { encoding: encoder.encode('binary/null') } };
  }
}

/** Packs long messages: Temporal takes none of more than 2 MB, and histories of no more than 50. */
export const compressionCodec: PayloadCodec = {
  encode: async (payloads) => Promise.all(payloads.map(encodePayload)),
  decode: async (payloads) => Promise.all(payloads.map(decodePayload)),
};
