import type { Facts, Reference } from './artifact.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Json } from './json.ts';
import type { Outcome, SlotVerb } from './outcome.ts';
import type { ProgressSaid } from './progress.ts';

/** Outcomes of one run in the order in which they were folded; `from` is the first one's number in its epoch. */
export interface LedgerBatch {
  run: string;
  epoch: number;
  from: number;
  outcomes: Outcome[];
}

/** Checkpoints that opened and closed, as it stands before the outcome of this number: of each, the highest counts. */
export interface DeskChange {
  seq: number;
  opened: { checkpoint: Checkpoint; digest: string }[];
  /** By id. */
  closed: string[];
}

/** What rides along with an activity: outcomes not yet recorded, and what opened and closed since it was last said. */
export interface Bookkeeping {
  batch: LedgerBatch;
  desk?: DeskChange;
}

export interface LedgerRecord {
  run: string;
  /** Position in the run's chain, from 0. */
  index: number;
  epoch: number;
  /** What makes a record idempotent: the outcome's number in its epoch, or the slot call that it ends. */
  id: string;
  kind: 'outcome' | 'modelCall' | 'refusal';
  body: Json;
  at: string;
  previous: string;
  hash: string;
}

/** The last record's position and hash: also kept in the run's history. */
export interface LedgerHead {
  index: number;
  hash: string;
}

export interface ArtifactContent {
  name: string;
  mediaType: string;
  content: Uint8Array;
  facts: Facts;
}

/** Content-addressed bytes, durable when `put` returns. */
export interface ArtifactStore {
  /** SHA-256 of the bytes; JSON artifacts hand in their RFC 8785 text. */
  put(artifacts: ArtifactContent[]): Promise<Reference[]>;
  /** Throws `Artifact.Unknown`, `Artifact.Erased`, `Artifact.Altered`. */
  get(digest: string): Promise<{ content: Uint8Array; mediaType: string }>;
  /** Forgets the content; the digest stays on record. */
  erase(digest: string): Promise<void>;
}

/** LangGraph's saved state of one task under one key: the newest of each namespace, fenced by attempt. */
export interface SnapshotStore {
  /** Null where nothing was saved under this key. */
  load(at: {
    run: string;
    task: string;
    key: string;
  }): Promise<{ attempt: number; content: Uint8Array } | null>;
  /**
   * Throws `Snapshot.Fenced` where a newer attempt has claimed the task. Artifacts that the snapshot led to are stored
   * with it, or not at all.
   */
  save(
    at: { run: string; task: string; key: string; attempt: number },
    content: Uint8Array,
    artifacts?: ArtifactContent[],
  ): Promise<Reference[]>;
  /** Makes this attempt the one that may save; throws `Snapshot.Fenced` for an older one. */
  claim(at: { run: string; task: string; key: string; attempt: number }): Promise<void>;
}

/** How far a task is, by its agent's own words: neither history nor ledger, and gone when the task has ended. */
export interface ProgressRow extends ProgressSaid {
  task: string;
  epoch: number;
  attempt: number;
  at: string;
}

export interface ProgressStore {
  /**
   * Keeps the newest of a task. `fence` is the number by which its snapshots are fenced: false, and nothing is kept,
   * where a newer attempt has the task, or the run is closed or in another epoch.
   */
  note(
    at: { run: string; epoch: number; task: string; attempt: number; fence: number },
    said: ProgressSaid,
  ): Promise<boolean>;
  /** By task. */
  list(run: string): Promise<ProgressRow[]>;
}

export interface SlotReservation {
  run: string;
  epoch: number;
  slot: string;
  n: number;
  verb: SlotVerb;
  /** How many calls ended refused or uncertain before: a retried activity has the same number, a call asked for anew a higher one. */
  tries: number;
  /** Identity of the content; null for undo. */
  digest: string | null;
  /** Of the activity attempt; a later one takes over when the lease has ended. */
  holder: string;
  /** Milliseconds from now. */
  lease: number;
  /** Counts as called from the start, so that `markCalled` is not needed; false unless given. */
  called?: boolean;
}

export type SlotRow = Omit<SlotReservation, 'holder' | 'lease' | 'called'> & {
  status: 'reserved' | 'success' | 'refused' | 'uncertain';
  holder: string;
  /** Milliseconds since 1970. */
  leaseEnds: number;
  /** Whether the connector may have been called. */
  called: boolean;
  receipt?: Json;
  failure?: { type: string; message: string };
};

export type Reserved =
  | {
      kind: 'mine';
      row: SlotRow;
      /** An earlier attempt of this try held it, and may have called. */ before: boolean;
    }
  | { kind: 'leased'; row: SlotRow }
  /** This try ended, or a try of the same slot, n and verb proved a success: `row.digest` says with which content. */
  | { kind: 'ended'; row: SlotRow };

/** A checkpoint as the desk and the command line list it. */
export interface DeskRow {
  run: string;
  epoch: number;
  process: string;
  checkpoint: Checkpoint;
  /** What a decision is bound to. */
  digest: string;
  openedAt: string;
}

export interface RunRow {
  run: string;
  process: string;
  key: string | null;
  epoch: number;
  status: string;
  startedBy: string;
  startedAt: string;
  closedAt: string | null;
  manifestDigest: string;
  /** Whether the workflow has recorded anything in this epoch: false while a start is under way or crashed. */
  launched: boolean;
  /** Before this moment nothing of it begins; null where it was started at once. */
  startsAt: string | null;
  /** The run whose task it is. */
  parent: string | null;
  /** What a crashed start needs to go on: the start arguments. */
  start: Json;
}

