import { createHash, createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { actEncodings } from '../contracts/signed-act.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const keys = new Map<string, KeyObject>();
const keysKept = 1000;

/** SHA-256, in hex, of a raw Ed25519 public key. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex');
}

function readPublicKey(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  const known = keys.get(x);
  if (known) return known;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  // Keys come from the wire: without a bound, a stranger could fill the worker's memory with them.
  if (keys.size >= keysKept) keys.clear();
  keys.set(x, key);
  return key;
}

function signatureHolds(payload: Payload): boolean {
  const { key, signature } = payload.metadata ?? {};
  if (!key || !signature || !payload.data) return false;
  try {
    return verify(null, payload.data, readPublicKey(key), signature);
  } catch {
    return false;
  }
}

function decodePayload(payload: Payload): Payload {
  const encoding = payload.metadata?.['encoding'] ? decoder.decode(payload.metadata['encoding']) : '';
  // What claims on the wire to be verified already is nobody's word: nothing of it goes on.
  if (encoding === actEncodings.verified) {
    return { metadata: { encoding: encoder.encode('binary/null') } };
  }
  if (encoding !== actEncodings.signed) return payload;
  const by = signatureHolds(payload) ? fingerprintOf(payload.metadata!['key']!) : '';
  return {
    metadata: { encoding: encoder.encode(actEncodings.verified), by: encoder.encode(by) },
    data: payload.data ?? new Uint8Array(),
  };
}

/** Verifies signed acts natively: a pure function of the payload, so that replays see what the first execution saw. */
export const signatureCodec: PayloadCodec = {
  async encode(payloads) {
    return payloads;
  },
  async decode(payloads) {
    return payloads.map(decodePayload);
  },
};
