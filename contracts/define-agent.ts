import type { Duration } from '@temporalio/common';
import type { z } from 'zod';
import type { ManifestTask, NestedProcess, Who } from './manifest.ts';
import { readDuration } from './duration.ts';
import { refuseUnknownOptions } from './process-fault.ts';

/** Who may decide: a role's name, or one person. */
export type By = string | Who;

/** A need that says more than its schema. */
export interface Need<
  Schema extends z.ZodType = z.ZodType,
  Optional extends boolean = boolean,
  Whole extends boolean = boolean,
> {
  readonly need: true;
  readonly schema: Schema;
  readonly optional: Optional;
  readonly whole: Whole;
}

export type Needs = { [artifact: string]: z.ZodType | Need };
export type Schemas = { [artifact: string]: z.ZodType };
/** By produced artifact: the few values that rules look at (numbers, strings, booleans, null). */
export type FactSchemas = { [artifact: string]: z.ZodObject };

/** What an agent is, without its graph: workflow code and other processes may import it. */
export interface Agent<
  Name extends string = string,
  N extends Needs = Needs,
  P extends Schemas = Schemas,
  F extends FactSchemas = FactSchemas,
  A extends z.ZodObject = z.ZodObject,
  Over extends string = string,
> {
  readonly maker: 'agent';
  readonly name: Name;
  readonly version: string;
  readonly needs: N;
  readonly produces: P;
  readonly facts: F;
  readonly adjust: A | undefined;
  readonly durability: ManifestTask['durability'];
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds. */
  readonly heartbeat: number;
  readonly tries: number;
  readonly each: { readonly over: Over; readonly atOnce: number } | undefined;
  readonly isolate: boolean;
  /** Of a process that is an agent of another: `processAgent`. */
  readonly process?: NestedProcess;
}

/** An artifact that a person supplies at an `input` checkpoint. */
export interface PersonTask<
  Name extends string = string,
  N extends Needs = Needs,
  P extends Schemas = Schemas,
> {
  readonly maker: 'person';
  readonly name: Name;
  readonly needs: N;
  readonly produces: P;
  readonly by: By;
}

/** An artifact that another system hands in with `client.provide`. */
export interface OutsideTask<Name extends string = string, P extends Schemas = Schemas> {
  readonly maker: 'outside';
  readonly name: Name;
  readonly needs: Record<never, never>;
  readonly produces: P;
}

/** Whoever makes artifacts in a process. */
export type Maker = Agent | PersonTask | OutsideTask;

type Flat<T> = { [K in keyof T]: T[K] };

type NeedValue<N> =
  N extends Need<infer Schema, infer Optional, infer Whole>
    ? | (Whole extends true ? { [key: string]: z.output<Schema> } : z.output<Schema>)
      | (Optional extends true ? undefined : never)
    : N extends z.ZodType
      ? z.output<N>
      : never;

/** Values by need, as a graph receives them. */
export type NeedValues<N extends Needs> = { [Name in keyof N]: NeedValue<N[Name]> };

/**
 * What an agent's graph starts from: its needs by name, what requests for changes have set
 * (`adjust`, parsed by the agent's schema, so that defaults are filled in), and their words. An agent that runs once an
 * element is given that element of what it goes over, and its key as `element`.
 */
export type AgentInput<T extends Agent> = Flat<
  NeedValues<T['needs']> & {
    adjust: z.output<NonNullable<T['adjust']>>;
    words?: string | undefined;
  } & ([OverOf<T>] extends [never] ? unknown : { element: string })
>;

/** The need over whose elements an agent runs; never where it runs once. */
export type OverOf<T> = T extends { each: infer Each }
  ? NonNullable<Each> extends { over: infer Over }
    ? Over
    : never
  : never;

/** The artifacts that an agent's graph leaves in its final state, by name. */
export type AgentOutput<T extends { produces: Schemas }> = {
  [Name in keyof T['produces']]: z.output<T['produces'][Name]>;
};

/** By artifact that declares facts: its facts. */
export type AgentFacts<T extends Agent> = { [Name in keyof T['facts']]: z.output<T['facts'][Name]> };

