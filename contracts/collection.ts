import type { Version } from './artifact.ts';
import type { ArtifactContent } from './ports.ts';
import { digestOf } from './json.ts';
import type { Json, JsonSchema } from './json.ts';

/** Elements that a collection may have: each is in the run's state, in its history, and in what travels between. */
export const elementsAtMost = 1000;

/** Bytes that the facts of one element may have: those of all of them travel together. */
export const elementFactsAtMost = 2000;

/** Characters that an element's key may have: it is part of names that people read and type. */
export const keyAtMost = 100;

/** What an artifact is kept as: one content, or those of its elements by key. */
export type Made =
  | { name: string; content: ArtifactContent }
  | { name: string; elements: Map<string, ArtifactContent> };

/** All contents of what was made, one after another. */
export function contentsOf(made: Made[]): ArtifactContent[] {
  return made.flatMap((one) => ('content' in one ? [one.content] : [...one.elements.values()]));
}

/** The version of a collection whose elements are kept one by one; their order is no part of it. */
export function composeVersion(elements: Iterable<readonly [string, Version]>): Version {
  const made: NonNullable<Version['elements']> = Object.fromEntries(
    Array.from(elements, ([key, { digest, facts }]) => [key, { digest, facts }]),
  );
  return { digest: digestOf(made), facts: {}, elements: made };
}

/** Why a value can't be a collection; null where it can. */
export function findCollectionFault(value: Json): string | null {
  if (typeof value !== 'object' || value === null || !isPlain(value))
    return 'it is no record of elements by key';
  const keys = Object.keys(value);
  if (keys.length > elementsAtMost) return `it has ${keys.length} elements, and may have ${elementsAtMost}`;
  const strange = keys.find((key) => !isElementKey(key));
  if (strange === undefined) return null;
  return `its key ${JSON.stringify(strange.slice(0, keyAtMost))} is empty, too long (${keyAtMost} characters), or not of readable characters`;
}

/** A map or a date has no members to go over, and would pass for a collection without elements. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isElementKey(key: string): boolean {
  return key !== '__proto__' && key.trim() === key && key.length <= keyAtMost && /^[^\p{C}]+$/u.test(key);
}

/** The schema of a collection's elements; undefined where the schema is no record's. */
export function elementSchema(schema: JsonSchema): JsonSchema | undefined {
  const { type, additionalProperties: element, properties } = schema;
  const isRecord =
    type === 'object' && properties === undefined && typeof element === 'object' && element !== null;
  if (!isRecord || Array.isArray(element)) return undefined;
  const { $defs: definitions } = schema;
  return { ...element, ...(definitions !== undefined && { $defs: definitions }) };
}
