import { Validator } from '@cfworker/json-schema';
import { describeFault } from '../contracts/describe-fault.ts';
import type { Json, JsonObject, JsonSchema } from '../contracts/json.ts';
import type { Ask } from './ask-person.ts';
import { phrase } from './language/phrase.ts';
import { hasOwnNames, listNames, meant, namesFor } from './names-in.ts';
import type { Named } from './names-in.ts';
import { print } from './output.ts';

type Properties = { [field: string]: JsonSchema };

/** Asks for a value until it meets its schema; undefined where the person leaves it blank. */
export async function askValue(
  ask: Ask,
  label: string,
  schema: JsonSchema,
  names: Named[] = [],
): Promise<Json | undefined> {
  const choices = choicesOf(schema);
  for (;;) {
    const typed = await ask(`  ${label}${hint(label, schema, names)}: `);
    if (typed === '') return undefined;
    const value = checkValue(choices ? pick(typed, choices) : readValue(typed, schema), label, schema, names);
    if (value !== undefined) return value;
  }
}

/** A value with names made ids; undefined, with a remark, where it does not fit. */
function checkValue(value: Json, label: string, schema: JsonSchema, names: Named[]): Json | undefined {
  const choices = choicesOf(schema);
  const result = new Validator(schema, '2020-12', true).validate(value);
  if (result.valid) return recognise(value, label, schema, names);
  print(
    `  ${choices ? phrase`Type one of ${choices.join(', ')}.` : `${label}: ${describeFault(result.errors, schema)}.`}`,
  );
  return undefined;
}