export interface AgentDefinition<
  Name extends string,
  N extends Needs,
  P extends Schemas,
  F extends FactSchemas,
  A extends z.ZodObject,
  Over extends string,
> {
  name: Name;
  /** Goes into the lineage of what it makes; '1' unless given. */
  version?: string;
  /** By artifact name; input fields are artifacts too. */
  needs: N;
  produces: P;
  facts?: F & {
    [Artifact in Exclude<keyof F, keyof P>]: `'${Artifact & string}' is not among what this agent produces`;
  };
  /** What a request for changes may set; each field is optional or has a default. */
  adjust?: A;
  /**
   * 'task' unless given: an attempt is an activity. 'step': each superstep of its graph is one, with the timeout and
   * the tries of its own. 'local': it runs within the run's own workflow task, which costs a
   * run less; for what ends within a second or two, calls no model and asks nobody.
   */
  durability?: ManifestTask['durability'];
  /** How long one attempt may take: '10 minutes' unless given, '10 seconds' if 'local'. A number is milliseconds. */
  timeout?: Duration;
  /** After how long without a sign of life an attempt counts as dead: '30 seconds' unless given. */
  heartbeat?: Duration;
  /** Attempts before a person is asked: 3 unless given. */
  tries?: number;
  /** Runs once per element of this need, at most `atOnce` at a time (8 unless given); the need's schema is an element's. */
  each?: { over: Over & Extract<keyof N, string>; atOnce?: number };
  /** Each attempt runs in a workflow of its own; not with durability 'local'. */
  isolate?: boolean;
}

/** Declares a specialist: what it needs and makes; `implementAgent` gives it its graph. */
export function defineAgent<
  const Name extends string,
  N extends Needs,
  P extends Schemas,
  F extends FactSchemas = Record<never, never>,
  A extends z.ZodObject = z.ZodObject<Record<never, never>>,
  const Over extends string = never,
  // Inferred from what is written alone: where an agent stands in a list, the list must not widen it.
>(
  definition: AgentDefinition<Name, N, P, F, A, Over>,
): Agent<Name, N, P, NoInfer<F>, NoInfer<A>, NoInfer<Over>> {
  refuseUnknownOptions(`agent '${definition.name}'`, definition, agentOptions);
  const { name, each } = definition;
  return {
    maker: 'agent',
    name,
    version: definition.version ?? '1',
    needs: definition.needs,
    produces: definition.produces,
    facts: definition.facts ?? ({} as F),
    adjust: definition.adjust,
    durability: definition.durability ?? 'task',
    timeout: readDuration(
      definition.timeout ?? (definition.durability === 'local' ? '10 seconds' : '10 minutes'),
      `agent '${name}', timeout`,
    ),
    heartbeat: readDuration(definition.heartbeat ?? '30 seconds', `agent '${name}', heartbeat`),
    tries: definition.tries ?? 3,
    each: each && { over: each.over, atOnce: each.atOnce ?? 8 },
    isolate: definition.isolate ?? false,
  };
}

const agentOptions = [
  'name',
  'version',
  'needs',
  'produces',
  'facts',
  'adjust',
  'durability',
  'timeout',
  'heartbeat',
  'tries',
  'each',
  'isolate',
];

/** A need that may be absent: the graph gets undefined then. */
export function optional<S extends z.ZodType>(need: S): Need<S, true, false>;
export function optional<S extends z.ZodType, W extends boolean>(need: Need<S, boolean, W>): Need<S, true, W>;
export function optional(need: z.ZodType | Need): Need {
  return { ...readNeed(need), optional: true };
}

/** All elements of a collection at once, by their keys, where an element by itself would be given. */
export function whole<S extends z.ZodType>(need: S): Need<S, false, true>;
export function whole<S extends z.ZodType, O extends boolean>(need: Need<S, O>): Need<S, O, true>;
export function whole(need: z.ZodType | Need): Need {
  return { ...readNeed(need), whole: true };
}

/** A need in its full form. */
export function readNeed(need: z.ZodType | Need): Need {
  return typeof need === 'object' && need !== null && 'need' in need
    ? need
    : { need: true, schema: need, optional: false, whole: false };
}
