import { CancellationScope, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import type { RunArguments, RunResult } from '../contracts/messages.ts';
import { messageNames } from '../contracts/message-names.ts';
import { openKernel } from './kernel.ts';
import { PlainScope } from './plain-scope.ts';
import type { Bounds } from './seam.ts';

/** As Temporal's own request to cancel, which can't say whether what was done is to be undone. */
export const cancelSignal = defineSignal<[undo: boolean]>(messageNames.cancel);

/** One run of any process, in executions that become no longer than these bounds have it. */
export function runWithin(given: RunArguments, bounds?: Bounds): Promise<RunResult> {
  const workflow = CancellationScope.current();
  // What is under way ends by the run's own rules, also where Temporal is asked to cancel it.
  return PlainScope.nonCancellable(async () => {
    // Temporal holds a run back until it is due, but wakes it for any message: then nothing begins all the same.
    const early = millisecondsEarly(given);
    let isDue = early <= 0;
    const ifDue = { start: () => isDue, perform: () => isDue, move: () => isDue };
    const kernel = openKernel(given, isDue ? undefined : ifDue, bounds);
    workflow.cancelRequested.catch(() => kernel.cancel());
    setHandler(cancelSignal, (undo) => kernel.cancel(undo));
    if (!isDue) {
      void sleep(early).then(() => {
        isDue = true;
        kernel.stir();
      });
    }
    await kernel.ended;
    return kernel.end();
  });
}

function millisecondsEarly([start]: RunArguments): number {
  return start.kind === 'new' && start.startsAt !== undefined ? Date.parse(start.startsAt) - Date.now() : 0;
}
