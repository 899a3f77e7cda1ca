import { DefaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { payloadConverter as ours } from '../../../client/payload-converter.ts';

// By name: the SDK loads this module by its path, as another instance than the tests'.
const brand = Symbol.for('batonflow-test.raw-payload');

/** Bytes and metadata that go onto the wire as they are. */
export function rawPayload(payload: Payload): object {
  return { [brand]: payload };
}

class RawPayloadConverter extends DefaultPayloadConverter {
  override toPayload<T>(value: T): Payload {
    if (typeof value === 'object' && value !== null && brand in value) return value[brand] as Payload;
    return ours.toPayload(value) as Payload;
  }
}

export const payloadConverter = new RawPayloadConverter();
