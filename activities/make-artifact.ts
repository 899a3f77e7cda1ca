import { Validator } from '@cfworker/json-schema';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import { Facts } from '../contracts/artifact.ts';
import type { Reference, Version } from '../contracts/artifact.ts';
import {
  composeVersion,
  elementFactsAtMost,
  elementSchema,
  findCollectionFault,
} from '../contracts/collection.ts';
import type { Made } from '../contracts/collection.ts';
import type { ManifestTask } from '../contracts/manifest.ts';
import type { ArtifactContent } from '../contracts/ports.ts';
import { describeFault } from '../contracts/describe-fault.ts';
import type { Json, JsonSchema } from '../contracts/json.ts';
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

/** What was made, as it is referred to once its contents are stored. */
export function referTo(made: Made[], stored: Reference[]): Reference[] {
  let next = 0;
  return made.map((one) => {
    if ('content' in one) return stored[next++]!;
    const elements = [...one.elements.keys()].map((key) => [key, stored[next++]!] as const);
    const bytes = elements.reduce((sum, [, reference]) => sum + reference.bytes, 0);
    return { name: one.name, mediaType: 'application/json', bytes, ...composeVersion(elements) };
  });
}

/** What an artifact is called in the record: `quote/M8` for the element's own. */
export function nameOfElement(artifact: string, element: string | undefined): string {
  return element === undefined ? artifact : `${artifact}/${element}`;
}

/** What travels of a reference: no place, no size. */
export function versionOf({ digest, facts, elements }: Reference): Version {
  return { digest, facts, ...(elements && { elements }) };
}

/** An agent's value as it is to be stored: of the form that the manifest declares, with its facts. `element`: whose it is. */
export function makeArtifact(
  implementation: AgentImplementation,
  name: string,
  value: unknown,
  declared: ManifestTask['produces'][string],
  element?: string,
): Made {
  const { schema, facts, collection } = declared;
  if (!collection) {
    const most = element === undefined ? factsAtMost : elementFactsAtMost;
    return { name, content: makeContent(implementation, name, name, value, declared, most) };
  }
  const fault = findCollectionFault((value ?? null) as Json);
  if (fault) throw toFailure('Agent.InvalidOutput', `${name}: ${fault}.`, { name });
  // Of the whole: which keys there may be, and which there have to be.
  check(JSON.parse(toText(value, name)), schema, 'Agent.InvalidOutput', name);
  const one = { schema: elementSchema(schema) ?? {}, ...(facts && { facts }) };
  const elements = Object.entries(value as { [key: string]: unknown }).map(
    ([key, it]) =>
      [key, makeContent(implementation, name, `${name}/${key}`, it, one, elementFactsAtMost)] as const,
  );
  return { name, elements: new Map(elements) };
}

function makeContent(
  implementation: AgentImplementation,
  artifact: string,
  name: string,
  value: unknown,
  declared: ManifestTask['produces'][string],
  most: number,
): ArtifactContent {
  if (value === undefined) {
    throw toFailure('Agent.InvalidOutput', `${implementation.agent.name} ended without ${name}.`, { name });
  }
  const text = toText(value, name);
  const kept = JSON.parse(text) as Json;
  check(kept, declared.schema, 'Agent.InvalidOutput', name);
  // Of what is kept: an attempt that reads it back has to come to the same facts.
  const facts = readFacts(implementation, artifact, kept);
  const small = Facts.safeParse(facts);
  if (!small.success) {
    throw toFailure(
      'Agent.InvalidFacts',
      `The facts of ${name} are not numbers, strings, booleans or null.`,
      { name },
    );
  }
  const fit = checkText(small.data, name, most);
  if (declared.facts) check(fit, declared.facts, 'Agent.InvalidFacts', `the facts of ${name}`);
  return {
    name,
    mediaType: 'application/json',
    content: new Uint8Array(Buffer.from(text)),
    facts: fit,
  };
}

function checkText(facts: Facts, name: string, most: number): Facts {
  if (!isWellFormed(facts)) {
    throw toFailure('Agent.InvalidFacts', `A text in the facts of ${name} holds half a surrogate pair.`, {
      name,
    });
  }
  const bytes = Buffer.byteLength(JSON.stringify(facts));
  if (bytes > most) {
    throw toFailure('Agent.InvalidFacts', `The facts of ${name} have ${bytes} bytes, and may have ${most}.`, {
      name,
    });
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
