import type { Facts, Version } from './artifact.ts';
import type { Json, JsonSchema } from './json.ts';
import type { Who } from './manifest.ts';
import { digestOf } from './json.ts';

export type CheckpointKind = 'review' | 'authorise' | 'correction' | 'question' | 'input' | 'exception';

export type Verb =
  | 'approve'
  | 'edit'
  | 'withdrawEdit'
  | 'changes'
  | 'reject'
  | 'leave'
  | 'amend'
  | 'undo'
  | 'undoThenDo'
  | 'answer'
  | 'supply'
  | 'retry'
  | 'redo'
  | 'without'
  | 'stop'
  | 'happened'
  | 'didNot';

/** A point where a person decides, as `next` computes it; its basis covers everything under `shown`. */
export interface Checkpoint {
  /** Stable within a run while the same thing is asked: kind, name, and cell, task or slot. */
  id: string;
  kind: CheckpointKind;
  /** The declared name, or the task's or effect's name where none is declared. */
  name: string;
  /** What it is about. */
  cell?: string;
  task?: string;
  slot?: string;
  basis: string;
  /** How many decisions were taken on this basis before. */
  round: number;
  offers: Verb[];
  by: Who;
  fourEyes: boolean;
  /** JSON Schema of what may come with a verb: `edit` a delta, `changes` fields by task, `answer` a value, `supply` artifacts. */
  accepts: {
    edit?: JsonSchema;
    changes?: { [task: string]: JsonSchema };
    answer?: JsonSchema;
    supply?: { [artifact: string]: JsonSchema };
    /** Inputs that a request for changes may set beside its fields. */
    inputs?: { [field: string]: JsonSchema };
  };
  /** All that the person is shown and that the basis is the hash of. */
  shown: Shown;
}

export interface Shown {
  subjects: { [artifact: string]: { digest: string; facts: Facts } | null };
  effect?: {
    name: string;
    connector: string;
    destination: Json;
    arguments: Json;
    consequences: string;
    n: number;
    /** What the slot already holds. */
    filled?: string;
  };
  /** An earlier edit or supply that no longer fits, offered again. */
  lapsed?: Version;
  /** An edit asked for, with the result that approving would make. */
  draft?: { delta: Json; result?: Version; by: string; failure?: string };
  question?: Json;
  failure?: { type: string; message: string };
  policy: { by: Who; fourEyes: boolean };
}

/** What a decision is bound to; another digest is refused. */
export function decisionDigest(
  run: string,
  epoch: number,
  checkpoint: Pick<Checkpoint, 'id' | 'basis' | 'round'>,
): string {
  return digestOf({
    run,
    epoch,
    checkpoint: checkpoint.id,
    basis: checkpoint.basis,
    round: checkpoint.round,
  });
}
