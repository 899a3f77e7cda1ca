import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent, Request, buildConnector, fetch } from 'undici';
import type { RequestInit, Response } from 'undici';
import { judgeAddress } from './judge-address.ts';

/** An origin that may be called, such as `https://pay.example.org`; `internal` where it lies inside. */
export type AllowedOrigin = string | { origin: string; internal?: boolean };

export interface GuardedFetchOptions {
  /** The origins that may be called; all that lie outside unless given. */
  allow?: readonly AllowedOrigin[];
  /** Instead of the system's resolver. */
  lookup?: LookupFunction;
}

/** Nothing was sent: the address is not allowed, leads inwards, can't be reached, or no request can be made for it. */
export class OutboundRefused extends Error {
  override name = 'OutboundRefused';
}

export type GuardedFetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for addresses that come from people and documents (`outbound/guarded-fetch.ts`, for connectors and for
 * reading data): it connects to no address inside (private, loopback; only to an origin allowed as `internal`) and
 * never to link-local, metadata and reserved ones, whatever name, number form, redirect or answer of a resolver leads
 * there, as the very address that is connected to is judged. Throws `OutboundRefused` where nothing was sent; what
 * else it throws leaves that open. Redirects that are followed have to lead to allowed origins as well.
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const allowed = options.allow && new Map(options.allow.map(readOrigin));
  const connectOutside = connectorFor(false, options.lookup ?? lookup);
  const connectInside = connectorFor(true, options.lookup ?? lookup);
  const dispatcher = new Agent({
    allowH2: false,
    // Also for where a redirect leads: each origin has connections of its own.
    connect: (where, callback) => {
      const origin = new URL(`${where.protocol}//${where.host ?? where.hostname}`).origin;
      const internal = allowed ? allowed.get(origin) : false;
      if (internal === undefined) return callback(notAllowed(origin), null);
      (internal ? connectInside : connectOutside)(where, callback);
    },
  });
  return async (url, init = {}) => {
    const origin = checkUrl(url, allowed);
    let request: Request;
    try {
      request = new Request(url, init);
    } catch {
      // The error's own words may quote a header, and with it a credential.
      throw new OutboundRefused(`No request to ${origin} can be made of these headers and this content.`);
    }
    try {
      return await fetch(request, { dispatcher });
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      throw cause instanceof OutboundRefused ? cause : error;
    }
  };
}

function readOrigin(allowed: AllowedOrigin): [string, boolean] {
  const { origin, internal = false } = typeof allowed === 'string' ? { origin: allowed } : allowed;
  const url = URL.parse(origin);
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return [url.origin, internal];
  throw new Error(
    `An allowed origin looks like https://pay.example.org, with its port if any, not ${origin}.`,
  );
}

function checkUrl(text: string, allowed: ReadonlyMap<string, boolean> | undefined): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new OutboundRefused('An address has to begin with https:// or http://, and this one does not.');
  }
  if (url.username || url.password)
    throw new OutboundRefused(
      `The address at ${url.origin} holds credentials: give them as headers of the connector.`,
    );
  if (allowed && !allowed.has(url.origin)) throw notAllowed(url.origin);
  return url.origin;
}

const notAllowed = (origin: string): OutboundRefused =>
  new OutboundRefused(`${origin} is not among the origins that may be called from here.`);

/** Connects to what is judged fit, and to nothing else. */
function connectorFor(internal: boolean, resolve: LookupFunction): buildConnector.connector {
  const judge = (host: string, address: string): OutboundRefused | undefined => {
    const whereabouts = judgeAddress(address);
    if (whereabouts === 'public' || (whereabouts === 'inside' && internal)) return undefined;
    const leads = address === host ? host : `${host} (${address})`;
    return new OutboundRefused(
      whereabouts === 'inside'
        ? `${leads} lies inside: where that is meant, allow its origin with \`internal: true\`.`
        : `${leads} is an address that nothing is sent to.`,
    );
  };
  const guardedLookup: LookupFunction = (host, lookupOptions, callback) => {
    resolve(host, { ...lookupOptions, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const addresses = found as unknown as LookupAddress[];
      const refusal = addresses.map(({ address }) => judge(host, address)).find((one) => one !== undefined);
      if (refusal) return callback(refusal, '');
      const [first] = addresses;
      if (lookupOptions.all || !first) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
  const connect = buildConnector({ allowH2: false, lookup: guardedLookup });
  return (where, callback) => {
    const host = where.hostname.replace(/^\[|\]$/g, '');
    // A host that is an address is not looked up.
    const refusal = isIP(host) === 0 ? undefined : judge(host, host);
    if (refusal) return callback(refusal, null);
    connect(where, (...[error, socket]) => {
      if (error) return callback(asRefused(where, error), null);
      const misled = judge(host, socket.remoteAddress ?? '');
      if (!misled) return callback(null, socket);
      socket.destroy();
      callback(misled, null);
    });
  };
}

/** Without a connection nothing was sent. */
function asRefused({ protocol, host, hostname }: buildConnector.Options, error: Error): OutboundRefused {
  if (error instanceof OutboundRefused) return error;
  const { code } = error as { code?: unknown };
  const why = typeof code === 'string' ? code : error.message;
  return new OutboundRefused(`${protocol}//${host ?? hostname} can't be reached (${why}).`);
}
