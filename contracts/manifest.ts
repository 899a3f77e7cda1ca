import { z } from 'zod';
import type { JsonSchema } from './json.ts';

const Schema = z.record(z.string(), z.json()) as z.ZodType<JsonSchema>;

/** Who may decide: anyone in a role, or one named person. */
export const Who = z.union([z.object({ role: z.string() }), z.object({ person: z.string() })]);
export type Who = z.infer<typeof Who>;

/** A condition: for each artifact, a JSON Schema that its facts must meet; an absent artifact's facts are null. */
export const Condition = z.record(z.string(), Schema);
export type Condition = z.infer<typeof Condition>;

/** Where something goes over its elements: each is kept by itself, with facts of its own. */
const Collection = z.literal(true).optional();

export const ManifestInput = z.object({
  schema: Schema,
  optional: z.boolean(),
  amendable: z.boolean(),
  /** Personal values are never their own facts. */
  personal: z.boolean(),
  collection: Collection,
});
export type ManifestInput = z.infer<typeof ManifestInput>;

/** A process that is another's task: its rules travel with those that it is part of. */
export interface NestedProcess {
  manifest: Manifest;
  /** The artifact that each input field is, and that each output becomes. */
  inputs: { [field: string]: string };
  outputs: { [output: string]: string };
}

export const ManifestTask = z.object({
  /** Who makes it: an agent's graph, a person (an `input` checkpoint), or the outside (`client.provide`). */
  maker: z.enum(['agent', 'person', 'outside']),
  version: z.string(),
  needs: z.record(z.string(), z.object({ schema: Schema, optional: z.boolean(), whole: z.boolean() })),
  produces: z.record(
    z.string(),
    z.object({ schema: Schema, facts: Schema.optional(), collection: Collection }),
  ),
  /** JSON Schema of the fields that a request for changes may set. */
  adjust: Schema.optional(),
  when: Condition.optional(),
  each: z.object({ over: z.string(), atOnce: z.number().int().positive() }).optional(),
  /** For a person's task. */
  by: Who.optional(),
  durability: z.enum(['task', 'step', 'local']),
  /** Milliseconds that one attempt may take, start to close. */
  timeout: z.number().int().positive(),
  /** Milliseconds without a sign of life after which an attempt counts as dead. */
  heartbeat: z.number().int().positive(),
  /** Attempts by Temporal's retries before the task counts as failed. */
  tries: z.number().int().positive(),
  /** Runs in a child workflow. */
  isolate: z.boolean(),
  /** A run of its own does it. */
  process: z.custom<NestedProcess>().optional(),
});
export type ManifestTask = z.infer<typeof ManifestTask>;

export const ManifestReview = z.object({
  kind: z.literal('review'),
  of: z.string(),
  by: Who,
  fourEyes: z.boolean(),
  /** JSON Schema of the delta that an approver may apply. */
  editable: Schema.optional(),
  onReject: z.enum(['close', 'absent']),
  when: Condition.optional(),
});
export const ManifestAuthorise = z.object({
  kind: z.literal('authorise'),
  effect: z.string(),
  by: Who,
  fourEyes: z.boolean(),
  when: Condition.optional(),
});
export const ManifestCheckpoint = z.discriminatedUnion('kind', [ManifestReview, ManifestAuthorise]);
export type ManifestReview = z.infer<typeof ManifestReview>;
export type ManifestAuthorise = z.infer<typeof ManifestAuthorise>;
export type ManifestCheckpoint = z.infer<typeof ManifestCheckpoint>;

export const ManifestEffect = z.object({
  /** The artifacts that it hands to the outside; the first names the elements where it is a collection. */
  subjects: z.array(z.string()).min(1),
  connector: z.string(),
  destination: z.json(),
  arguments: z.json(),
  /** One sentence: what will have happened in the world. */
  consequences: z.string(),
  /** The artifact that its receipt becomes. */
  receipt: z.string().optional(),
  amendable: z.boolean(),
  undoable: z.boolean(),
  /** Who has to agree each time before a closing run takes it back; nobody if left out. */
  undoBy: Who.optional(),
  /** Milliseconds that one call may take; its lease is longer. */
  timeout: z.number().int().positive(),
  when: Condition.optional(),
  each: z.boolean(),
  /** Milliseconds after authorisation in which it can be recalled. */
  recall: z.number().int().nonnegative(),
});
export type ManifestEffect = z.infer<typeof ManifestEffect>;

export const Planner = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('derived') }),
  z.object({ kind: z.literal('fixed'), order: z.array(z.string()) }),
]);
export type Planner = z.infer<typeof Planner>;

/** A process as plain JSON: all that a run needs to know of its rules. It travels in the run's own history. */
export const Manifest = z.object({
  /** The version of the rules that read it. */
  rules: z.literal(1),
  name: z.string(),
  digest: z.string(),
  inputs: z.record(z.string(), ManifestInput),
  /** By agent name. */
  tasks: z.record(z.string(), ManifestTask),
  outputs: z.record(z.string(), z.object({ schema: Schema, optional: z.boolean() })),
  checkpoints: z.record(z.string(), ManifestCheckpoint),
  effects: z.record(z.string(), ManifestEffect),
  planner: Planner,
  /** Tasks may start from versions that are still under review; effects never do. */
  speculative: z.boolean(),
  /** Who may take part in what no checkpoint declares: questions, exceptions, corrections. */
  owner: Who,
  budget: z.object({ usd: z.number().positive() }).optional(),
});
export type Manifest = z.infer<typeof Manifest>;
