import { hash } from 'node:crypto';
import { Validator } from '@cfworker/json-schema';
import type { Facts, Version } from '../contracts/artifact.ts';
import { describeFault } from '../contracts/describe-fault.ts';
import { composeVersion, contentsOf, elementSchema, findCollectionFault } from '../contracts/collection.ts';
import type { Made } from '../contracts/collection.ts';
import type { Json, JsonObject, JsonSchema } from '../contracts/json.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { Manifest, ManifestInput, ManifestTask } from '../contracts/manifest.ts';
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
function factsOfSupply(
  value: Json,
  declared: ManifestTask['produces'][string],
  name: string,
  type: FailureType,
): Facts {
  const properties = declared.facts?.['properties'];
  if (!declared.facts || !properties || typeof properties !== 'object' || Array.isArray(properties))
    return {};
  const members = value && typeof value === 'object' && !Array.isArray(value) ? value : {};
  const facts = Object.fromEntries(
    Object.keys(properties).flatMap((fact) => (Object.hasOwn(members, fact) ? [[fact, members[fact]]] : [])),
  ) as Facts;
  assertMeets(facts, declared.facts, type, `the facts of ${name}`);
  return facts;
}

const jsonContent = (name: string, value: Json, facts: Facts): ArtifactContent => ({
  name,
  mediaType: 'application/json',
  content: new Uint8Array(Buffer.from(canonicalJson(value))),
  facts,
});

/** A value as it is kept, where it is a collection by element; `factsOf` is given the schema that it is of. */
function keepAs(
  name: string,
  value: Json,
  { schema, collection }: { schema: JsonSchema; collection?: true | undefined },
  type: FailureType,
  factsOf: (value: Json, schema: JsonSchema) => Facts,
): Made {
  if (!collection) return { name, content: jsonContent(name, value, factsOf(value, schema)) };
  const fault = findCollectionFault(value);
  if (fault) throw toFailure(type, `${name}: ${fault}.`, { name });
  const elements = Object.entries(value as JsonObject).map(
    ([key, one]) =>
      [key, jsonContent(`${name}/${key}`, one, factsOf(one, elementSchema(schema) ?? {}))] as const,
  );
  return { name, elements: new Map(elements) };
}

async function keep(store: Pick<Store, 'artifacts'>, made: Made[]): Promise<{ [name: string]: Version }> {
  await store.artifacts.put(contentsOf(made));
  return versionsOf(made);
}

/** Input fields as they go into the store; each is an artifact of its own. */
export function makeInputs(
  values: { [field: string]: Json },
  inputs: { [field: string]: ManifestInput },
  type: FailureType = 'Input.Invalid',
): Made[] {
  return Object.entries(values).map(([field, value]) => {
    const input = inputs[field];
    if (!input) throw toFailure(type, `There is no input field ${field}.`, { name: field });
    const { personal } = input;
    return keepAs(field, value, input, type, (one, schema) => readInputFacts({ schema, personal }, one));
  });
}

/** The versions that these have once their contents are stored, by name. */
export function versionsOf(made: Made[]): { [name: string]: Version } {
  const versionOf = ({ content, facts }: ArtifactContent): Version => ({
    digest: hash('sha256', content),
    facts,
  });
  return Object.fromEntries(
    made.map((one) => {
      if ('content' in one) return [one.name, versionOf(one.content)];
      const elements = [...one.elements].map(([key, content]) => [key, versionOf(content)] as const);
      return [one.name, composeVersion(elements)];
    }),
  );
}

/** Puts input fields that replace others into the store; throws a failure of this type where one is not as declared. */
export async function keepInputs(
  store: Pick<Store, 'artifacts'>,
  values: { [field: string]: Json },
  inputs: { [field: string]: ManifestInput },
  type: FailureType,
): Promise<{ [field: string]: Version }> {
  for (const [field, value] of Object.entries(values)) {
    const input = Object.hasOwn(inputs, field) ? inputs[field] : undefined;
    if (!input?.amendable) throw toFailure(type, `The input ${field} is not amendable.`, { name: field });
    assertMeets(value, input.schema, type, field);
  }
  return keep(store, makeInputs(values, inputs, type));
}

/** Puts artifacts that were handed in into the store, after checking them against what their task declares. */
export async function keepSupply(
  store: Pick<Store, 'artifacts'>,
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
    return keepAs(name, value, declared, 'Decision.InvalidSupply', (one) =>
      factsOfSupply(one, declared, name, 'Decision.InvalidSupply'),
    );
  });
  return keep(store, contents);
}

/** Artifacts that a run is to have from the start, after checking them against what their makers declare. */
export function makeSupplies(
  values: { [artifact: string]: Json },
  { name: process, tasks }: Manifest,
): Made[] {
  const makers = Object.values(tasks);
  return Object.entries(values).map(([name, value]) => {
    const maker = makers.find(({ produces }) => Object.hasOwn(produces, name));
    if (!maker) {
      const known = makers.flatMap(({ produces }) => Object.keys(produces)).join(', ');
      throw toFailure(
        'Input.Invalid',
        `${process} makes no ${name} that could be supplied; it makes ${known}.`,
        {
          name,
        },
      );
    }
    const declared = maker.produces[name]!;
    // What is made element by element is handed in as a record of them.
    const kept = maker.each
      ? { schema: { type: 'object', additionalProperties: declared.schema }, collection: true as const }
      : declared;
    assertMeets(value, kept.schema, 'Input.Invalid', name);
    return keepAs(name, value, kept, 'Input.Invalid', (one) =>
      factsOfSupply(one, declared, name, 'Input.Invalid'),
    );
  });
}
