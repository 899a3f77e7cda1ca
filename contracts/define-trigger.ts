import type { Json } from './json.ts';
import { toFailure } from './failures.ts';
import { refuseUnknownOptions } from './process-fault.ts';
import type { Process, ProcessInput } from './process-types.ts';

/** What of a message becomes an input field or a supplied artifact: by field, a JSON pointer into it. */
export type Pointers = { readonly [field: string]: string };

/** A message from outside that starts a run. */
export interface Trigger {
  readonly process: Process;
  /** Environment variables with the secrets that may have signed it: the present one, and the former one for a while. */
  readonly secrets: readonly string[];
  readonly input: Pointers | ((message: Json) => unknown);
  readonly supplied: Pointers;
}

/** Declares how a signed message starts a run of a process. Throws `Process.Invalid` for pointers that are none. */
export function defineTrigger<P extends Process>(definition: {
  process: P;
  /** The name of the environment variable with the secret; two while a secret is being replaced. */
  secret: string | readonly [string, string];
  input: { readonly [Field in keyof ProcessInput<P>]?: string } | ((message: Json) => ProcessInput<P>);
  /** Artifacts that the message hands in, by JSON pointer. */
  supplied?: Pointers;
}): Trigger {
  refuseUnknownOptions('trigger', definition, ['process', 'secret', 'input', 'supplied']);
  const { process, secret, input, supplied = {} } = definition;
  const pointers = { ...(typeof input === 'function' ? {} : (input as Pointers)), ...supplied };
  for (const [field, pointer] of Object.entries(pointers)) {
    if (/^(?:\/(?:[^~/]|~[01])*)*$/.test(pointer)) continue;
    throw toFailure(
      'Process.Invalid',
      `The trigger of ${process.name}: ${field}: ${JSON.stringify(pointer)} is no JSON pointer, such as /data/amount.`,
      { name: field },
    );
  }
  const secrets = typeof secret === 'string' ? [secret] : [...secret];
  return { process, secrets, input: input as Trigger['input'], supplied };
}