/** Asks for each field of an object's schema, those that it needs first; those left blank are left out. */
export async function askFields(ask: Ask, schema: JsonSchema, names: Named[] = []): Promise<JsonObject> {
  const fields: JsonObject = {};
  for (const [field, one] of inOrder(schema)) {
    const value = isListOfRows(one)
      ? await askRows(ask, field, one, names)
      : await askValue(ask, field, one, names);
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

/** Those that are needed, as they were declared, then the others. */
function inOrder(schema: JsonSchema): [string, JsonSchema][] {
  const properties = (schema['properties'] ?? {}) as Properties;
  const required = ((schema['required'] ?? []) as string[]).filter((field) =>
    Object.hasOwn(properties, field),
  );
  const rest = Object.keys(properties).filter((field) => !required.includes(field));
  return [...required, ...rest].map((field) => [field, properties[field]!]);
}

/** A list of objects whose members are all single values. */
function isListOfRows(schema: JsonSchema): boolean {
  const items = (schema['items'] ?? {}) as JsonSchema;
  const members = Object.values((items['properties'] ?? {}) as Properties);
  return (
    schema['type'] === 'array' &&
    members.length > 0 &&
    members.every(({ type }) => type !== 'array' && type !== 'object')
  );
}

/** Asks for one row after another, member by member, or takes the whole list as JSON. */
async function askRows(
  ask: Ask,
  field: string,
  schema: JsonSchema,
  names: Named[],
): Promise<Json | undefined> {
  const items = schema['items'] as JsonSchema;
  const members = inOrder(items);
  const required = (items['required'] ?? []) as string[];
  const first = members[0]![0];
  const example = members.map(([member, one]) => `${member} ${exampleOf(member, one, names)}`).join(', ');
  print(`  ${phrase`${field}: one after another, such as ${example}. Leave ${first} blank to go on.`}`);
  let ahead = await ask(`    ${first}: `);
  while (ahead.startsWith('[')) {
    const list = checkValue(readValue(ahead, schema), field, schema, names);
    if (list !== undefined) return list;
    ahead = await ask(`    ${first}: `);
  }
  const asked: Ask = async (question) => {
    const typed = ahead || (await ask(`  ${question}`));
    ahead = '';
    return typed;
  };
  const rows: Json[] = [];
  for (let more = ahead !== ''; more;) {
    const row: JsonObject = {};
    for (const [member, one] of members) {
      const value = await askValue(asked, member, one, names);
      if (value !== undefined) row[member] = value;
      else if (required.includes(member)) break;
    }
    more = Object.hasOwn(row, first);
    if (required.every((member) => Object.hasOwn(row, member))) rows.push(row);
    else if (more) print(`    ${phrase`That one is left out.`}`);
  }
  return rows.length > 0 ? rows : undefined;
}

/** Whether an object's schema has a field in which something of what is shown may be named. */
export function takesNames(schema: JsonSchema): boolean {
  return Object.values((schema['properties'] ?? {}) as Properties).some(
    (one) => listsWords(one) || isListOfRows(one),
  );
}

function listsWords(schema: JsonSchema): boolean {
  const items = (schema['items'] ?? {}) as JsonSchema;
  return schema['type'] === 'array' && items['type'] === 'string' && !items['enum'];
}

/** What is named as its id, in words, lists of words and rows; undefined, with a remark, where that is not one thing. */
function recognise(value: Json, field: string, schema: JsonSchema, names: Named[]): Json | undefined {
  if (names.length === 0) return value;
  if (Array.isArray(value)) {
    const items = (schema['items'] ?? {}) as JsonSchema;
    const known = value.map((one) =>
      typeof one === 'string' && listsWords(schema)
        ? idOf(one, namesFor(field, names))
        : recognise(one, field, items, names),
    );
    return known.every((one) => one !== undefined) ? known : undefined;
  }
  if (value && typeof value === 'object') {
    const properties = (schema['properties'] ?? {}) as Properties;
    const members = Object.entries(value).map(([member, one]): [string, Json | undefined] => [
      member,
      recognise(one, member, properties[member] ?? {}, names),
    ]);
    return members.every(([, one]) => one !== undefined)
      ? (Object.fromEntries(members) as JsonObject)
      : undefined;
  }
  const isName = typeof value === 'string' && !schema['enum'] && hasOwnNames(field, names);
  return isName ? idOf(value, namesFor(field, names)) : value;
}

function idOf(word: string, names: Named[]): string | undefined {
  if (names.length === 0) return word;
  const found = meant(word, names);
  if (found.length === 1) {
    const [{ id }] = found as [Named];
    if (id !== word) print(`  ${phrase`${word} is ${id}`}`);
    return id;
  }
  const several = found.map(({ id }) => id).join(', ');
  print(
    `  ${several ? phrase`${word}: which of ${several}?` : phrase`${word}: there is ${listNames(names)}.`}`,
  );
  return undefined;
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

function hint(field: string, schema: JsonSchema, names: Named[]): string {
  const choices = choicesOf(schema);
  if (choices) return ` (${choices.map((one, index) => `${index + 1} ${one}`).join(', ')})`;
  const { type, minimum, maximum } = schema;
  const items = (schema['items'] ?? {}) as JsonSchema;
  const listed = choicesOf(items);
  if (type === 'array' && listed) return ` (${phrase`of ${listed.join(', ')}; separated by commas`})`;
  if (type === 'array' && items['type'] !== 'object') return ` (${phrase`separated by commas`})`;
  if (type === 'array' || type === 'object')
    return ` (${phrase`JSON such as ${JSON.stringify(formOf(schema, field, names))}`})`;
  const words = namesFor(field, names).filter(({ word }) => word);
  if (type === 'string' && words.length > 0) return ` (${listNames(words)})`;
  return typeof minimum === 'number' && typeof maximum === 'number' && Number.isSafeInteger(maximum)
    ? ` (${phrase`${minimum} to ${maximum}`})`
    : '';
}

/** A name that is there, or what kind of value goes here. */
function exampleOf(field: string, schema: JsonSchema, names: Named[]): string {
  const choice = choicesOf(schema)?.[0];
  if (choice !== undefined) return choice;
  if (schema['type'] === 'boolean') return 'true';
  const { type } = schema;
  if (type === 'string' && hasOwnNames(field, names)) return namesFor(field, names)[0]!.id;
  return type === 'string'
    ? phrase`(text)`
    : type === 'integer'
      ? phrase`(a whole number)`
      : phrase`(a number)`;
}

/** The form of a value, with names that are there or types where its parts go. */
function formOf(schema: JsonSchema, field: string, names: Named[]): Json {
  const { type, items } = schema;
  if (type === 'array') return [formOf((items ?? {}) as JsonSchema, field, names)];
  if (type === 'object')
    return Object.fromEntries(inOrder(schema).map(([member, one]) => [member, formOf(one, member, names)]));
  if (type === 'string' && hasOwnNames(field, names)) return namesFor(field, names)[0]!.id;
  return typeof type === 'string' ? type : 'value';
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
