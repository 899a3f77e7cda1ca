import type { Payload, PayloadCodec } from '@temporalio/common';
import { dataConverter } from '../../../client/data-converter.ts';
import type { Connector, LedgerBatch, Store } from '../../../contracts/ports.ts';

/** A moment at which a worker can die: the n-th time that it does this. */
export interface Failpoint {
  moment: 'before' | 'after';
  /**
   * As it is reported, such as `commit started gatherer`; or one thing that it records, such as `result gatherer`,
   * whatever else is recorded with it: what several tasks have to say at once comes together as it happens to.
   */
  operation: string;
  nth: number;
}

/** Told of each operation before and after it; what it does then (report, die) is its own affair. */
export type Around = <T>(operation: string, work: () => Promise<T>) => Promise<T>;

/** What only reads; every other function of a store counts as a write. */
const reads = new Set([
  'artifacts.get',
  'snapshots.load',
  'ledger.read',
  'ledger.verify',
  'ledger.runs',
  'runs.get',
  'runs.list',
  'desk.open',
  'slots.list',
  'close',
  'progress.list',
  // No read, but nothing hangs on it: when it is written, and whether at all, is a matter of time.
  'progress.note',
]);

type Method = (...given: unknown[]) => Promise<unknown>;

/** The names of all writes of a store. */
export function writesOf(store: Store): string[] {
  return methodsOf(store)
    .map(([name]) => name)
    .filter((name) => !reads.has(name));
}

function methodsOf(part: object, prefix = ''): [name: string, method: Method][] {
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'function') return [[prefix + name, value as Method] as [string, Method]];
    return typeof value === 'object' && value !== null ? methodsOf(value, `${prefix}${name}.`) : [];
  });
}

/** The store, with each of its writes as an operation. */
export function watchStore(store: Store, around: Around): Store {
  const watch = (part: object, prefix: string): object =>
    Object.fromEntries(
      Object.entries(part).map(([name, value]: [string, unknown]) => {
        const full = prefix + name;
        if (typeof value === 'object' && value !== null) return [name, watch(value, `${full}.`)];
        if (typeof value !== 'function' || reads.has(full)) return [name, value];
        const write = async (...given: unknown[]): Promise<unknown> =>
          around(describeWrite(full, given), async () => (value as Method).apply(part, given));
        return [name, write];
      }),
    );
  return watch(store, '') as Store;
}

/** The write with what tells it from others of its kind, whichever comes first: what is recorded, whose it is. */
function describeWrite(name: string, [first]: unknown[]): string {
  const { batch, task, settle } = (first ?? {}) as { batch?: LedgerBatch; task?: string; settle?: object };
  const parts = [
    ...(batch?.outcomes ?? []).map((outcome) => [outcome.type, 'task' in outcome && outcome.task]),
    [settle && 'settle'],
    [task],
    Array.isArray(first) && first.map((one: { name: string }) => one.name),
  ];
  const words = parts.map((part) => (part || []).filter(Boolean).join(' ')).filter((part) => part !== '');
  return [name, words.toSorted().join(', ')].filter((part) => part !== '').join(' ');
}

/** What a failpoint may call an operation: all of it, and each thing that it records. */
export function namesOf(operation: string): string[] {
  const [, ...words] = operation.split(' ');
  return [operation, ...(words.length > 0 ? words.join(' ').split(', ') : [])];
}

export function watchConnector(connector: Connector, around: Around): Connector {
  return {
    repeatable: connector.repeatable,
    ...(connector.credentials && { credentials: connector.credentials }),
    call: async (call) => around('connector.call', async () => connector.call(call)),
    ...(connector.lookup && {
      lookup: async (call) => around('connector.lookup', async () => connector.lookup!(call)),
    }),
  };
}

const decoder = new TextDecoder();

/** What passes between worker and server, by what its text holds. */
const messages = { answer: '"accepted":true', move: '{"kind":"continued"' };

/**
 * Baton's data converter. The answer to an accepted decision, on its way to the server, is an operation; so is what a run
 * hands on to its next execution, on its way out (`move`) and back in (`arrive`).
 */
export function watchConverter(around: Around): typeof dataConverter {
  const isOf = (payload: Payload, kind: keyof typeof messages): boolean =>
    // A heartbeat without details comes back with an empty array for its bytes, which no decoder takes.
    decoder.decode(Uint8Array.from(payload.data ?? [])).includes(messages[kind]);
  const watching: PayloadCodec = {
    async encode(payloads) {
      for (const payload of payloads) {
        if (isOf(payload, 'answer')) await around('answer', async () => {});
        if (isOf(payload, 'move')) await around('move', async () => {});
      }
      return payloads;
    },
    async decode(payloads) {
      for (const payload of payloads) if (isOf(payload, 'move')) await around('arrive', async () => {});
      return payloads;
    },
  };
  return { ...dataConverter, payloadCodecs: [...(dataConverter.payloadCodecs ?? []), watching] };
}
