import type { Lineage, Reference, Version } from './artifact.ts';
import type { CheckpointKind, Verb } from './checkpoint.ts';
import type { Json, JsonObject } from './json.ts';

/** Who acted, as the door that signed it vouches. */
export interface Actor {
  person: string;
  roles: string[];
  /** Fingerprint of the door's key. */
  door: string;
}

export interface Question {
  /** LangGraph's interrupt id. */
  id: string;
  prompt: Json;
  /** JSON Schema of the answer, where the agent gives one. */
  answer?: JsonObject;
}

export interface TaskFailure {
  /** A row of the failures table, or the agent's own type. */
  type: string;
  message: string;
}

export type TaskEnd =
  | { kind: 'done'; artifacts: { [artifact: string]: Version } }
  | { kind: 'asks'; questions: Question[] }
  | { kind: 'failed'; failure: TaskFailure };

/** Which brakes are set or lifted: true holds, false lets go. */
export interface BrakeSet {
  pause?: boolean | undefined;
  askAlways?: boolean | undefined;
  agents?: { [agent: string]: boolean } | undefined;
  connectors?: { [connector: string]: boolean } | undefined;
}

/** The brakes of a run as they are. */
export interface Brakes {
  pause: boolean;
  askAlways: boolean;
  /** No task of these starts. */
  agents?: string[];
  /** Nothing is performed through these. */
  connectors?: string[];
}

export type SlotVerb = 'do' | 'amend' | 'undo';

/** One thing that happened in a run. The state of a run is the fold of its outcomes. */
export type Outcome =
  | { type: 'started'; task: string; attempt: number; key: string }
  | { type: 'cancelled'; task: string; attempt: number }
  | {
      type: 'result';
      task: string;
      attempt: number;
      epoch: number;
      end: TaskEnd;
      /** For the record; the fold does not read them. */
      references?: Reference[];
      lineage?: Lineage;
    }
  | {
      type: 'editApplied';
      cell: string;
      base: string;
      delta: Json;
      end: { result: Version } | { failure: TaskFailure };
      reference?: Reference;
    }
  | { type: 'reserved'; slot: string; n: number; verb: SlotVerb; digest: string | null }
  | {
      type: 'effectEnded';
      slot: string;
      n: number;
      verb: SlotVerb;
      /** How many calls were tried before this one: with slot, n and verb it names the record. */
      tries: number;
      end:
        | { kind: 'success'; receipt?: Version }
        | { kind: 'refused'; failure: TaskFailure }
        | { kind: 'uncertain'; failure: TaskFailure };
      reference?: Reference;
    }
  /** What was granted on a basis can be recalled until then (ISO 8601). */
  | { type: 'recallable'; slot: string; basis: string; until: string }
  | { type: 'elapsed'; slot: string; basis: string }
  | ({ type: 'decision'; at: string } & DecisionMade)
  | ({ type: 'amend'; id: string; field: string; replaces: string; version: Version; at: string } & {
      by: Actor;
    })
  | ({
      type: 'supply';
      id: string;
      task: string;
      key: string;
      artifacts: { [artifact: string]: Version };
      at: string;
    } & { by: Actor })
  | { type: 'invalidate'; id: string; task: string; by: Actor; at: string }
  | { type: 'recall'; id: string; slot: string; by: Actor; at: string }
  | { type: 'cancel'; id: string; undo: boolean; by: Actor; at: string }
  | {
      type: 'brake';
      id: string;
      set: BrakeSet;
      by: Actor;
      at: string;
      reason?: string;
      /** For the record; the fold does not read them. */
      before?: Brakes;
      after?: Brakes;
    }
  | { type: 'trust'; id: string; add: string[]; retire: string[]; by: Actor; at: string }
  | { type: 'close'; to: 'finished' | 'cancelled' | 'stopped' | 'rejected' };

export interface DecisionMade {
  id: string;
  checkpoint: string;
  kind: CheckpointKind;
  basis: string;
  round: number;
  /** What the person signed: `decisionDigest`. */
  digest: string;
  verb: Verb;
  by: Actor;
  /** `edit`: the delta. */
  delta?: Json;
  /** `changes` and `redo`: to which agent or task, which fields, which inputs, in which words. */
  changes?: { task: string; fields: JsonObject; inputs?: { [field: string]: Version }; words?: string };
  /** `answer`. */
  answer?: Json;
  /** `supply`. */
  artifacts?: { [artifact: string]: Version };
  /** `reject` and `stop`: whether done slots are undone. */
  undo?: boolean;
  reason?: string;
}

export type OutcomeOf<T extends Outcome['type']> = Extract<Outcome, { type: T }>;

/** What makes an outcome's record idempotent: its number in its epoch, or what only one activity can say of it. */
export function recordId(outcome: Outcome, epoch: number, seq: number): string {
  if (outcome.type === 'effectEnded')
    return `effect:${outcome.slot}:${outcome.n}:${outcome.verb}:${outcome.tries}`;
  if (outcome.type === 'close') return `close:${epoch}`;
  return `${epoch}:${seq}`;
}
