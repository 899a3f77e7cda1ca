import { Validator } from '@cfworker/json-schema';
import type { Facts } from '../../contracts/artifact.ts';
import type { JsonSchema } from '../../contracts/json.ts';
import type { Condition } from '../../contracts/manifest.ts';
import type { Cell } from './view.ts';

/** Whether a condition holds, and whether that can still change without an amendment. */
export interface Truth {
  holds: 'yes' | 'no' | 'unknown';
  firm: boolean;
}

export const holdsAlways: Truth = { holds: 'yes', firm: true };

/** Whether a condition over facts holds, by what each of its artifacts is now; an absent one's facts are null. */
export function evaluate(when: Condition | undefined, look: (artifact: string) => Cell): Truth {
  if (when === undefined) return holdsAlways;
  let firm = true;
  let unknown = false;
  let fails = false;
  let failsFirmly = false;
  for (const [artifact, schema] of Object.entries(when)) {
    const cell = look(artifact);
    if (cell.state === 'waiting' || cell.state === 'gated') {
      unknown = true;
      continue;
    }
    if (!meetsSchema(schema, cell.state === 'absent' ? null : cell.version.facts)) {
      fails = true;
      failsFirmly ||= cell.firm;
    }
    firm &&= cell.firm;
  }
  if (fails) return { holds: 'no', firm: failsFirmly };
  return unknown ? { holds: 'unknown', firm: false } : { holds: 'yes', firm };
}

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

function validatorOf(schema: JsonSchema): Validator {
  let validator = validators.get(schema);
  if (!validator) validators.set(schema, (validator = new Validator(schema, '2020-12', true)));
  return validator;
}
