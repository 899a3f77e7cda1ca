import type { JsonSchema } from './json.ts';
import { typesOf } from './check-schemas.ts';

/**
 * Why values of one schema can't be meant for the other, or null where that isn't obvious:
 * types, fields and enum values are compared, limits and alternatives are not.
 */
export function findMisfit(made: JsonSchema, needed: JsonSchema, at = ''): string | null {
  const place = at === '' ? 'it' : `'${at}'`;
  const [has, wants] = [typesOf(made), typesOf(needed)];
  if (
    !has.includes('any') &&
    !wants.includes('any') &&
    !has.some((type) => wants.some((other) => overlap(type, other)))
  )
    return `${place} is ${words(has)}, and ${words(wants)} is needed`;
  const strange = findStrangeValue(made, needed);
  if (strange !== null) return `${place} may be ${strange}, which is not accepted`;
  if (isObject(made['properties']) && isObject(needed['properties']))
    return findFieldMisfit(made, needed, at);
  if (isObject(made['additionalProperties']) && isObject(needed['additionalProperties']))
    return findMisfit(made['additionalProperties'], needed['additionalProperties'], `${at}{}`);
  if (isObject(made['items']) && isObject(needed['items']))
    return findMisfit(made['items'], needed['items'], `${at}[]`);
  return null;
}

function findFieldMisfit(made: JsonSchema, needed: JsonSchema, at: string): string | null {
  const [has, wants] = [made['properties'] as JsonSchema, needed['properties'] as JsonSchema];
  for (const field of (needed['required'] ?? []) as string[]) {
    const path = at === '' ? field : `${at}.${field}`;
    if (!Object.hasOwn(has, field) && made['additionalProperties'] === false) return `'${path}' is missing`;
    if (Object.hasOwn(has, field) && !((made['required'] ?? []) as string[]).includes(field))
      return `'${path}' may be left out`;
  }
  for (const [field, schema] of Object.entries(has)) {
    const path = at === '' ? field : `${at}.${field}`;
    const other = wants[field];
    if (other === undefined) {
      if (needed['additionalProperties'] === false) return `'${path}' is not accepted`;
      continue;
    }
    const misfit = findMisfit(schema as JsonSchema, other as JsonSchema, path);
    if (misfit !== null) return misfit;
  }
  return null;
}

function findStrangeValue(made: JsonSchema, needed: JsonSchema): string | null {
  const values = valuesOf(made);
  const accepted = valuesOf(needed);
  if (!values || !accepted) return null;
  const strange = values.find((value) => !accepted.includes(value));
  return strange === undefined ? null : JSON.stringify(strange);
}

function valuesOf(schema: JsonSchema): unknown[] | null {
  if (Array.isArray(schema['enum'])) return schema['enum'];
  return schema['const'] === undefined ? null : [schema['const']];
}

function overlap(type: string, other: string): boolean {
  const number = (name: string): boolean => name === 'number' || name === 'integer';
  return type === other || (number(type) && number(other));
}

function words(types: string[]): string {
  return [...new Set(types)].map((type) => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`).join(' or ');
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
