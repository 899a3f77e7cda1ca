import type { Json, JsonSchema } from './json.ts';

/** One finding of a JSON Schema validator, by places in the value and in the schema as JSON pointers after `#`. */
export interface SchemaFault {
  keyword: string;
  keywordLocation: string;
  instanceLocation: string;
  error: string;
}

/**
 * What is wrong with a value, for whoever gave it: the place, if it is a part, and what has to be there, such as
 * `set.0.value: has to be a number`. What has no words here is said as the validator says it.
 */
export function describeFault(faults: SchemaFault[], schema: JsonSchema): string {
  // Of several findings the last is the innermost.
  const last = faults.at(-1);
  if (!last) return 'does not have the form that is asked for';
  const path = stepsOf(last.instanceLocation);
  if (last.keyword === 'false') {
    // The validator points at what may not be there; what has to change is its owner.
    const known = fieldsBeside(schema, faults.at(-2)?.keywordLocation ?? '#');
    const why = `has no ${path.pop()}; it has ${known.join(', ') || 'no fields'}`;
    return at(path, why);
  }
  const choice = faults.find(
    ({ keyword, instanceLocation }) =>
      (keyword === 'anyOf' || keyword === 'oneOf') && instanceLocation === last.instanceLocation,
  );
  const meant = choice
    ? faults.filter(
        ({ keywordLocation, instanceLocation }) =>
          keywordLocation.startsWith(`${choice.keywordLocation}/`) &&
          instanceLocation === last.instanceLocation,
      )
    : faults.filter(({ keywordLocation }) => keywordLocation === last.keywordLocation);
  const missing = meant.flatMap(({ keyword, error }) =>
    keyword === 'required' ? (/property "(.*)"/.exec(error)?.slice(1) ?? []) : [],
  );
  if (missing.length > 0) return at(path, `needs ${missing.join(', ')}`);
  const why = [...new Set(meant.map((fault) => reasonOf(fault, schema)))].join(', or ');
  return at(path, why);
}

const at = (path: string[], why: string): string => (path.length > 0 ? `${path.join('.')}: ${why}` : why);

function reasonOf({ keyword, keywordLocation, error }: SchemaFault, schema: JsonSchema): string {
  const limit = valueAt(schema, stepsOf(keywordLocation));
  return (limit === undefined ? undefined : reasons[keyword]?.(limit as never)) ?? error;
}

const kinds: { [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
  null: 'null',
};

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const reasons: { [keyword: string]: (limit: never) => string } = {
  type: (type: string | string[]) =>
    `has to be ${[type]
      .flat()
      .map((one) => kinds[one] ?? one)
      .join(' or ')}`,
  enum: (values: Json[]) => `has to be one of ${values.map(inWords).join(', ')}`,
  const: (value: Json) => `has to be ${inWords(value)}`,
  minimum: (limit: number) => `has to be ${limit} or more`,
  maximum: (limit: number) => `has to be ${limit} or less`,
  exclusiveMinimum: (limit: number) => `has to be more than ${limit}`,
  exclusiveMaximum: (limit: number) => `has to be less than ${limit}`,
  multipleOf: (step: number) => `has to be a multiple of ${step}`,
  minLength: (limit: number) => `has to have ${plural(limit, 'character')} or more`,
  maxLength: (limit: number) => `has to have ${plural(limit, 'character')} or fewer`,
  pattern: (pattern: string) => `has to match ${pattern}`,
  format: (format: string) => `has to be in the form of ${format}`,
  minItems: (limit: number) => `has to list ${limit} or more`,
  maxItems: (limit: number) => `has to list ${limit} or fewer`,
  uniqueItems: () => 'may list nothing twice',
};

const inWords = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const plain = step.replaceAll('~1', '/').replaceAll('~0', '~');
      try {
        return decodeURIComponent(plain);
      } catch {
        return plain;
      }
    });
}

/** The part of a schema that a pointer leads to, through references within the schema. */
function valueAt(root: JsonSchema, steps: string[]): Json | undefined {
  let part: Json | undefined = root;
  for (const step of steps) {
    if (!part || typeof part !== 'object') return undefined;
    part = Array.isArray(part) ? part[Number(step)] : Object.hasOwn(part, step) ? part[step] : undefined;
    if (step === '$ref' && typeof part === 'string' && part.startsWith('#'))
      part = valueAt(root, stepsOf(part));
  }
  return part;
}

/** The fields that an object may have, by the place of its `additionalProperties`. */
function fieldsBeside(root: JsonSchema, keywordLocation: string): string[] {
  const owner = valueAt(root, stepsOf(keywordLocation).slice(0, -1));
  const properties = owner && typeof owner === 'object' && !Array.isArray(owner) ? owner['properties'] : null;
  return properties && typeof properties === 'object' ? Object.keys(properties) : [];
}
