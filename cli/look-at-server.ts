import { createClient } from '../client/create-client.ts';
import type { Store } from '../contracts/ports.ts';
import { connectTo } from '../server/connect.ts';
import { findAddress, listPollers } from './connect.ts';
import type { Settings } from './settings.ts';

/** What Temporal knows of a run under way, beside the record. */
export interface ServerView {
  address: string;
  /** Workers that poll the task queue. */
  workers: number;
  /** Activities under way or being retried. */
  activities: { name: string; attempt: number; failure: string | null }[];
  /** Why the workflow's own code does not go on, where it fails. */
  workflowTaskAttempt: number;
}

/** Null where no server answers, or it does not know the run. */
export async function lookAtServer(
  settings: Settings,
  store: Store,
  run: string,
): Promise<ServerView | null> {
  try {
    const address = await findAddress(settings);
    const connection = await connectTo(address);
    try {
      const { namespace } = settings;
      const { temporal } = createClient({ connection, store, namespace });
      const { raw } = await temporal.workflow.getHandle(run).describe();
      return {
        address,
        workers: (await listPollers(connection, settings)).length,
        activities: (raw.pendingActivities ?? []).map((one) => ({
          name: one.activityType?.name ?? 'activity',
          attempt: one.attempt ?? 1,
          failure: one.lastFailure?.message ?? null,
        })),
        workflowTaskAttempt: raw.pendingWorkflowTask?.attempt ?? 0,
      };
    } finally {
      await connection.close();
    }
  } catch {
    return null;
  }
}