/** What one transaction may hold; all of it counts or none. */
export interface Commit {
  batch?: LedgerBatch;
  /** Records beside the outcomes: refusals by a door, model calls. They happened whichever epoch is live. */
  records?: { run: string; epoch: number; id: string; kind: 'modelCall' | 'refusal'; body: Json }[];
  /** Checkpoints that opened and closed; what comes late, or again, changes nothing. */
  desk?: DeskChange & { run: string; epoch: number; process: string };
  /**
   * Ends a slot's call. A holder that lost its lease gets `Effect.Leased`, unless the end is a proof of success;
   * where that try is on record as ended already, the proof must come alone in its commit.
   * An end that is there already may be said again by anyone: it changes nothing.
   */
  settle?: {
    run: string;
    slot: string;
    n: number;
    verb: SlotVerb;
    tries: number;
    holder: string;
    end: 'success' | 'refused' | 'uncertain';
    receipt?: Json;
    failure?: { type: string; message: string };
  };
  close?: { run: string; epoch: number; status: string };
}

export interface Store {
  artifacts: ArtifactStore;
  snapshots: SnapshotStore;
  progress: ProgressStore;
  /**
   * Throws `Run.OldEpoch` when a newer epoch of the run is live, `Run.Unknown` where the store never reserved the run,
   * `Ledger.Broken` where a record of the same id says something else. Idempotent by record id.
   */
  commit(commit: Commit): Promise<LedgerHead | null>;
  /** As `commit`, together with a slot's reservation. */
  reserve(
    commit: Commit,
    reservation: SlotReservation,
  ): Promise<{ head: LedgerHead | null; reserved: Reserved }>;
  /** Notes, before the connector is called, that it may have been called. Throws `Effect.Leased` if the lease was lost. */
  markCalled(at: {
    run: string;
    slot: string;
    n: number;
    verb: SlotVerb;
    tries: number;
    holder: string;
  }): Promise<void>;
  ledger: {
    /** `after` leaves out the records up to this index. */
    read(run: string, after?: number): Promise<LedgerRecord[]>;
    /** Every break found; empty when whole. `head`, from the run's history, finds what was cut off the end. */
    verify(run: string, head?: LedgerHead): Promise<{ index: number; problem: string }[]>;
    runs(): Promise<string[]>;
  };
  runs: {
    /** The run that holds (process, key): a new row, or the one that is there. Also opens epoch 1, and stores these artifacts. */
    reserve(
      row: Omit<RunRow, 'status' | 'closedAt' | 'launched' | 'startedAt' | 'startsAt' | 'parent'> &
        Partial<Pick<RunRow, 'startsAt' | 'parent'>>,
      artifacts?: ArtifactContent[],
    ): Promise<{ row: RunRow; created: boolean }>;
    /** Opens a newer epoch; older ones are fenced from then on. Again with the same start: nothing; `Run.OldEpoch` otherwise. */
    openEpoch(run: string, epoch: number, start: Json): Promise<void>;
    get(run: string): Promise<RunRow | null>;
    list(filter?: {
      process?: string;
      status?: string;
      key?: string;
      parent?: string;
      limit?: number;
    }): Promise<RunRow[]>;
  };
  desk: {
    open(filter?: { run?: string; process?: string }): Promise<DeskRow[]>;
  };
  slots: {
    list(run: string): Promise<SlotRow[]>;
  };
  close(): Promise<void>;
}

/** One call that a connector makes to the outside. */
export interface ConnectorCall {
  /** Slot, n and verb: the same key means the same call, however often it arrives. */
  idempotencyKey: string;
  run: string;
  slot: string;
  n: number;
  verb: SlotVerb;
  destination: Json;
  arguments: Json;
  subjects: { [artifact: string]: { reference: Reference; content: Uint8Array } };
  /** Identity of the content wanted, and of what the slot held before. */
  digest: string | null;
  former: string | null;
  /** By the names that the connector declares; nothing of them may go into an answer or an error. */
  credentials: { readonly [name: string]: string };
  abortSignal: AbortSignal;
}

/** Which content the outside holds in this slot, and whether that is final (no earlier call can still land). */
export interface Lookup {
  holds: 'wanted' | 'former' | 'none' | 'unknown';
  forGood: boolean;
  receipt?: Json;
}

/**
 * The way to one kind of outside. Throws `ConnectorRefused` when the outside certainly did not do it;
 * any other error leaves it unknown whether it happened.
 */
export interface Connector {
  /** The outside honours the idempotency key: calling again with it is safe. */
  repeatable: boolean;
  /** It can take back what it did (`undo`); false unless given. */
  undoes?: boolean;
  /** Names of environment variables: the worker reads them when it starts, and hands them over with each call. */
  credentials?: readonly string[];
  call(call: ConnectorCall): Promise<Json>;
  lookup?(call: ConnectorCall): Promise<Lookup>;
}

/** The outside said no: nothing happened. */
export class ConnectorRefused extends Error {
  override name = 'ConnectorRefused';
}

/** Runs a named job of an agent in a pool of threads; input and output are structured-clone-safe. */
export type Compute = (
  job: string,
  input: unknown,
  options?: { abortSignal?: AbortSignal },
) => Promise<unknown>;
