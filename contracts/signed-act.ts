import type { Act } from './act.ts';

/** How signed and verified acts are marked on the wire and inside a worker. Histories hold the first: never rename it. */
export const actEncodings = { signed: 'baton/signed', verified: 'baton/verified' } as const;

/**
 * Bytes that an act may have. What is accepted goes into the history and along with the next activity, and a message
 * of more than two megabytes would be refused there, for ever.
 */
export const actBytesAtMost = 256 * 1024;

// Looked for by name: the SDK loads the payload converter by its path, as another instance of this module under some loaders.
const brand = Symbol.for('batonflow.signed-act');

/** An act as a door signed it: RFC 8785 bytes of the act, and who vouches for them. */
export class SignedAct {
  readonly [brand] = true;
  readonly data: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
  /** Raw Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;

  constructor(data: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) {
    this.data = data;
    this.signature = signature;
    this.publicKey = publicKey;
  }
}

export function isSignedAct(value: unknown): value is SignedAct {
  return typeof value === 'object' && value !== null && brand in value;
}

/** What the workflow gets in its place. Only the payload converter makes one, and only of what the codec verified. */
export class VerifiedAct {
  /** Fingerprint of the key whose signature holds; empty where it does not. */
  readonly by: string;
  /** Null where the bytes are not JSON, or too many. */
  readonly act: Act | null;

  constructor(by: string, act: Act | null) {
    this.by = by;
    this.act = act;
  }
}
