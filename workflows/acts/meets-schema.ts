import { Validator } from '@cfworker/json-schema';
import type { Json, JsonSchema } from '../../contracts/json.ts';

// Keyed by identity: a manifest's schemas are the same objects as long as a run lives in this worker.
const validators = new WeakMap<JsonSchema, Validator>();

/** Null if the value meets the schema, else where and why it does not. */
export function whyNot(value: Json | undefined, schema: JsonSchema): string | null {
  let validator = validators.get(schema);
  if (!validator) {
    validator = new Validator(schema, '2020-12', true);
    validators.set(schema, validator);
  }
  const result = validator.validate(value);
  if (result.valid) return null;
  const last = result.errors.at(-1);
  return last
    ? `${last.instanceLocation.replace(/^#/, '') || '/'}: ${last.error}`
    : 'does not meet its schema';
}
