import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import type { Connector, ConnectorCall, Lookup } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';

const Destination = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
});

/** Bytes of an answer that are kept in the receipt. */
const answerAtMost = 64 * 1024;
/** Statuses that say nothing about whether the request was acted on. */
const undecided = new Set([408, 409, 425, 429]);

export interface HttpConnectorOptions {
  /** Origins it may call, such as `https://pay.example.org`; no other, and no redirect to another. */
  allow: string[];
  /** Whether the other side honours `Idempotency-Key`: then a call whose answer was lost is made again. */
  repeatable?: boolean;
  /** Headers with credentials, read by the worker from its environment; never recorded. */
  headers?: () => { [header: string]: string };
  /** What the other side says of a call whose answer was lost. */
  lookup?: (call: ConnectorCall) => Promise<Lookup>;
}

/**
 * Sends an effect's subjects as JSON, with the slot's key as `Idempotency-Key`. 2xx is success; a 4xx that decides the
 * matter is a refusal; anything else leaves it unknown.
 */
export function httpConnector(options: HttpConnectorOptions): Connector {
  const allowed = new Set(options.allow.map((origin) => new URL(origin).origin));
  return {
    repeatable: options.repeatable ?? false,
    async call(call) {
      const destination = Destination.safeParse(call.destination);
      if (!destination.success)
        throw new ConnectorRefused(
          `The HTTP connector's destination: ${destination.error.issues[0]?.message}`,
        );
      const url = new URL(destination.data.url);
      if (!allowed.has(url.origin))
        throw new ConnectorRefused(`${url.origin} is not among the origins that this connector may call.`);
      const response = await fetch(url, {
        method: destination.data.method,
        headers: {
          ...options.headers?.(),
          'content-type': 'application/json',
          'idempotency-key': call.idempotencyKey,
        },
        body: JSON.stringify(bodyOf(call)),
        redirect: 'manual',
        signal: call.abortSignal,
      });
      const answer = (await response.text()).slice(0, answerAtMost);
      if (response.ok) return { status: response.status, answer };
      const told = `${url.origin} answered ${response.status}: ${answer.slice(0, 300)}`;
      if (response.status >= 300 && response.status < 500 && !undecided.has(response.status))
        throw new ConnectorRefused(told);
      throw new Error(told);
    },
    ...(options.lookup && { lookup: options.lookup }),
  };
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
