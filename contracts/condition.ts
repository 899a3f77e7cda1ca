import type { JsonObject, JsonSchema } from './json.ts';
import type { Condition } from './manifest.ts';

type Scalar = string | number | boolean | null;

/** What one fact must be: a value, or JSON Schema keywords. */
export type FactPredicate =
  | Scalar
  | {
      const?: Scalar;
      enum?: readonly Scalar[];
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
      pattern?: string;
    };

/**
 * By artifact, what its facts must be, all of them at once; `{}` says that the artifact is there, null that it is absent.
 * An input field that is a number, a boolean or an enum has one fact, `value`.
 */
export type When = { readonly [artifact: string]: { readonly [fact: string]: FactPredicate } | null };

/** A condition as the manifest carries it: one JSON Schema over an artifact's facts each. */
export function toCondition(when: When): Condition {
  return Object.fromEntries(
    Object.entries(when).map(([artifact, facts]) => [
      artifact,
      facts === null ? { type: 'null' } : toFactsSchema(facts),
    ]),
  );
}

function toFactsSchema(facts: { readonly [fact: string]: FactPredicate }): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(facts).map(([fact, predicate]) => [fact, toFactSchema(predicate)]),
    ),
    required: Object.keys(facts),
  };
}

function toFactSchema(predicate: FactPredicate): JsonSchema {
  if (predicate === null || typeof predicate !== 'object') return { const: predicate };
  const keywords = structuredClone(predicate) as JsonObject;
  // Keywords about numbers say nothing of other values: without the type, null would meet `minimum: 3`.
  const type = typeOf(predicate);
  return type ? { type, ...keywords } : keywords;
}

function typeOf(predicate: object): string | null {
  const keys = Object.keys(predicate);
  if (keys.some((key) => numberKeywords.includes(key))) return 'number';
  return keys.includes('pattern') ? 'string' : null;
}

const numberKeywords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/** Every keyword that a predicate on a fact may have, and the type of fact that it is about. */
export const factKeywords: { readonly [keyword: string]: 'any' | 'number' | 'string' } = {
  const: 'any',
  enum: 'any',
  minimum: 'number',
  maximum: 'number',
  exclusiveMinimum: 'number',
  exclusiveMaximum: 'number',
  pattern: 'string',
};
