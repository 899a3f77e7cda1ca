import { JsonPlusSerializer } from '@langchain/langgraph-checkpoint';

type Fields = { [field: string]: unknown };

/** A serialised value: `j` JSON text, `b` base64 of bytes. */
export type Encoded = ['j' | 'b', string];

export const encodeTyped = ([type, bytes]: [string, Uint8Array]): Encoded =>
  type === 'json' ? ['j', Buffer.from(bytes).toString()] : ['b', Buffer.from(bytes).toString('base64')];

/** The member that marks what JSON can't say; members of data that look like it, or like LangGraph's own marks, get an `@` more. */
const mark = '@baton';
const marked = /^(?:lc$|__proto__$|@)/;

/**
 * LangGraph's serialiser, made safe for any data: what a model or a document wrote comes back as it was, even where it
 * has the form of a serialised object; and NaN, the infinities, bigints and dates survive. Throws on cycles.
 */
export class SnapshotSerializer extends JsonPlusSerializer {
  override async dumpsTyped(value: unknown): Promise<[string, Uint8Array]> {
    return super.dumpsTyped(encode(value, [])) as Promise<[string, Uint8Array]>;
  }

  override async loadsTyped(type: string, data: Uint8Array | string): Promise<unknown> {
    return decode(await super.loadsTyped(type, data));
  }
}

function encode(value: unknown, within: object[]): unknown {
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : { [mark]: 'number', text: `${value}` };
  if (typeof value === 'bigint') return { [mark]: 'bigint', text: `${value}` };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { [mark]: 'date', text: `${value.getTime()}` };
  if (within.includes(value))
    throw new TypeError('The state of the graph holds a cycle, which no snapshot can.');
  const inner = [...within, value];
  if (Array.isArray(value)) return mapArray(value, (item) => encode(item, inner));
  if (value instanceof Map)
    return new Map([...value].map((entry) => encode(entry, inner) as [unknown, unknown]));
  if (value instanceof Set) return new Set([...value].map((item) => encode(item, inner)));
  if (isSend(value)) {
    const { node, args, timeout } = value;
    return { node, args: encode(args, inner), ...(timeout !== undefined && { timeout }) };
  }
  if (!isPlain(value)) return value;
  return mapFields(
    value,
    (field) => (marked.test(field) ? `@${field}` : field),
    (item) => encode(item, inner),
  );
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return mapArray(value, decode);
  if (value instanceof Map) return new Map([...value].map((entry) => decode(entry) as [unknown, unknown]));
  if (value instanceof Set) return new Set([...value].map(decode));
  if (!isPlain(value)) return value;
  if (Object.hasOwn(value, mark)) return decodeMarked(value);
  return mapFields(value, (field) => (field.startsWith('@') ? field.slice(1) : field), decode);
}

function decodeMarked({ [mark]: kind, text }: Fields): unknown {
  if (kind === 'bigint') return BigInt(text as string);
  return kind === 'date' ? new Date(Number(text)) : Number(text);
}

/** The same array where nothing in it changes: most of a state needs no mark, and a copy of it would cost. */
function mapArray(items: unknown[], change: (item: unknown) => unknown): unknown[] {
  let changed: unknown[] | undefined;
  for (const [index, item] of items.entries()) {
    const now = change(item);
    if (now !== item) (changed ??= [...items])[index] = now;
  }
  return changed ?? items;
}

function mapFields(
  value: Fields,
  rename: (field: string) => string,
  change: (item: unknown) => unknown,
): Fields {
  const entries = Object.entries(value).map(([field, item]) => [rename(field), change(item)] as const);
  // `fromEntries` defines what it is given, `__proto__` too, where an assignment would change the prototype.
  return Object.fromEntries(entries);
}

function isPlain(value: object): value is Fields {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    typeof (value as Fields)['toJSON'] !== 'function'
  );
}

function isSend(value: object): value is { node: string; args: unknown; timeout?: unknown } {
  return (value as Fields)['lg_name'] === 'Send' && !isPlain(value);
}
