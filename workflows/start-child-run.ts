import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  sleep,
  startChild,
} from '@temporalio/workflow';
import type { ChildWorkflowHandle, Workflow } from '@temporalio/workflow';
import { identify } from '../contracts/run-identity.ts';
import type { ReservedStart } from '../contracts/starts.ts';

interface How {
  /** What becomes of the run where this workflow ends before it. */
  ends: 'abandon' | 'cancel';
  /** A run that is taken up again: its former execution may be about to end. */
  again?: boolean;
}

/** Starts a reserved run as a child of this workflow; null where it is there already. Cancelled, it cancels the run. */
export async function startChildRun(
  { run, process, key, start }: ReservedStart,
  { ends, again = false }: How,
): Promise<ChildWorkflowHandle<Workflow> | null> {
  for (;;) {
    try {
      return await startChild(process, {
        workflowId: run,
        args: [start],
        workflowIdReusePolicy: again
          ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
          : WorkflowIdReusePolicy.REJECT_DUPLICATE,
        parentClosePolicy: ends === 'cancel' ? ParentClosePolicy.REQUEST_CANCEL : ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        ...identify({ process, key }),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (!again) return null;
      await sleep(500);
    }
  }
}
