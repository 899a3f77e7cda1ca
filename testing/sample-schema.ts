import type { Json, JsonObject, JsonSchema } from '../contracts/json.ts';

/** A number from 0 up to, and without, 1. */
export type Draw = () => number;

/** Numbers that a seed and some words lead to, always the same ones (mulberry32). */
export function drawFrom(seed: number, ...words: string[]): Draw {
  let state = seed >>> 0;
  for (const character of words.join('\u0000'))
    state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pickFrom = <T>(draw: Draw, from: readonly T[]): T | undefined =>
  from[Math.floor(draw() * from.length)];

/** A value of a schema: what the keywords that a form is made of allow; patterns and formats are not looked at. */
export function sampleSchema(schema: JsonSchema, draw: Draw): Json {
  const { const: constant, enum: values, anyOf, type } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return pickFrom(draw, values) ?? null;
  if (Array.isArray(anyOf)) return sampleSchema((pickFrom(draw, anyOf) ?? {}) as JsonSchema, draw);
  switch (Array.isArray(type) ? pickFrom(draw, type) : type) {
    case 'object':
      return sampleObject(schema, draw);
    case 'array':
      return sampleArray(schema, draw);
    case 'boolean':
      return draw() < 0.5;
    case 'integer':
      return sampleNumber(schema, draw, true);
    case 'number':
      return sampleNumber(schema, draw, false);
    case 'string':
      return sampleText(schema, draw);
    case 'null':
      return null;
    default:
      return {};
  }
}

function sampleObject({ properties, required }: JsonSchema, draw: Draw): JsonObject {
  const needed = Array.isArray(required) ? required : [];
  const members = Object.entries((properties ?? {}) as { [name: string]: JsonSchema });
  return Object.fromEntries(
    members
      .filter(([name]) => needed.includes(name) || draw() < 0.5)
      .map(([name, member]) => [name, sampleSchema(member, draw)]),
  );
}

function sampleArray({ items, minItems, maxItems }: JsonSchema, draw: Draw): Json[] {
  const least = numberOr(minItems, 0);
  const length =
    least + Math.floor(draw() * (Math.min(numberOr(maxItems, least + 3), least + 3) - least + 1));
  return Array.from({ length }, () => sampleSchema((items ?? {}) as JsonSchema, draw));
}

function sampleNumber(schema: JsonSchema, draw: Draw, isWhole: boolean): number {
  const step = isWhole ? 1 : 0.5;
  const least = numberOr(schema['minimum'], numberOr(schema['exclusiveMinimum'], -step) + step);
  const most = numberOr(schema['maximum'], numberOr(schema['exclusiveMaximum'], least + 100 + step) - step);
  const drawn = least + draw() * (Math.min(most, least + 1000) - least);
  return isWhole ? Math.ceil(least) + Math.floor(drawn - least) : drawn;
}

function sampleText({ minLength, maxLength }: JsonSchema, draw: Draw): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz '.split('');
  const least = numberOr(minLength, 1);
  const most = Math.max(least, Math.min(numberOr(maxLength, least + 11), least + 11));
  const length = least + Math.floor(draw() * (most - least + 1));
  return Array.from({ length }, () => pickFrom(draw, letters)).join('');
}

const numberOr = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
