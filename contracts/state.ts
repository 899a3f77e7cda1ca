import type { Version } from './artifact.ts';
import type { Checkpoint, CheckpointKind, Verb } from './checkpoint.ts';
import type { Json, JsonObject } from './json.ts';
import type { Manifest } from './manifest.ts';
import type { Brakes, Question, SlotVerb, TaskFailure } from './outcome.ts';

export type RunStatus = 'open' | 'closing' | 'finished' | 'cancelled' | 'stopped' | 'rejected';
export type ClosedStatus = Exclude<RunStatus, 'open' | 'closing'>;

/**
 * All that a run is, as plain JSON: the fold of its outcomes.
 * What can be computed from it (staleness, readiness, openness) is not in it.
 * Cell: an artifact, or `artifact/element`. Task: an agent, or `agent/element`. Slot: an effect, or `effect/element`.
 */
export interface State {
  rules: 1;
  run: string;
  epoch: number;
  manifest: Manifest;
  status: RunStatus;
  startedBy: string;
  /** Fingerprints of the doors' keys that count. */
  trusted: string[];
  inputs: { [field: string]: Version };
  /** People who amended an input outside a decision. */
  amendedBy: { [field: string]: string[] };
  pinned: { [artifact: string]: Version };
  changes: { [agentOrTask: string]: { n: number; fields: JsonObject; words?: string } };
  results: { [task: string]: { [key: string]: { [artifact: string]: Version } } };
  tasks: {
    [task: string]: {
      attempt: number;
      running?: { attempt: number; key: string };
      failed?: { attempt: number; key: string; failure: TaskFailure };
      asks?: { key: string; questions: Question[]; answers: { [question: string]: Json } };
      /** By key: what was answered under keys that it asked under before. */
      answered?: { [key: string]: { [question: string]: Json } };
      without?: string;
    };
  };
  overlays: { [cell: string]: { kind: 'edit' | 'supply'; base: string; result: Version; by: string } };
  drafts: {
    [cell: string]: { base: string; delta: Json; result?: Version; failure?: TaskFailure; by: string };
  };
  verdicts: { [basis: string]: Verdict };
  slots: { [slot: string]: SlotState };
  /** Answers given to decisions and commands, by their id. */
  seen: { [id: string]: Json };
  brakes: Brakes;
  /** `left`: slots that a person left filled although they were to be undone. */
  closing?: { to: ClosedStatus; undo: boolean; left?: string[] };
  /** Of a fork: what it was forked from, and whether it may perform effects (each of them asked for). */
  fork?: { run: string; epoch: number; performs: boolean };
}

export interface Verdict {
  /** A decision's verb; `withdrawn` by a request for changes, `recalled`, or `policy` where nobody had to be asked. */
  verb: Verb | 'withdrawn' | 'recalled' | 'policy';
  /** How many decisions were taken on this basis. */
  round: number;
  by: string;
  kind: CheckpointKind;
  /** Cell, task, slot or output that it is about. */
  place: string;
  /** ISO 8601: until when what was granted can be recalled. */
  until?: string;
  elapsed?: boolean;
  closes?: boolean;
}

export interface SlotState {
  n: number;
  status: 'empty' | 'reserved' | 'done' | 'uncertain' | 'undone';
  /** Content that the slot holds, while done. */
  digest?: string;
  /** What a reservation is about. */
  verb?: SlotVerb;
  want?: string;
  /** Calls that ended refused or uncertain since the last success. */
  tries: number;
  failed?: TaskFailure;
  /** The content that was left although the slot holds another (null: although it is absent). */
  left?: string | null;
  receipt?: Version;
}

/** What a run does next: computed from its state alone. */
export interface Next {
  ask: Checkpoint[];
  start: TaskStart[];
  cancel: { task: string; attempt: number }[];
  applyEdit: { cell: string; task: string; base: string; version: Version; delta: Json }[];
  perform: EffectStart[];
  /** Timers to set: a slot authorised but still open to recall; `until` (ISO 8601) once its time runs. */
  wait: { slot: string; basis: string; milliseconds: number; until?: string }[];
  close?: ClosedStatus;
}

export interface TaskStart {
  task: string;
  agent: string;
  element?: string;
  attempt: number;
  key: string;
  needs: { [artifact: string]: Version | null };
  changes: { fields: JsonObject; words?: string };
  /** By question id: the answers to what this task asked under this key. */
  answers?: { [question: string]: Json };
}

export interface EffectStart {
  slot: string;
  effect: string;
  element?: string;
  n: number;
  verb: SlotVerb;
  /** Identity of the content wanted in the slot; null for undo. */
  digest: string | null;
  /** What the slot held before. */
  former?: string;
  subjects: { [artifact: string]: Version };
  tries: number;
}
