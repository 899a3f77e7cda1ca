import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import type { Connector, ConnectorCall, Lookup } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';

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
/** Errors of connecting: the request never left. */
const unconnected = new Set<unknown>([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A header's value from the worker's environment. */
export interface HeaderCredential {
  credential: string;
  /** Stands before it, such as `Bearer `. */
  before?: string;
}

export interface HttpConnectorOptions {
  /** Origins it may call, such as `https://pay.example.org`; no other, and no redirect is followed. */
  allow: string[];
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
  const allowed = new Set(options.allow.map((origin) => new URL(origin).origin));
  const headers = Object.entries(options.headers ?? {});
  return {
    repeatable: options.repeatable ?? false,
    credentials: headers.flatMap(([, value]) => (typeof value === 'string' ? [] : [value.credential])),
    async call(call) {
      const request = toRequest(call, allowed, readHeaders(headers, call));
      const { origin } = new URL(request.url);
      const response = await send(request, origin);
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

/** Whatever is wrong before a byte was sent is a refusal. */
function toRequest(
  call: ConnectorCall,
  allowed: ReadonlySet<string>,
  headers: { [header: string]: string },
): Request {
  const destination = Destination.safeParse(call.destination);
  if (!destination.success)
    throw new ConnectorRefused(`The HTTP connector's destination: ${destination.error.issues[0]?.message}`);
  const { url, method } = destination.data;
  const { origin, username, password } = new URL(url);
  if (username || password)
    throw new ConnectorRefused(
      `The address at ${origin} holds credentials: give them as headers of the connector.`,
    );
  if (!allowed.has(origin))
    throw new ConnectorRefused(`${origin} is not among the origins that this connector may call.`);
  try {
    return new Request(url, {
      method,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'idempotency-key': call.idempotencyKey,
      },
      body: JSON.stringify(bodyOf(call)),
      redirect: 'manual',
      signal: call.abortSignal,
    });
  } catch {
    // The error's own words may quote a header, and with it a credential.
    throw new ConnectorRefused(
      `No request to ${origin} can be made of this effect and the connector's headers.`,
    );
  }
}

function readHeaders(
  headers: [string, string | HeaderCredential][],
  { credentials }: ConnectorCall,
): { [header: string]: string } {
  return Object.fromEntries(
    headers.map(([header, value]) => [
      header,
      typeof value === 'string' ? value : `${value.before ?? ''}${credentials[value.credential] ?? ''}`,
    ]),
  );
}

async function send(request: Request, origin: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const { cause } = error as { cause?: { code?: unknown } };
    if (unconnected.has(cause?.code))
      throw new ConnectorRefused(`${origin} can't be reached (${String(cause?.code)}).`);
    throw error;
  }
}

async function readAnswer({ body }: Response): Promise<{ text: string; complete: boolean }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let complete = true;
  try {
    // Leaving the loop early ends the connection too.
    for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
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
