import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pointers, Trigger } from '../contracts/define-trigger.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';

/** Milliseconds that a message's time may differ from this machine's. */
const differenceAtMost = 5 * 60_000;
/** Characters of a message's id. */
const idAtMost = 200;

export interface SignedMessage {
  id: string | undefined;
  /** Seconds since 1970. */
  timestamp: string | undefined;
  signature: string | undefined;
  body: Uint8Array;
}

/** The id of a message that one of these keys has signed, now. Throws `Message.BadSignature`, `Message.Expired`. */
export function verifyMessage(message: SignedMessage, keys: readonly Uint8Array[], now: number): string {
  const { id = '', timestamp = '', signature = '', body } = message;
  const known = id !== '' && id.length <= idAtMost && /^\d{1,12}$/.test(timestamp);
  if (!known || !isSigned({ id, timestamp, signature, body }, keys))
    throw toFailure('Message.BadSignature', 'The signature of this message does not hold.');
  if (Math.abs(now - Number(timestamp) * 1000) > differenceAtMost)
    throw toFailure('Message.Expired', 'The time of this message is more than five minutes away.', {
      name: id,
    });
  return id;
}

function isSigned(
  { id, timestamp, signature, body }: { id: string; timestamp: string; signature: string; body: Uint8Array },
  keys: readonly Uint8Array[],
): boolean {
  const given = signature
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  const expected = keys.map((key) =>
    createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest(),
  );
  // Each is compared, so that how long it takes says nothing of which one came close.
  const holds = expected.flatMap((one) =>
    given.map((other) => other.length === one.length && timingSafeEqual(one, other)),
  );
  return holds.includes(true);
}

/** What a message says a run is to be started with. Throws `Message.Malformed`. */
export function readMessage(
  { input, supplied }: Trigger,
  body: Uint8Array,
): { input: ProcessInput<Process>; supplied: JsonObject } {
  const message = parseMessage(body);
  try {
    const given = typeof input === 'function' ? input(message) : pick(message, input);
    return { input: given as ProcessInput<Process>, supplied: pick(message, supplied) };
  } catch (cause) {
    // A project's own mapping may quote the message: its words stay here.
    throw toFailure('Message.Malformed', 'This message has not the form that the trigger reads.', { cause });
  }
}

function parseMessage(body: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Json;
  } catch {
    throw toFailure('Message.Malformed', 'The body of this message is not JSON in UTF-8.');
  }
}

function pick(message: Json, pointers: Pointers): JsonObject {
  const found = Object.entries(pointers).map(([field, pointer]) => [field, at(message, pointer)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** RFC 6901; undefined where there is nothing. */
function at(value: Json, pointer: string): Json | undefined {
  let found: Json | undefined = value;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as JsonObject)[name];
  }
  return found;
}
