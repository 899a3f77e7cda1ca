import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { detectEncoding, ENCODING_NAMES } from './detect-encoding.ts';
import type { Encoding } from './detect-encoding.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { isGzip, messageOf } from './unpack.ts';

/** A file by its path, or its bytes where they are at hand; either may be packed with gzip. */
export type TextSource = { path: string } | { bytes: Uint8Array };

/** Of a text that is read in pieces, unpacked: what would take hours is no mistake that should go unnoticed. */
export const MAX_STREAMED = 16 * 1024 * 1024 * 1024;
/** By which encoding and dialect are told. */
const SAMPLE = 1024 * 1024;
const PIECE = 256 * 1024;
/** No line is this long: what comes without a line end is handed on to be refused. */
const LONGEST = 8 * 1024 * 1024;

export interface TextStream {
  encoding: Encoding;
  /** 1 where it was declared or the bytes leave no choice. */
  confidence: number;
  /** The start of the text, or all of a short one. */
  sample: string;
  /** Whether the sample is the whole text. */
  whole: boolean;
  /** Hands on the text from its start, piece by piece; null, or what stopped it: a fault of its own or of `take`. */
  read: (
    take: (text: string) => Reading<never> | null,
    linesTaken: () => number,
  ) => Promise<Reading<never> | null>;
  /** Of the file as it lies there, packed or not; complete once all was read. */
  source: () => { bytes: number; digest: string };
}

/** Opens a text for one reading in pieces, of which none stays in memory. */
export async function openTextStream(source: TextSource, declared?: Encoding): Promise<Reading<TextStream>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = (chunk: Uint8Array): void => {
    hash.update(chunk);
    bytes += chunk.length;
  };
  const chunks = unpackChunks(source, await startOf(source), count)[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  try {
    while (size < SAMPLE && !ended) {
      const { value, done } = await chunks.next();
      if (done) ended = true;
      else {
        head.push(value);
        size += value.length;
      }
    }
  } catch (cause) {
    return refuse('Data.Malformed', `The file can not be unpacked: ${messageOf(cause)}.`);
  }
  if (size === 0) return refuse('Data.Empty', 'The file is empty.');
  const first = Buffer.concat(head);
  const detected = detectEncoding(ended ? first : first.subarray(0, first.lastIndexOf(10) + 1 || size));
  const encoding = declared ?? detected?.encoding;
  if (!encoding) return refuse('Data.Malformed', 'The file is no text in any encoding that is known here.');
  const confidence = declared ? 1 : (detected?.confidence ?? 0);
  const sample = new TextDecoder(encoding).decode(first, { stream: true });
  if (sample.includes('\0'))
    return refuse('Data.Malformed', 'The file is not text: it holds NUL characters.');
  return {
    ok: true,
    value: {
      encoding,
      confidence,
      sample,
      whole: ended,
      source: () => ({ bytes, digest: hash.copy().digest('hex') }),
      read: async (take, linesTaken) => {
        const decode =
          encoding === 'utf-8' && sample.includes('\n') ? decodeByLines() : decodeStream(encoding);
        const hand = (chunk: Uint8Array | null): Reading<never> | null => {
          const decoded = decode(chunk);
          if ('undecodable' in decoded) return refuseChunk(decoded.undecodable, encoding, take, linesTaken);
          return decoded.text === '' ? null : take(decoded.text);
        };
        let unpacked = 0;
        let next: IteratorResult<Uint8Array> = { value: first, done: false };
        try {
          while (!next.done) {
            unpacked += next.value.length;
            if (unpacked > MAX_STREAMED) {
              return refuse(
                'Data.TooLarge',
                `The file unpacks to over ${MAX_STREAMED} bytes; that is the limit.`,
              );
            }
            const fault = hand(next.value);
            if (fault) return fault;
            next = await chunks.next();
          }
        } catch (cause) {
          return refuse('Data.Malformed', `The file can not be unpacked: ${messageOf(cause)}.`);
        } finally {
          await chunks.return?.(undefined);
        }
        return hand(null);
      },
    },
  };
}

/** Text of the next bytes, null for the end; what could not be decoded where it is not text. */
type Decode = (chunk: Uint8Array | null) => { text: string } | { undecodable: Uint8Array };

/**
 * Decodes UTF-8 up to the last line end of each piece and keeps the rest for the next: Node decodes whole texts much
 * faster than streams, and into strings of half the size where all is ASCII.
 */
function decodeByLines(): Decode {
  let carry: Uint8Array = new Uint8Array();
  let decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  return (chunk) => {
    const whole = chunk === null ? carry : carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
    const cut = chunk === null || whole.length > LONGEST ? whole.length : whole.lastIndexOf(10) + 1;
    if (cut === 0) {
      carry = whole;
      return { text: '' };
    }
    const content = whole.subarray(0, cut);
    carry = whole.slice(cut);
    try {
      const text = decoder.decode(content);
      // Only at the very start is U+FEFF a mark, and no character.
      if (first) decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      first = false;
      return { text };
    } catch {
      return { undecodable: content };
    }
  };
}

function decodeStream(encoding: Encoding): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return { text: chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true }) };
    } catch {
      return { undecodable: chunk ?? new Uint8Array() };
    }
  };
}

async function startOf(source: TextSource): Promise<Uint8Array> {
  if ('bytes' in source) return source.bytes.subarray(0, 2);
  await using file = await open(source.path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return buffer.subarray(0, bytesRead);
}

async function* unpackChunks(
  source: TextSource,
  start: Uint8Array,
  count: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const raw =
    'bytes' in source
      ? Readable.from([source.bytes])
      : createReadStream(source.path, { highWaterMark: PIECE });
  if (!isGzip(start)) {
    for await (const chunk of raw as AsyncIterable<Uint8Array>) {
      count(chunk);
      yield chunk;
    }
    return;
  }
  raw.on('data', count);
  const gunzip = createGunzip({ chunkSize: PIECE });
  // What fails on the way destroys the end of it, and is met by whoever reads there.
  pipeline(raw, gunzip, () => undefined);
  yield* gunzip as AsyncIterable<Uint8Array>;
}

/** Hands on the text up to what can't be read, and names the line where that stands. */
function refuseChunk(
  chunk: Uint8Array,
  encoding: Encoding,
  take: (text: string) => Reading<never> | null,
  linesTaken: () => number,
): Reading<never> {
  const lenient = new TextDecoder(encoding).decode(chunk);
  const before = lenient.slice(0, Math.max(0, lenient.indexOf('\uFFFD')));
  const fault = take(before);
  if (fault) return fault;
  const tail = before.slice(before.lastIndexOf('\n') + 1);
  return refuse(
    'Data.Malformed',
    `Line ${linesTaken() + 1} is not ${ENCODING_NAMES[encoding]} text` +
      `${tail ? ` after ${quote(tail.slice(-20))}` : ''}: say which encoding it is, or save the file as UTF-8.`,
  );
}
