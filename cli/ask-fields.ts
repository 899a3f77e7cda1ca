import { Validator } from '@cfworker/json-schema';
import type { Json, JsonObject, JsonSchema } from '../contracts/json.ts';
import type { Ask } from './ask-person.ts';
import { print } from './output.ts';

/** Asks for a value until it meets its schema; undefined where the person leaves it blank. */
export async function askValue(ask: Ask, label: string, schema: JsonSchema): Promise<Json | undefined> {
  for (;;) {
    const typed = await ask(`  ${label}${hint(schema)}: `);
    if (typed === '') return undefined;
    const value = readValue(typed, schema);
    const result = new Validator(schema, '2020-12', true).validate(value);
    if (result.valid) return value;
    print(`  ${result.errors.at(-1)?.error ?? 'That does not fit.'}`);
  }
}

/** Asks for each field of an object's schema; those left blank are left out. */
export async function askFields(ask: Ask, schema: JsonSchema): Promise<JsonObject> {
  const properties = (schema['properties'] ?? {}) as { [field: string]: JsonSchema };
  const fields: JsonObject = {};
  for (const [field, one] of Object.entries(properties)) {
    const value = await askValue(ask, field, one);
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

function hint(schema: JsonSchema): string {
  if (Array.isArray(schema['enum']))
    return ` (${schema['enum'].map((one) => JSON.stringify(one)).join(' | ')})`;
  if (schema['type'] === 'array') return ' (separated by commas)';
  if (schema['type'] === 'object') return ' (as JSON)';
  return '';
}

/** What was typed, as its schema would have it: JSON where it is JSON, a list at commas, text otherwise. */
export function readValue(typed: string, schema: JsonSchema): Json {
  if (schema['type'] === 'string') return typed;
  if (schema['type'] === 'array' && !typed.startsWith('[')) {
    const items = (schema['items'] ?? {}) as JsonSchema;
    return typed.split(',').map((part) => readValue(part.trim(), items));
  }
  try {
    return JSON.parse(typed) as Json;
  } catch {
    return typed;
  }
}
