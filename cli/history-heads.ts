import type { RunResult } from '../contracts/messages.ts';
import { createClient } from '../client/create-client.ts';
import type { LedgerHead, Store } from '../contracts/ports.ts';
import { connectTo } from '../server/connect.ts';
import { findAddress } from './connect.ts';
import type { Settings } from './settings.ts';

/** The head that a closed run's workflow returned, by run; runs that are open or forgotten are left out. */
export async function readHistoryHeads(
  settings: Settings,
  store: Store,
  runs: string[],
): Promise<Map<string, LedgerHead>> {
  const connection = await connectTo(await findAddress(settings));
  try {
    const { namespace } = settings;
    const { temporal } = createClient({ connection, store, namespace });
    const heads = new Map<string, LedgerHead>();
    for (const run of runs) {
      const row = await store.runs.get(run);
      if (!row || row.closedAt === null) continue;
      try {
        const handle = temporal.workflow.getHandle(run);
        // One whose record is closed may be about to end, with no worker there to end it.
        if ((await handle.describe()).status.name !== 'COMPLETED') continue;
        const { head } = (await handle.result()) as RunResult;
        if (head) heads.set(run, head);
      } catch {
        // Past its retention, or on another server: the chain stands by itself.
      }
    }
    return heads;
  } finally {
    await connection.close();
  }
}
