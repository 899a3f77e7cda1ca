import type { Client } from '@temporalio/client';
import type { Manifest } from '../contracts/manifest.ts';
import type { RunView, StartArguments } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Door } from './door.ts';
import { readRunFromLedger } from './read-run.ts';

/** What all that a client does stands on. */
export interface Means {
  temporal: Client;
  store: Store;
  taskQueue: string;
  /** Throws `Decision.Unsigned` where the client has none. */
  door(): Door;
}

/** Throws `Run.Unknown`. */
export async function findRow(store: Store, run: string): Promise<RunRow> {
  const row = await store.runs.get(run);
  if (!row) throw toFailure('Run.Unknown', `There is no run ${run}.`, { name: run });
  return row;
}

/** The manifest that a run started with. */
export async function findManifest(store: Store, run: string): Promise<Manifest> {
  const start = (await findRow(store, run)).start as unknown as StartArguments;
  return start.kind === 'new' ? start.manifest : start.state.manifest;
}

/** The state of a run: from its workflow, or, where no worker answers, from the ledger. */
export async function readState({ temporal, store }: Means, run: string): Promise<RunView> {
  const row = await findRow(store, run);
  if (row.closedAt !== null) return readRunFromLedger(store, run);
  try {
    return await temporal.withDeadline(Date.now() + 10_000, async () =>
      temporal.workflow.getHandle(run).query<RunView>(messageNames.state),
    );
  } catch {
    // No worker, or no server: what was recorded is what there is to see.
    return readRunFromLedger(store, run);
  }
}
