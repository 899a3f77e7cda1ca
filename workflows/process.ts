import { CancellationScope } from '@temporalio/workflow';
import type { RunArguments, RunResult } from '../contracts/messages.ts';
import { openKernel } from './kernel.ts';
import { PlainScope } from './plain-scope.ts';

/** One run of any process. The default workflow, so that a run's workflow type is its process's name. */
export default function runProcess(...given: RunArguments): Promise<RunResult> {
  const workflow = CancellationScope.current();
  // What is under way ends by the run's own rules, also where Temporal is asked to cancel it.
  return PlainScope.nonCancellable(async () => {
    const kernel = openKernel(given);
    workflow.cancelRequested.catch(() => kernel.cancel());
    await kernel.ended;
    return kernel.close();
  });
}
