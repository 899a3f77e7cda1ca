import type { Json } from '../../contracts/json.ts';
import type { ConnectorCall } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { OutboundRefused } from '../../outbound/guarded-fetch.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';

/** Bytes of an answer that are read and kept in the receipt. */
const answerAtMost = 64 * 1024;
/** Statuses of a request that was not acted on, and must not be sent elsewhere. */
const elsewhere = new Set([307, 308]);
/** 4xx statuses that say nothing about whether the request, or an earlier one with its key, was acted on. */
const undecided = new Set([408, 409, 425, 429]);

/**
 * Sends JSON. 2xx is success; a 4xx that decides the matter, a 307 or 308, or nobody to connect to is a refusal; anything
 * else leaves it unknown. The receipt: status, and the answer's first 64 KiB as text (`complete`: all of it).
 */
export async function sendRequest(
  guardedFetch: GuardedFetch,
  { abortSignal }: ConnectorCall,
  request: { url: string; method: string; headers: { [header: string]: string }; body: string | null },
): Promise<Json> {
  const { url, method, headers, body } = request;
  const response = await send(guardedFetch, url, {
    method,
    headers: { ...headers, ...(body !== null && { 'content-type': 'application/json' }) },
    body,
    redirect: 'manual',
    signal: abortSignal,
  });
  const { status } = response;
  // The status has arrived, and with it what happened: an answer that breaks off changes nothing about that.
  const { text, complete } = await readAnswer(response);
  if (response.ok) return { status, answer: text, complete };
  const told = `${new URL(url).origin} answered ${status}: ${text.slice(0, 300)}`;
  if (elsewhere.has(status) || (status >= 400 && status < 500 && !undecided.has(status)))
    throw new ConnectorRefused(told);
  throw new Error(told);
}

/** A text as a header can hold it: an element's key may be in any script. Different ones stay different. */
export function toHeader(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]|%/gu, (character) => encodeURIComponent(character.toWellFormed()));
}

/** Whatever is wrong before a byte was sent is a refusal. */
async function send(guardedFetch: GuardedFetch, url: string, init: Parameters<GuardedFetch>[1]) {
  try {
    return await guardedFetch(url, init);
  } catch (error) {
    throw error instanceof OutboundRefused ? new ConnectorRefused(error.message) : error;
  }
}

async function readAnswer({
  body,
}: {
  body: AsyncIterable<Uint8Array> | null;
}): Promise<{ text: string; complete: boolean }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let complete = true;
  try {
    // Leaving the loop early ends the connection too.
    for await (const part of body ?? []) {
      parts.push(part.subarray(0, answerAtMost - bytes));
      bytes += part.byteLength;
      if (bytes <= answerAtMost) continue;
      complete = false;
      break;
    }
  } catch {
    complete = false;
  }
  return { text: Buffer.concat(parts).toString(), complete };
}

/** The subjects by name: JSON as it is, other content in base64. */
export function toJson(subjects: ConnectorCall['subjects']): Json {
  const entries = Object.entries(subjects).map(([name, { reference, content }]): [string, Json] => {
    const body = Buffer.from(content);
    return [
      name,
      reference.mediaType === 'application/json'
        ? (JSON.parse(body.toString()) as Json)
        : { mediaType: reference.mediaType, base64: body.toString('base64') },
    ];
  });
  return Object.fromEntries(entries);
}
