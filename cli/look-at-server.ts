import type { Client } from '@temporalio/client';
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
  /** Workflows of isolated attempts under way, by id. */
  children: string[];
  /** Activities under way or being retried, in the run's workflow or in those of its attempts. */
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
      const children = (raw.pendingChildren ?? [])
        .map(({ workflowId }) => workflowId ?? '')
        .filter((id) => id.startsWith(`${run}/`));
      const inChildren = await Promise.all(children.map(async (id) => activitiesOf(temporal, id)));
      return {
        address,
        workers: (await listPollers(connection, settings)).length,
        children,
        activities: [...(raw.pendingActivities ?? []), ...inChildren.flat()].map((one) => ({
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

/** None where the workflow has ended meanwhile. */
async function activitiesOf({ workflow }: Client, id: string) {
  try {
    return (await workflow.getHandle(id).describe()).raw.pendingActivities ?? [];
  } catch {
    return [];
  }
}
