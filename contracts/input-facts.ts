import type { Facts } from './artifact.ts';
import type { Json, JsonSchema } from './json.ts';
import type { ManifestInput } from './manifest.ts';

/** Whether an input field of this schema carries its value as a fact: a number, a boolean or an enum does, free text doesn't. */
export function carriesOwnFact(input: Pick<ManifestInput, 'schema' | 'personal'>): boolean {
  return !input.personal && isSmallScalar(input.schema);
}

/** The facts of an input field: `{ value }`, or none. An optional field that isn't given is absent, not a fact. */
export function readInputFacts(input: Pick<ManifestInput, 'schema' | 'personal'>, value: Json): Facts {
  if (!carriesOwnFact(input) || (typeof value === 'object' && value !== null)) return {};
  return { value: value as Facts[string] };
}

function isSmallScalar(schema: JsonSchema): boolean {
  const { type, enum: values, const: constant, anyOf } = schema;
  if (Array.isArray(values)) return values.every((value) => typeof value !== 'object' || value === null);
  if (constant !== undefined) return typeof constant !== 'object';
  if (Array.isArray(anyOf)) return anyOf.every((option) => isSmallScalar(option as JsonSchema));
  const types = Array.isArray(type) ? type : [type];
  return types.every((one) => one === 'number' || one === 'integer' || one === 'boolean' || one === 'null');
}
