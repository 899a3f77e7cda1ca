import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { Chosen } from './decide-dialogue.ts';

/** Approves what may be approved; a question gets the stated answer, or the first that its schema lists. */
export function scriptedDecision(checkpoint: Checkpoint, answers: JsonObject): Chosen {
  if (checkpoint.kind !== 'question')
    return { verb: checkpoint.offers.find((one) => one === 'approve' || one === 'leave') ?? 'stop' };
  const stated = checkpoint.task === undefined ? undefined : answers[checkpoint.task];
  return { verb: 'answer', answer: stated ?? firstAnswer(checkpoint.accepts.answer ?? {}) };
}

/** The first value that a schema lists, member by member. */
export function firstAnswer(schema: JsonObject): Json {
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null;
  if (schema['const'] !== undefined) return schema['const'];
  if (schema['default'] !== undefined) return schema['default'];
  for (const choice of ['anyOf', 'oneOf']) {
    if (Array.isArray(schema[choice]) && schema[choice][0])
      return firstAnswer(schema[choice][0] as JsonObject);
  }
  if (schema['type'] === 'object') {
    const required = (schema['required'] ?? []) as string[];
    const properties = (schema['properties'] ?? {}) as { [member: string]: JsonObject };
    return Object.fromEntries(required.map((member) => [member, firstAnswer(properties[member] ?? {})]));
  }
  const { type } = schema;
  return typeof type === 'string' ? (emptyValues[type] ?? null) : null;
}

const emptyValues: { [type: string]: Json } = { boolean: true, number: 0, integer: 0, string: '', array: [] };
