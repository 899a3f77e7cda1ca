import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { Door } from '../../../client/door.ts';
import { fingerprintOf } from '../../../client/signature-codec.ts';
import { canonicalJson } from '../../../contracts/json.ts';
import { SignedAct, actEncodings } from '../../../contracts/signed-act.ts';
import { rawPayload } from './raw-payload-converter.ts';

/** A door whose key is in our hands: it signs whatever it is told to, also what no honest door would. */
export interface LooseDoor extends Door {
  signBytes(bytes: Uint8Array): SignedAct;
  signAct(act: unknown): SignedAct;
}

export function looseDoor(goodFor = 600_000): LooseDoor {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  const signBytes = (bytes: Uint8Array): SignedAct =>
    new SignedAct(bytes, new Uint8Array(sign(null, bytes, privateKey)), raw);
  const signAct = (act: unknown): SignedAct => signBytes(Buffer.from(canonicalJson(act)));
  return {
    fingerprint: fingerprintOf(raw),
    signBytes,
    signAct,
    sign(request, person) {
      const id = request.id ?? randomUUID();
      const at = Date.now();
      const act = {
        ...request,
        id,
        person: person.id,
        roles: person.roles,
        at: new Date(at).toISOString(),
        expiresAt: new Date(at + goodFor).toISOString(),
        nonce: randomUUID(),
      };
      return { id, signed: signAct(act) };
    },
  };
}

/** A door that puts something else onto the wire in place of what an honest one signed. */
export function forgingDoor(honest: LooseDoor, forge: (signed: SignedAct, door: LooseDoor) => unknown): Door {
  return {
    fingerprint: honest.fingerprint,
    sign(request, person) {
      const { id, signed } = honest.sign(request, person);
      return { id, signed: forge(signed, honest) as SignedAct };
    },
  };
}

/** A Temporal client that sends payloads as they were made by hand. */
export function rawClient(connection: Connection): Client {
  const payloadConverterPath = fileURLToPath(new URL('./raw-payload-converter.ts', import.meta.url));
  return new Client({ connection, dataConverter: { payloadConverterPath } });
}

const encoder = new TextEncoder();

/** The act as it was signed, with something of its payload replaced. */
export function onWire(signed: SignedAct, change: { encoding?: string; metadata?: Payload['metadata'] }) {
  return rawPayload({
    metadata: {
      signature: signed.signature,
      key: signed.publicKey,
      ...change.metadata,
      encoding: encoder.encode(change.encoding ?? actEncodings.signed),
    },
    data: signed.data,
  });
}

export const bytes = (text: string): Uint8Array => encoder.encode(text);
export const readAct = ({ data }: SignedAct): { [member: string]: unknown } =>
  JSON.parse(Buffer.from(data).toString()) as { [member: string]: unknown };
