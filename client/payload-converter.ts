import { DefaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import type { Act } from '../contracts/act.ts';
import { VerifiedAct, actBytesAtMost, actEncodings, isSignedAct } from '../contracts/signed-act.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

class ActPayloadConverter extends DefaultPayloadConverter {
  override toPayload<T>(value: T): Payload {
    if (isSignedAct(value)) {
      return {
        metadata: {
          encoding: encoder.encode(actEncodings.signed),
          signature: value.signature,
          key: value.publicKey,
        },
        data: value.data,
      };
    }
    return super.toPayload(value);
  }

  override fromPayload<T>(payload: Payload): T {
    const encoding = payload.metadata?.['encoding'];
    if (encoding && decoder.decode(encoding) === actEncodings.verified) {
      return readVerified(payload) as T;
    }
    return super.fromPayload(payload);
  }
}

function readVerified(payload: Payload): VerifiedAct {
  const by = decoder.decode(payload.metadata?.['by'] ?? new Uint8Array());
  const data = payload.data ?? new Uint8Array();
  if (data.length > actBytesAtMost) return new VerifiedAct(by, null);
  try {
    return new VerifiedAct(by, JSON.parse(decoder.decode(data)) as Act);
  } catch {
    // Whoever signs garbage gets a refusal; a throw here would leave it to the SDK to word it.
    return new VerifiedAct(by, null);
  }
}

export const payloadConverter = new ActPayloadConverter();
