import { z } from 'zod';
import type { Connector, ConnectorCall, Lookup } from '../../contracts/ports.ts';
import { ConnectorRefused } from '../../contracts/ports.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { AllowedOrigin } from '../../outbound/guarded-fetch.ts';
import { readTerms } from './read-terms.ts';
import { sendRequest, toHeader, toJson } from './send-request.ts';

const Destination = z.strictObject({
  /** `{slot}` in it stands for the run and the slot, as one segment of a path. */
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
});

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
  /** How it takes back what it did, at the same address; it can't unless given. Without a body where it is `DELETE`. */
  undo?: 'DELETE' | 'POST' | 'PUT' | 'PATCH';
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
    undoes: options.undo !== undefined,
    credentials: headers.flatMap(([, value]) => (typeof value === 'string' ? [] : [value.credential])),
    async call(call) {
      const told = readTerms(Destination, call.destination, "The HTTP connector's destination");
      const method = call.verb === 'undo' ? options.undo : told.method;
      if (!method)
        throw new ConnectorRefused("This HTTP connector can't undo: give it `undo`, the method that does.");
      const body = { verb: call.verb, arguments: call.arguments, subjects: toJson(call.subjects) };
      return sendRequest(guardedFetch, call, {
        url: told.url.replaceAll('{slot}', encodeURIComponent(`${call.run}/${call.slot}`)),
        method,
        headers: { ...readHeaders(headers, call), 'idempotency-key': toHeader(call.idempotencyKey) },
        body: method === 'DELETE' ? null : JSON.stringify(body),
      });
    },
    ...(options.lookup && { lookup: options.lookup }),
  };
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
