import type { Json } from '../contracts/json.ts';
import type { Connector, ConnectorCall } from '../contracts/ports.ts';

/** A connector that sends nothing: what it was asked to do is kept in memory, each key once. */
export interface MemoryConnector extends Connector {
  /** What was done, in order: each idempotency key once. */
  readonly calls: ConnectorCall[];
  /** What each slot holds now, by run and slot: the values of its subjects, by name. */
  readonly holds: { readonly [place: string]: { [artifact: string]: Json } };
}

const placeOf = ({ run, slot }: ConnectorCall): string => `${run}/${slot}`;

/** A connector for tests, with a receipt for each call and a `lookup` that can tell. */
export function memoryConnector(receiptOf: (call: ConnectorCall) => Json = () => null): MemoryConnector {
  const done = new Map<string, Json>();
  const holds: { [place: string]: { [artifact: string]: Json } } = {};
  const digests = new Map<string, string>();
  const calls: ConnectorCall[] = [];
  return {
    calls,
    holds,
    repeatable: true,
    undoes: true,
    async call(call) {
      const { idempotencyKey: key, verb, subjects, digest } = call;
      const before = done.get(key);
      if (before !== undefined) return before;
      calls.push(call);
      const place = placeOf(call);
      if (verb === 'undo') delete holds[place];
      else
        holds[place] = Object.fromEntries(
          Object.entries(subjects).map(([name, { content, reference }]) => [
            name,
            read(content, reference.mediaType),
          ]),
        );
      if (verb === 'undo' || digest === null) digests.delete(place);
      else digests.set(place, digest);
      const receipt = receiptOf(call);
      done.set(key, receipt);
      return receipt;
    },
    async lookup(call) {
      const { idempotencyKey: key, digest, former } = call;
      const held = digests.get(placeOf(call)) ?? null;
      if (done.has(key) && held === digest)
        return { holds: 'wanted', forGood: true, receipt: done.get(key) ?? null };
      if (held === null) return { holds: 'none', forGood: true };
      return { holds: held === former ? 'former' : 'unknown', forGood: true };
    },
  };
}

function read(content: Uint8Array, mediaType: string): Json {
  const text = Buffer.from(content).toString();
  return mediaType === 'application/json' ? (JSON.parse(text) as Json) : text;
}
