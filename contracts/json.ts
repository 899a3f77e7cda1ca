import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
/** JSON Schema, draft 2020-12, as plain JSON. */
export type JsonSchema = JsonObject;

/** RFC 8785 text of a JSON value; members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This value has no JSON form.');
  return text;
}

/** SHA-256, in lower-case hex, of bytes or of a text's UTF-8. */
export function sha256Hex(content: Uint8Array | string): string {
  // What TextEncoder returns inside Temporal's sandbox belongs to another realm and fails instanceof Uint8Array.
  const bytes = typeof content === 'string' ? Uint8Array.from(new TextEncoder().encode(content)) : content;
  return bytesToHex(sha256(bytes));
}

/** SHA-256, in lower-case hex, of a value's RFC 8785 JSON. */
export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}
