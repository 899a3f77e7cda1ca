import type { Kysely, Transaction } from 'kysely';

/** The tables' rows as they stand in the database: JSON as text, truth as 0 or 1, moments as ISO 8601 unless named milliseconds. */
export interface Tables {
  runs: {
    run: string;
    process: string;
    key: string | null;
    epoch: number;
    status: string;
    started_by: string;
    started_at: string;
    closed_at: string | null;
    manifest_digest: string;
    launched: number;
    start: string;
    starts_at: string | null;
    parent: string | null;
  };
  ledger: {
    run: string;
    position: number;
    epoch: number;
    kind: string;
    id: string;
    body: string;
    at: string;
    previous: string;
    hash: string;
  };
  artifacts: {
    digest: string;
    media_type: string;
    bytes: number;
    content: Uint8Array | null;
    stored_at: string;
    erased_at: string | null;
  };
  claims: { run: string; task: string; attempt: number };
  snapshots: { run: string; task: string; key: string; attempt: number; content: Uint8Array };
  progress: {
    run: string;
    task: string;
    epoch: number;
    attempt: number;
    fence: number;
    text: string;
    done: number | null;
    of_all: number | null;
    at: string;
  };
  slots: {
    run: string;
    slot: string;
    n: number;
    verb: string;
    tries: number;
    epoch: number;
    digest: string | null;
    holder: string;
    lease_ends_milliseconds: number;
    called: number;
    status: string;
    receipt: string | null;
    failure: string | null;
  };
  desk: {
    run: string;
    checkpoint_id: string;
    epoch: number;
    process: string;
    digest: string;
    /** Empty where it is closed. */
    checkpoint: string;
    opened_at: string;
    seq: number;
  };
}

export type Database = Kysely<Tables>;
export type Writing = Transaction<Tables>;
