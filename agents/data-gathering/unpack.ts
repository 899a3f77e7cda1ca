import { gunzipSync } from 'node:zlib';
import { MAX_BYTES } from './decode-text.ts';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What a gzip file holds; refuses one that holds more than a file may, before it is all unpacked. */
export function unpack(bytes: Uint8Array): Reading<Uint8Array> {
  if (!isGzip(bytes)) return { ok: true, value: bytes };
  try {
    return { ok: true, value: new Uint8Array(gunzipSync(bytes, { maxOutputLength: MAX_BYTES })) };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      return refuse('Data.TooLarge', `The file unpacks to over ${MAX_BYTES} bytes; that is the limit.`);
    }
    return refuse('Data.Malformed', `The file can not be unpacked: ${messageOf(cause)}.`);
  }
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
