import { z } from 'zod';
import type { Json, JsonSchema } from './json.ts';
import type { Manifest, ManifestCheckpoint, ManifestEffect, ManifestTask, Who } from './manifest.ts';
import type { ProcessDefinition } from './define-process.ts';
import type { Authorise, Review } from './process-types.ts';
import { type By, type Maker, readNeed } from './define-agent.ts';
import { toCondition, type When } from './condition.ts';
import type { Effect } from './define-effect.ts';
import { readCollections, type Collections } from './collections-of.ts';
import { convertSchema, isOptional } from './json-schema.ts';
import { digestOf } from './json.ts';

/** The process as plain JSON, from a definition that was checked; its digest is that of all else in it. */
export function deriveManifest(definition: ProcessDefinition): Manifest {
  const { input, amendable = [], personal = [], when = {} } = definition;
  const collections = readCollections(definition);
  const body: Omit<Manifest, 'digest'> = {
    rules: 1,
    name: definition.name,
    inputs: mapValues(input.shape, (schema, field) => ({
      schema: stored(schema),
      optional: isOptional(schema),
      amendable: amendable.includes(field),
      personal: personal.includes(field),
      ...(collections.roots.has(field) && { collection: true as const }),
    })),
    tasks: Object.fromEntries(
      definition.team.map((maker) => [maker.name, toTask(maker, when[maker.name], collections)]),
    ),
    outputs: mapValues(definition.output, (output) => {
      const { schema, optional, whole } = readNeed(output);
      return { schema: stored(whole ? z.record(z.string(), schema) : schema), optional };
    }),
    checkpoints: mapValues(definition.checkpoints ?? {}, toCheckpoint),
    effects: mapValues(definition.effects ?? {}, toEffect),
    planner:
      definition.coordinator?.kind === 'fixed'
        ? { kind: 'fixed', order: [...definition.coordinator.order] }
        : { kind: 'derived' },
    speculative: definition.speculative ?? false,
    owner: toWho(definition.owner ?? 'owner'),
    ...(definition.budget ? { budget: { usd: definition.budget.usd } } : {}),
  };
  return { ...body, digest: digestOf(body) };
}

function toTask(maker: Maker, when: When | undefined, { roots }: Collections): ManifestTask {
  const agent = maker.maker === 'agent' ? maker : undefined;
  return {
    maker: maker.maker,
    version: agent?.version ?? '1',
    needs: mapValues(maker.needs, (value) => {
      const need = readNeed(value);
      return { schema: stored(need.schema), optional: need.optional, whole: need.whole };
    }),
    produces: mapValues(maker.produces, (schema, artifact) => {
      const facts = agent?.facts[artifact];
      return {
        schema: stored(schema),
        ...(facts ? { facts: stored(facts) } : {}),
        ...(roots.has(artifact) && { collection: true as const }),
      };
    }),
    // Without fields of its own, a request for changes in words alone still has to be possible.
    ...(agent ? { adjust: given(agent.adjust ?? z.object({})) } : {}),
    ...(when ? { when: toCondition(when) } : {}),
    ...(agent?.each ? { each: { over: agent.each.over, atOnce: agent.each.atOnce } } : {}),
    ...(maker.maker === 'person' ? { by: toWho(maker.by) } : {}),
    durability: agent?.durability ?? 'task',
    timeout: agent?.timeout ?? 60_000,
    heartbeat: agent?.heartbeat ?? 30_000,
    tries: agent?.tries ?? 1,
    isolate: agent?.isolate ?? false,
    ...(agent?.process && { process: agent.process }),
  };
}

function toCheckpoint(checkpoint: Review | Authorise): ManifestCheckpoint {
  const common = {
    by: toWho(checkpoint.by),
    fourEyes: checkpoint.fourEyes,
    ...(checkpoint.when ? { when: toCondition(checkpoint.when) } : {}),
  };
  if (checkpoint.kind === 'authorise') return { kind: 'authorise', effect: checkpoint.effect, ...common };
  return {
    kind: 'review',
    of: checkpoint.of,
    ...common,
    ...(checkpoint.editable ? { editable: given(checkpoint.editable) } : {}),
    onReject: checkpoint.onReject,
  };
}

function toEffect(effect: Effect): ManifestEffect {
  return {
    subjects: [...effect.subjects],
    connector: effect.connector,
    destination: copy(effect.destination),
    arguments: copy(effect.arguments),
    consequences: effect.consequences,
    ...(effect.receipt === undefined ? {} : { receipt: effect.receipt }),
    amendable: effect.amendable,
    undoable: effect.undoable,
    ...(effect.undoBy === undefined ? {} : { undoBy: toWho(effect.undoBy) }),
    timeout: effect.timeout,
    ...(effect.when ? { when: toCondition(effect.when) } : {}),
    each: effect.each,
    recall: effect.recall,
  };
}

/** Who is meant by a role's name or a person. */
export function toWho(by: By): Who {
  if (typeof by === 'string') return { role: by };
  return 'role' in by ? { role: by.role } : { person: by.person };
}

/** Schema of a value as it lies in the store. */
function stored(schema: z.core.$ZodType): JsonSchema {
  return convertSchema(schema as z.ZodType, 'output').schema;
}

/** Schema of what a person gives: what has a default may be left out. */
function given(schema: z.ZodType): JsonSchema {
  return convertSchema(schema, 'input').schema;
}

function copy(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function mapValues<A, B>(
  from: { readonly [key: string]: A },
  change: (value: A, key: string) => B,
): { [key: string]: B } {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value, key)]));
}
