import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { RunResult } from '../contracts/messages.ts';

/** One time at which a schedule was due, and what came of it. */
export interface ScheduledRun {
  scheduledAt: string;
  /** Null where none was started. */
  run: string | null;
  /** A run's status, `failed` where it could not be started, `gone` where the server has forgotten. */
  status: string;
  failure: { type: string; message: string } | null;
}

/** What became of one start by a schedule. */
export async function readTrigger(
  temporal: Client,
  at: { workflowId: string; firstExecutionRunId: string; scheduledAt: string },
): Promise<ScheduledRun> {
  const { scheduledAt } = at;
  const handle = temporal.workflow.getHandle(at.workflowId, at.firstExecutionRunId);
  try {
    const { status, raw } = await handle.describe();
    if (status.name === 'RUNNING') {
      const run = raw.pendingChildren?.[0]?.workflowId ?? null;
      const last = raw.pendingActivities?.[0]?.lastFailure;
      const failure = last
        ? { type: last.applicationFailureInfo?.type ?? 'Error', message: last.message ?? '' }
        : null;
      return { scheduledAt, run, status: run === null ? 'starting' : 'open', failure };
    }
    const result = (await handle.result()) as RunResult;
    return { scheduledAt, run: result.run, status: result.status, failure: null };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      return { scheduledAt, run: null, status: 'gone', failure: null };
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
    const type = cause instanceof ApplicationFailure ? (cause.type ?? 'Error') : (cause?.name ?? 'Error');
    return {
      scheduledAt,
      run: null,
      status: 'failed',
      failure: { type, message: cause?.message ?? error.message },
    };
  }
}
