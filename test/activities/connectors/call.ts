import type { ConnectorCall } from '../../../contracts/ports.ts';

/** One call for a connector, with JSON subjects by name. */
export function callOf(
  parts: Partial<Omit<ConnectorCall, 'subjects'>> & { subjects?: { [name: string]: unknown } },
): ConnectorCall {
  const { subjects = {}, ...rest } = parts;
  const call: ConnectorCall = {
    idempotencyKey: '',
    run: 'run-1',
    slot: 'publish',
    n: 0,
    verb: 'do',
    destination: {},
    arguments: {},
    digest: 'digest-1',
    former: null,
    credentials: {},
    abortSignal: new AbortController().signal,
    ...rest,
    subjects: Object.fromEntries(
      Object.entries(subjects).map(([name, value]) => {
        const content = new Uint8Array(Buffer.from(JSON.stringify(value)));
        const reference = {
          name,
          digest: `digest of ${name}`,
          facts: {},
          mediaType: 'application/json',
          bytes: content.byteLength,
        };
        return [name, { reference, content }];
      }),
    ),
  };
  return {
    ...call,
    idempotencyKey: rest.idempotencyKey ?? `${call.run}/${call.slot}/${call.n}/${call.verb}`,
  };
}
