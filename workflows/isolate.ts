import {
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  ParentClosePolicy,
  executeChild,
  uuid4,
} from '@temporalio/workflow';
import type { AttemptTerms, RunAgentInput, TaskOutput } from '../contracts/messages.ts';
import { childPrefix } from '../contracts/starts.ts';
import type { IsolatedStart } from '../contracts/starts.ts';
import type { TaskStart } from '../contracts/state.ts';
import { runAttempt } from './attempt.ts';

/**
 * The id of an attempt's own workflow: run, epoch, task, attempt, and a piece of chance that a replay draws again alike.
 * An execution that was reset draws another one, so that it does not meet the children of the one before.
 */
export function nameChild(run: string, epoch: number, start: TaskStart): string {
  return childPrefix(run, epoch, start) + uuid4().slice(0, 8);
}

/** Runs one attempt in a workflow of its own; cancelled with the attempt, and where the run closes without it. */
export async function executeIsolated(
  workflowId: string,
  input: RunAgentInput,
  terms: AttemptTerms,
): Promise<TaskOutput> {
  const start: IsolatedStart = { kind: 'task', input, ...terms };
  const ended = executeChild(`${input.process}/${input.agent}`, {
    workflowId,
    args: [start],
    staticSummary: input.task,
    cancellationType: ChildWorkflowCancellationType.TRY_CANCEL,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
  try {
    return (await ended) as TaskOutput;
  } catch (error) {
    // What its activity failed of is what the attempt failed of, wherever it ran.
    throw (error instanceof ChildWorkflowFailure && error.cause) || error;
  }
}

/** What such a workflow does: the attempt, by its activities. */
export async function runIsolated({ input, timeout, heartbeat, tries }: IsolatedStart): Promise<TaskOutput> {
  return runAttempt(input, { timeout, heartbeat, tries });
}
