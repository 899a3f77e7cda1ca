import { z } from 'zod';
import type { JsonSchema } from './json.ts';

/** A place in a zod schema that JSON Schema can't carry in full: what it is, and what to write instead. */
export interface SchemaFault {
  /** Such as `series[].values`; empty for the schema itself. */
  at: string;
  what: string;
  mend: string;
}

type Schema = z.core.$ZodType;
type Check = z.core.$ZodCheck;

/**
 * The JSON Schema of what a zod schema gives (`output`) or takes (`input`: fields with defaults may be left out).
 * Objects are closed unless they say otherwise. Where `faults` isn't empty, the schema says less than zod does.
 */
export function convertSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
): { schema: JsonSchema; faults: SchemaFault[] } {
  const faults = new Map<string, SchemaFault>();
  const add = (path: (string | number)[], what: string, mend: string): void => {
    const at = writePath(path);
    faults.set(`${at} ${what}`, { at, what, mend });
  };
  const converted = z.toJSONSchema(schema, {
    io,
    unrepresentable: ({ zodSchema, path }) => {
      const kind = zodSchema._zod.def.type;
      add(path, ...(unfitKinds[kind] ?? [`\`${kind}\` has no JSON form`, 'Write it with JSON types.']));
      return {};
    },
    override: ({ zodSchema, jsonSchema, path }) => {
      for (const [what, mend] of findLosses(zodSchema)) add(path, what, mend);
      if (zodSchema._zod.def.type === 'object') jsonSchema.additionalProperties ??= false;
    },
  }) as JsonSchema;
  delete converted['$schema'];
  return { schema: converted, faults: [...faults.values()] };
}

type Loss = [what: string, mend: string];

const dropped: Loss = [
  'a refinement has no form in JSON Schema',
  'Say it with min, max, regex, enum or a union, or check it in the graph.',
];
const changing: Loss = [
  'it changes the value that it checks',
  'Declare the value as it is stored, and change it in the graph.',
];

const unfitKinds: { [kind: string]: Loss } = {
  date: ['a Date has no JSON form', 'Write z.iso.datetime() or z.iso.date().'],
  bigint: ['a bigint has no JSON form', 'Write z.int(), or z.string() for what is larger.'],
  custom: ['a custom check has no form in JSON Schema', 'Write the value as z.object() with its fields.'],
  transform: changing,
  map: ['a Map has no JSON form', 'Write z.record().'],
  set: ['a Set has no JSON form', 'Write z.array().'],
  undefined: ['undefined has no JSON form', 'Write .optional() on the field, or z.null().'],
  void: ['undefined has no JSON form', 'Write z.null().'],
  nan: ['NaN has no JSON form', 'Write .nullable().'],
};

/** What zod drops without a word on the way to JSON Schema. */
function findLosses(schema: Schema): Loss[] {
  const { type } = schema._zod.def;
  const losses: Loss[] = [];
  if (type === 'pipe' || type === 'catch') losses.push(changing);
  if (type === 'promise' || type === 'success' || type === 'file')
    losses.push([`\`${type}\` has no JSON form`, 'Write it with JSON types.']);
  if ('coerce' in schema._zod.def && schema._zod.def.coerce === true) losses.push(changing);
  if (type === 'default' && isVolatile(schema))
    losses.push(['its default differs each time', 'Give a constant default.']);
  const checks = [...(schema._zod.def.checks ?? [])];
  // A schema such as z.email() is its own first check.
  if (type !== 'custom' && schema._zod.traits.has('$ZodCheck')) checks.unshift(schema as unknown as Check);
  for (const check of checks) {
    const loss = findCheckLoss(check);
    if (loss) losses.push(loss);
  }
  return losses;
}

const carriedChecks = new Set([
  'greater_than',
  'less_than',
  'multiple_of',
  'number_format',
  'min_length',
  'max_length',
  'length_equals',
]);

/** Formats that JSON Schema's `format` stands for by itself, where zod gives no pattern. */
const carriedFormats = new Set(['url', 'ipv6']);
/** Formats whose check says more than the pattern that goes with it. */
const partlyCarriedFormats = new Set(['jwt', 'json_string', 'credit_card', 'iban', 'cidrv6', 'emoji']);

function findCheckLoss(check: Check): Loss | null {
  const { def } = check._zod;
  if (def.check === 'overwrite') return changing;
  if (carriedChecks.has(def.check)) return null;
  if (def.check !== 'string_format') return dropped;
  const { format, pattern, ...more } = def as z.core.$ZodCheckStringFormatDef & {
    hostname?: unknown;
    protocol?: unknown;
  };
  if (pattern && /[^gu]/.test(pattern.flags))
    return [`the flags of ${String(pattern)} are lost in JSON Schema`, 'Write the pattern without flags.'];
  if (partlyCarriedFormats.has(format) || more.hostname || more.protocol)
    return [
      `the check \`${format}\` has no full form in JSON Schema`,
      'Write .regex(), or check it in the graph.',
    ];
  return pattern || carriedFormats.has(format) ? null : dropped;
}

function isVolatile(schema: Schema): boolean {
  const read = (): string | undefined =>
    JSON.stringify((schema._zod.def as z.core.$ZodDefaultDef).defaultValue);
  return read() !== read();
}

function writePath(path: (string | number)[]): string {
  let text = '';
  for (let index = 0; index < path.length; index++) {
    const part = path[index]!;
    if (part === 'properties') text += `${text === '' ? '' : '.'}${path[++index]}`;
    else if (part === 'items' || part === 'prefixItems') text += '[]';
    else if (part === 'additionalProperties') text += '{}';
  }
  return text;
}

/** Whether a field may be missing from what a schema gives; a field with a default never is. */
export function isOptional(schema: z.core.$ZodType): boolean {
  return schema._zod.optout === 'optional';
}
