import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../contracts/json.ts';
import { Act } from '../contracts/act.ts';
import { SignedAct, actBytesAtMost } from '../contracts/signed-act.ts';
import { toFailure } from '../contracts/failures.ts';
import { isWellFormed } from '../contracts/well-formed.ts';
import { makeFolder } from '../store/make-folder.ts';
import { fingerprintOf } from './signature-codec.ts';

/** Milliseconds for which a signed act is good. */
const goodFor = 10 * 60 * 1000;

type Unsigned<T> = T extends Act ? Omit<T, 'id' | 'person' | 'roles' | 'at' | 'expiresAt' | 'nonce'> : never;
/** An act without what the door itself states. */
export type ActRequest = Unsigned<Act> & { id?: string };

export interface Person {
  /** A stable id of the person, as the door knows it. */
  id: string;
  roles: string[];
}

/** Authenticates nobody by itself: whoever holds it vouches for the people it names. */
export interface Door {
  readonly fingerprint: string;
  sign(request: ActRequest, person: Person): { id: string; signed: SignedAct };
}

function doorOf(privateKey: KeyObject): Door {
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x!;
  const publicKey = new Uint8Array(Buffer.from(x, 'base64url'));
  return {
    fingerprint: fingerprintOf(publicKey),
    sign(request, person) {
      const now = Date.now();
      const id = request.id ?? randomUUID();
      if (!isWellFormed([request, person])) {
        throw toFailure(
          'Decision.Malformed',
          "This act can't be signed: a text in it holds half a character (a surrogate alone), or it is nested too deep.",
          { name: id },
        );
      }
      const act = Act.safeParse({
        ...request,
        id,
        person: person.id,
        roles: person.roles,
        at: new Date(now).toISOString(),
        expiresAt: new Date(now + goodFor).toISOString(),
        nonce: randomUUID(),
      });
      if (!act.success) {
        const issue = act.error.issues[0];
        throw toFailure(
          'Decision.Malformed',
          `This act can't be signed: ${issue?.path.join('.')}: ${issue?.message}`,
          { name: id },
        );
      }
      const data = new Uint8Array(Buffer.from(canonicalJson(act.data)));
      if (data.length > actBytesAtMost) {
        throw toFailure(
          'Decision.Malformed',
          `This act can't be signed: it has ${data.length} bytes, and may have ${actBytesAtMost}.`,
          { name: id },
        );
      }
      return { id, signed: new SignedAct(data, new Uint8Array(sign(null, data, privateKey)), publicKey) };
    },
  };
}

/** A door whose key lives as long as this process. */
export function createDoor(): Door {
  return doorOf(generateKeyPairSync('ed25519').privateKey);
}

/** The door whose key lies in a file that only its owner may read; made on first use. */
export function openDoor(file: string): Door {
  if (!existsSync(file)) {
    makeFolder(path.dirname(file));
    const { privateKey } = generateKeyPairSync('ed25519');
    // `wx`: of two processes that start at once, one makes the key and the other reads it.
    try {
      writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  chmodSync(file, 0o600);
  return doorOf(createPrivateKey(readFileSync(file)));
}
