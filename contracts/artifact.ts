import { z } from 'zod';

/** The few small values of an artifact that rules look at. No personal data. */
export const Facts = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));
export type Facts = z.infer<typeof Facts>;

/** One version of an artifact, as the state of a run holds it. A collection's digest is the hash of all its elements. */
export const Version = z.object({
  digest: z.string(),
  facts: Facts,
  elements: z.record(z.string(), z.object({ digest: z.string(), facts: Facts })).optional(),
});
export type Version = z.infer<typeof Version>;

/** What travels instead of content: where the content lies (its digest) and what it is. */
export const Reference = Version.extend({
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int().nonnegative(),
});
export type Reference = z.infer<typeof Reference>;

/** Where a version came from: the task that made it, from what, with which code. */
export interface Lineage {
  task: string;
  attempt: number;
  key: string;
  agent: string;
  agentVersion: string;
  from: { [artifact: string]: string | null };
  /** The run that made it, where its task is a process. */
  run?: string;
  model?: string;
  promptDigest?: string;
}
