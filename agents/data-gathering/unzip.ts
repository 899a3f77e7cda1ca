import { inflateRawSync } from 'node:zlib';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { messageOf } from './unpack.ts';

/** Of all that is read from one archive, unpacked. */
export const MAX_UNPACKED = 64 * 1024 * 1024;
const MAX_ENTRIES = 4096;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

export interface Archive {
  has: (name: string) => boolean;
  /** An entry's content; every call counts towards the limit on what may be unpacked. */
  read: (name: string) => Reading<string>;
}

interface Entry {
  offset: number;
  method: number;
  packed: number;
  encrypted: boolean;
}

/** Opens a ZIP archive by its directory; nothing is unpacked before it is read, and never more than the limit. */
export function openArchive(bytes: Uint8Array): Reading<Archive> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end < 0) return refuse('Data.Malformed', 'The archive has no directory: it is cut off or damaged.');
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) {
    return refuse('Data.TooLarge', `The archive has ${count} entries; the limit is ${MAX_ENTRIES}.`);
  }
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) {
      return refuse('Data.Malformed', `The directory of the archive is damaged at entry ${index + 1}.`);
    }
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const start = at + 46;
    entries.set(new TextDecoder().decode(bytes.subarray(start, start + (name ?? 0))), {
      offset: view.getUint32(at + 42, true),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    });
    at = start + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  let left = MAX_UNPACKED;
  return {
    ok: true,
    value: {
      has: (name) => entries.has(name),
      read: (name) => {
        const entry = entries.get(name);
        if (!entry) return refuse('Data.Malformed', `The archive has no ${name}.`);
        const content = inflate(view, bytes, name, entry, left);
        if (!content.ok) return content;
        left -= content.value.length;
        return { ok: true, value: new TextDecoder().decode(content.value) };
      },
    },
  };
}

/** The record at the end may be followed by a comment of up to 64 KiB. */
function findEnd(view: DataView): number {
  const least = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= least; at -= 1) if (view.getUint32(at, true) === END) return at;
  return -1;
}

function inflate(
  view: DataView,
  bytes: Uint8Array,
  name: string,
  { offset, method, packed, encrypted }: Entry,
  limit: number,
): Reading<Uint8Array> {
  if (encrypted) return refuse('Data.Malformed', `${name} in the archive is protected by a password.`);
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL) {
    return refuse('Data.Malformed', `${name} in the archive is damaged.`);
  }
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const content = bytes.subarray(start, start + packed);
  const tooLarge = refuse(
    'Data.TooLarge',
    `${name} makes the archive unpack to over ${MAX_UNPACKED} bytes; that is the limit.`,
  );
  if (method === 0) return content.length > limit ? tooLarge : { ok: true, value: content };
  if (method !== 8)
    return refuse('Data.Malformed', `${name} in the archive is packed in a way not known here.`);
  try {
    // What the archive says about its sizes is not believed: a bomb would lie.
    return {
      ok: true,
      value: new Uint8Array(inflateRawSync(content, { maxOutputLength: Math.max(1, limit) })),
    };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge;
    return refuse('Data.Malformed', `${name} in the archive is damaged: ${messageOf(cause)}.`);
  }
}
