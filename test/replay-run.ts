import { Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import type { BatonClient } from '../client/create-client.ts';
import { dataConverter } from '../client/data-converter.ts';
import { bundleProcessWorkflow } from '../worker/create-worker.ts';

let bundle: Promise<WorkflowBundle> | undefined;

/** Replays a run's history from its beginning, with the workflow code of today. */
export async function replayRun({ temporal }: BatonClient, run: string): Promise<void> {
  const history = await temporal.workflow.getHandle(run).fetchHistory();
  bundle ??= bundleProcessWorkflow();
  await Worker.runReplayHistory({ workflowBundle: await bundle, dataConverter }, history, run);
}
