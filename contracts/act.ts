import { z } from 'zod';
import { Version } from './artifact.ts';

const Fields = z.record(z.string(), z.json());
const Verbs = z.enum([
  'approve',
  'edit',
  'withdrawEdit',
  'changes',
  'reject',
  'leave',
  'amend',
  'undo',
  'undoThenDo',
  'answer',
  'supply',
  'retry',
  'redo',
  'without',
  'stop',
  'happened',
  'didNot',
]);

const signedBy = {
  /** Minted by the door; also the Update's id, so that clicks on one decision are one Update. */
  id: z.string().min(8).max(200),
  run: z.string(),
  epoch: z.number().int().positive(),
  person: z.string().min(1),
  roles: z.array(z.string()),
  /** ISO 8601. */
  at: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  nonce: z.string().min(16),
};

/** What a door signs: one act of one person on one run. */
export const Act = z.discriminatedUnion('kind', [
  z.strictObject({
    ...signedBy,
    kind: z.literal('decide'),
    checkpoint: z.string(),
    digest: z.string(),
    verb: Verbs,
    delta: z.json().optional(),
    changes: z
      .strictObject({
        task: z.string(),
        fields: Fields,
        inputs: z.record(z.string(), Version).optional(),
        words: z.string().max(10_000).optional(),
      })
      .optional(),
    answer: z.json().optional(),
    artifacts: z.record(z.string(), Version).optional(),
    undo: z.boolean().optional(),
    reason: z.string().max(10_000).optional(),
  }),
  z.strictObject({
    ...signedBy,
    kind: z.literal('amend'),
    field: z.string(),
    replaces: z.string(),
    version: Version,
  }),
  z.strictObject({
    ...signedBy,
    kind: z.literal('supply'),
    task: z.string(),
    key: z.string(),
    artifacts: z.record(z.string(), Version),
  }),
  z.strictObject({ ...signedBy, kind: z.literal('invalidate'), task: z.string() }),
  z.strictObject({ ...signedBy, kind: z.literal('recall'), slot: z.string() }),
  z.strictObject({ ...signedBy, kind: z.literal('cancel'), undo: z.boolean() }),
  z.strictObject({
    ...signedBy,
    kind: z.literal('brake'),
    set: z.strictObject({
      pause: z.boolean().optional(),
      askAlways: z.boolean().optional(),
      agents: z.record(z.string(), z.boolean()).optional(),
      connectors: z.record(z.string(), z.boolean()).optional(),
    }),
    reason: z.string().max(10_000).optional(),
  }),
  z.strictObject({
    ...signedBy,
    kind: z.literal('trust'),
    add: z.array(z.string()),
    retire: z.array(z.string()),
  }),
]);
export type Act = z.infer<typeof Act>;
