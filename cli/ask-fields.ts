import { Validator } from '@cfworker/json-schema';
import type { Json, JsonObject, JsonSchema } from '../contracts/json.ts';
import type { Ask } from './ask-person.ts';
import { meant } from './names-in.ts';
import type { Named } from './names-in.ts';
import { print } from './output.ts';

/** Asks for a value until it meets its schema; undefined where the person leaves it blank. */
export async function askValue(
  ask: Ask,
  label: string,
  schema: JsonSchema,
  names: Named[] = [],
): Promise<Json | undefined> {
  const choices = choicesOf(schema);
  for (;;) {
    const typed = await ask(`  ${label}${hint(schema)}: `);
    if (typed === '') return undefined;
    const value = choices ? pick(typed, choices) : readValue(typed, schema);
    const result = new Validator(schema, '2020-12', true).validate(value);
    if (!result.valid) {
      print(`  ${choices ? `Type one of ${choices.join(', ')}.` : lastError(result.errors)}`);
      continue;
    }
    const named = names.length > 0 ? recognise(value, names) : value;
    if (named !== undefined) return named;
  }
}

/** Asks for each field of an object's schema; those left blank are left out. */
export async function askFields(ask: Ask, schema: JsonSchema, names: Named[] = []): Promise<JsonObject> {
  const properties = (schema['properties'] ?? {}) as { [field: string]: JsonSchema };
  const fields: JsonObject = {};
  for (const [field, one] of Object.entries(properties)) {
    const value = await askValue(ask, field, one, listsWords(one) ? names : []);
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

/** Whether an object's schema has a field that lists words, which may be names of what is shown. */
export function takesNames(schema: JsonSchema): boolean {
  return Object.values((schema['properties'] ?? {}) as { [field: string]: JsonSchema }).some(listsWords);
}

function listsWords(schema: JsonSchema): boolean {
  const items = (schema['items'] ?? {}) as JsonSchema;
  return schema['type'] === 'array' && items['type'] === 'string' && !items['enum'];
}

/** Each word as the id of what it means; undefined, with a remark, where one means several things or none. */
function recognise(value: Json, names: Named[]): Json | undefined {
  if (!Array.isArray(value)) return value;
  const ids: Json[] = [];
  for (const word of value) {
    const found = meant(String(word as string), names);
    if (found.length !== 1) {
      const several = found.map(({ id }) => id).join(', ');
      print(
        `  ${String(word as string)}: ${several ? `which of ${several}?` : `there is ${names.map(({ id }) => id).join(', ')}.`}`,
      );
      return undefined;
    }
    const [{ id }] = found as [Named];
    if (id !== word) print(`  ${String(word as string)} is ${id}`);
    ids.push(id);
  }
  return ids;
}

function choicesOf(schema: JsonSchema): string[] | null {
  const { enum: choices } = schema;
  return Array.isArray(choices) && choices.every((one) => typeof one === 'string') ? choices : null;
}

/** By number from 1, by name, or by the beginning of one. */
function pick(typed: string, choices: string[]): string {
  const beginning = choices.filter((one) => one.startsWith(typed));
  return choices.includes(typed)
    ? typed
    : (choices[Number(typed) - 1] ?? (beginning.length === 1 ? beginning[0]! : typed));
}

function hint(schema: JsonSchema): string {
  const choices = choicesOf(schema);
  if (choices) return ` (${choices.map((one, index) => `${index + 1} ${one}`).join(', ')})`;
  const items = (schema['items'] ?? {}) as JsonSchema;
  if (schema['type'] === 'array' && items['type'] !== 'object') return ' (separated by commas)';
  if (schema['type'] === 'array' || schema['type'] === 'object')
    return ` (JSON such as ${JSON.stringify(exampleOf(schema))})`;
  return '';
}

/** The form of a value, with the types where its parts go. */
function exampleOf(schema: JsonSchema): Json {
  const { type, items, properties } = schema;
  if (type === 'array') return [exampleOf((items ?? {}) as JsonSchema)];
  if (type === 'object')
    return Object.fromEntries(
      Object.entries((properties ?? {}) as { [member: string]: JsonSchema }).map(([member, one]) => [
        member,
        exampleOf(one),
      ]),
    );
  return typeof type === 'string' ? type : 'value';
}

function lastError(errors: { error: string; instanceLocation: string }[]): string {
  const last = errors.at(-1);
  return last ? `${last.instanceLocation.replace(/^#\/?/, '')} ${last.error}`.trim() : 'That does not fit.';
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
