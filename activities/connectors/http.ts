import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import type { Connector, ConnectorCall, Lookup } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { OutboundRefused, createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { AllowedOrigin, GuardedFetch } from '../../outbound/guarded-fetch.ts';

const Destination = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
});

/** Bytes of an answer that are read and kept in the receipt. */
const answerAtMost = 64 * 1024;
/** Statuses of a request that was not acted on, and must not be sent elsewhere. */
const elsewhere = new Set([307, 308]);
/** 4xx statuses that say nothing about whether the request, or an earlier one with its key, was acted on. */
const undecided = new Set([408, 409, 425, 429]);
/** A header's value from the worker's environment. */
export interface HeaderCredential {
  credential: string;
  /** Stands before it, such as `Bearer `. */
  before?: string;
}

export interface HttpConnectorOptions {
  /**
   * Origins it may call, such as `https://pay.example.org`; no other, and no redirect is followed. One that lies inside
   * (loopback, a private network) has to say so: `{ origin: 'http://10.0.0.7:8080', internal: true }`.
   */
  allow: readonly AllowedOrigin[];
  /** Whether the other side honours `Idempotency-Key`: then a call whose answer was lost is made again. */
  repeatable?: boolean;
  /** Sent with each call: texts, or credentials of the worker's environment, such as `Bearer ` before `PAY_TOKEN`. */
  headers?: { [header: string]: string | HeaderCredential };
  /** What the other side says of a call whose answer was lost. */
  lookup?: (call: ConnectorCall) => Promise<Lookup>;
}

/**
 * Sends an effect's subjects as JSON, with the slot's key as `Idempotency-Key`. 2xx is success; a 4xx that decides the
 * matter, a 307 or 308, or nobody to connect to is a refusal; anything else leaves it unknown.
 * The receipt: status, and the answer's first 64 KiB as text (`complete`: all of it).
 */
export function httpConnector(options: HttpConnectorOptions): Connector {
  const guardedFetch = createGuardedFetch({ allow: options.allow });
  const headers = Object.entries(options.headers ?? {});
  return {
    repeatable: options.repeatable ?? false,
    credentials: headers.flatMap(([, value]) => (typeof value === 'string' ? [] : [value.credential])),
    async call(call) {
      const { url, method } = readDestination(call);
      const response = await send(guardedFetch, url, {
        method,
        headers: {
          ...readHeaders(headers, call),
          'content-type': 'application/json',
          'idempotency-key': call.idempotencyKey,
        },
        body: JSON.stringify(bodyOf(call)),
        redirect: 'manual',
        signal: call.abortSignal,
      });
      const { origin } = new URL(url);
      const { status } = response;
      // The status has arrived, and with it what happened: an answer that breaks off changes nothing about that.
      const { text, complete } = await readAnswer(response);
      if (response.ok) return { status, answer: text, complete };
      const told = `${origin} answered ${status}: ${text.slice(0, 300)}`;
      if (elsewhere.has(status) || (status >= 400 && status < 500 && !undecided.has(status)))
        throw new ConnectorRefused(told);
      throw new Error(told);
    },
    ...(options.lookup && { lookup: options.lookup }),
  };
}

function readDestination({ destination }: ConnectorCall): z.infer<typeof Destination> {
  const read = Destination.safeParse(destination);
  if (read.success) return read.data;
  throw new ConnectorRefused(`The HTTP connector's destination: ${read.error.issues[0]?.message}`);
}

function readHeaders(
  headers: [string, string | HeaderCredential][],
  { credentials }: ConnectorCall,
): { [header: string]: string } {
  return Object.fromEntries(
    headers.map(([header, value]) => [
      // In whatever letters it is given, what the connector sets itself stands.
      header.toLowerCase(),
      typeof value === 'string' ? value : `${value.before ?? ''}${credentials[value.credential] ?? ''}`,
    ]),
  );
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

function bodyOf(call: ConnectorCall): Json {
  const subjects = Object.entries(call.subjects).map(([name, { reference, content }]): [string, Json] => {
    const body = Buffer.from(content);
    return [
      name,
      reference.mediaType === 'application/json'
        ? (JSON.parse(body.toString()) as Json)
        : { mediaType: reference.mediaType, base64: body.toString('base64') },
    ];
  });
  return { verb: call.verb, arguments: call.arguments, subjects: Object.fromEntries(subjects) };
}
