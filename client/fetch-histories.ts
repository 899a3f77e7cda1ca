import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';

/** The histories of a run's executions, first to newest: those of its newest epoch that Temporal still keeps. */
export async function fetchHistories(temporal: Client, run: string): Promise<[History, ...History[]]> {
  const newest = await temporal.workflow.getHandle(run).fetchHistory();
  const histories: [History, ...History[]] = [newest];
  for (let before = beforeOf(newest); before; before = beforeOf(histories[0])) {
    try {
      histories.unshift(await temporal.workflow.getHandle(run, before).fetchHistory());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) break;
      throw error;
    }
  }
  return histories;
}

function beforeOf({ events }: History): string | undefined {
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  return started?.continuedExecutionRunId || undefined;
}
