import { Validator } from '@cfworker/json-schema';
import type { Facts } from '../../contracts/artifact.ts';
import { describeFault } from '../../contracts/describe-fault.ts';
import type { Json, JsonSchema } from '../../contracts/json.ts';

// Keyed by identity: a manifest's schemas are the same objects as long as a run lives in this worker.
const validators = new WeakMap<JsonSchema, Validator>();
const verdicts = new WeakMap<JsonSchema, WeakMap<Facts, boolean>>();

/** Whether a value meets a JSON Schema. */
export function meetsSchema(schema: JsonSchema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return validatorOf(schema).validate(value).valid;
  let known = verdicts.get(schema);
  if (!known) verdicts.set(schema, (known = new WeakMap()));
  let valid = known.get(value as Facts);
  if (valid === undefined) known.set(value as Facts, (valid = validatorOf(schema).validate(value).valid));
  return valid;
}

/** Null if the value meets the schema, else where and why it does not. */
export function whyNot(value: Json | undefined, schema: JsonSchema): string | null {
  const result = validatorOf(schema).validate(value);
  return result.valid ? null : describeFault(result.errors, schema);
}

function validatorOf(schema: JsonSchema): Validator {
  let validator = validators.get(schema);
  if (!validator) validators.set(schema, (validator = new Validator(schema, '2020-12', true)));
  return validator;
}
