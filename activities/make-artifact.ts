import { Validator } from '@cfworker/json-schema';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import { Facts } from '../contracts/artifact.ts';
import type { ManifestTask } from '../contracts/manifest.ts';
import type { ArtifactContent } from '../contracts/ports.ts';
import { describeFault } from '../contracts/describe-fault.ts';
import type { JsonSchema } from '../contracts/json.ts';
import { canonicalJson } from '../contracts/json.ts';
import { toFailure } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';
import { isWellFormed } from '../contracts/well-formed.ts';

/** Bytes that the facts of one artifact may have: they travel with the state of the run. */
const factsAtMost = 16_000;

function check(value: unknown, schema: JsonSchema, type: FailureType, name: string): void {
  const result = new Validator(schema, '2020-12', true).validate(value);
  if (result.valid) return;
  throw toFailure(type, `${name}: ${describeFault(result.errors, schema)}`, { name });
}

/** An agent's value as content to store: of the form that the manifest declares, with its facts. */
export function makeArtifact(
  implementation: AgentImplementation,
  name: string,
  value: unknown,
  declared: ManifestTask['produces'][string],
): ArtifactContent {
  if (value === undefined) {
    throw toFailure('Agent.InvalidOutput', `${implementation.agent.name} ended without ${name}.`, { name });
  }
  const text = toText(value, name);
  check(JSON.parse(text), declared.schema, 'Agent.InvalidOutput', name);
  const facts = readFacts(implementation, name, value);
  const small = Facts.safeParse(facts);
  if (!small.success) {
    throw toFailure(
      'Agent.InvalidFacts',
      `The facts of ${name} are not numbers, strings, booleans or null.`,
      { name },
    );
  }
  const fit = checkText(small.data, name);
  if (declared.facts) check(fit, declared.facts, 'Agent.InvalidFacts', `the facts of ${name}`);
  return {
    name,
    mediaType: 'application/json',
    content: new Uint8Array(Buffer.from(text)),
    facts: fit,
  };
}

function checkText(facts: Facts, name: string): Facts {
  if (!isWellFormed(facts)) {
    throw toFailure('Agent.InvalidFacts', `A text in the facts of ${name} holds half a surrogate pair.`, {
      name,
    });
  }
  const bytes = Buffer.byteLength(JSON.stringify(facts));
  if (bytes > factsAtMost) {
    throw toFailure(
      'Agent.InvalidFacts',
      `The facts of ${name} have ${bytes} bytes, and may have ${factsAtMost}.`,
      { name },
    );
  }
  return facts;
}

function readFacts(
  { facts }: AgentImplementation,
  name: string,
  value: unknown,
): { [fact: string]: unknown } {
  try {
    return facts[name]?.(value as never) ?? {};
  } catch (cause) {
    const message = `The facts of ${name} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw toFailure('Agent.InvalidFacts', message, { name, cause });
  }
}

function toText(value: unknown, name: string): string {
  try {
    return canonicalJson(value);
  } catch (cause) {
    throw toFailure(
      'Agent.InvalidOutput',
      `${name} has no JSON form (a NaN, a BigInt, a cycle, half a surrogate pair?).`,
      {
        name,
        cause,
      },
    );
  }
}
