import { hash } from 'node:crypto';
import { Validator } from '@cfworker/json-schema';
import type { Facts, Version } from '../contracts/artifact.ts';
import { describeFault } from '../contracts/describe-fault.ts';
import type { Json, JsonSchema } from '../contracts/json.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { ManifestInput, ManifestTask } from '../contracts/manifest.ts';
import type { ArtifactContent, Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import type { FailureType } from '../contracts/failures.ts';
import { readInputFacts } from '../contracts/input-facts.ts';

/** Throws a failure of this type, with the place and the reason, unless the value meets the schema. */
export function assertMeets(value: unknown, schema: JsonSchema, type: FailureType, name: string): void {
  const result = new Validator(schema, '2020-12', true).validate(value);
  if (result.valid) return;
  throw toFailure(type, `${name}: ${describeFault(result.errors, schema)}`, { name });
}

/** Facts of an artifact that a person or another system hands in: the members of its value that its schema of facts names. */
function factsOfSupply(value: Json, declared: ManifestTask['produces'][string], name: string): Facts {
  const properties = declared.facts?.['properties'];
  if (!declared.facts || !properties || typeof properties !== 'object' || Array.isArray(properties))
    return {};
  const members = value && typeof value === 'object' && !Array.isArray(value) ? value : {};
  const facts = Object.fromEntries(
    Object.keys(properties).flatMap((fact) => (Object.hasOwn(members, fact) ? [[fact, members[fact]]] : [])),
  ) as Facts;
  assertMeets(facts, declared.facts, 'Decision.InvalidSupply', `the facts of ${name}`);
  return facts;
}

const jsonContent = (name: string, value: Json, facts: Facts): ArtifactContent => ({
  name,
  mediaType: 'application/json',
  content: new Uint8Array(Buffer.from(canonicalJson(value))),
  facts,
});

async function keep(store: Store, contents: ArtifactContent[]): Promise<{ [name: string]: Version }> {
  await store.artifacts.put(contents);
  return versionsOf(contents);
}

/** Input fields as they go into the store; each is an artifact of its own. */
export function makeInputs(
  values: { [field: string]: Json },
  inputs: { [field: string]: ManifestInput },
): ArtifactContent[] {
  return Object.entries(values).map(([field, value]) => {
    const input = inputs[field];
    if (!input) throw toFailure('Input.Invalid', `There is no input field ${field}.`, { name: field });
    return jsonContent(field, value, readInputFacts(input, value));
  });
}

/** The versions that these contents have once they are stored, by name. */
export function versionsOf(contents: ArtifactContent[]): { [name: string]: Version } {
  return Object.fromEntries(
    contents.map(({ name, content, facts }) => [name, { digest: hash('sha256', content), facts }]),
  );
}

/** Puts input fields that replace others into the store; throws a failure of this type where one is not as declared. */
export async function keepInputs(
  store: Store,
  values: { [field: string]: Json },
  inputs: { [field: string]: ManifestInput },
  type: FailureType,
): Promise<{ [field: string]: Version }> {
  for (const [field, value] of Object.entries(values)) {
    const input = Object.hasOwn(inputs, field) ? inputs[field] : undefined;
    if (!input?.amendable) throw toFailure(type, `The input ${field} is not amendable.`, { name: field });
    assertMeets(value, input.schema, type, field);
  }
  return keep(store, makeInputs(values, inputs));
}

/** Puts artifacts that were handed in into the store, after checking them against what their task declares. */
export async function keepSupply(
  store: Store,
  values: { [artifact: string]: Json },
  task: ManifestTask,
): Promise<{ [artifact: string]: Version }> {
  const contents = Object.entries(values).map(([name, value]) => {
    const declared = Object.hasOwn(task.produces, name) ? task.produces[name] : undefined;
    if (!declared) {
      const known = Object.keys(task.produces).join(', ');
      throw toFailure('Decision.InvalidSupply', `${name} is not among ${known}.`, { name });
    }
    assertMeets(value, declared.schema, 'Decision.InvalidSupply', name);
    return jsonContent(name, value, factsOfSupply(value, declared, name));
  });
  return keep(store, contents);
}
