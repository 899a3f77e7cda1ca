import { CancellationScope, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities, RunResult } from '../contracts/messages.ts';
import type { ScheduledStart } from '../contracts/starts.ts';
import { startChildRun } from './start-child-run.ts';

/**
 * What a schedule starts: one run, as any other is started, and waited for, so that the schedule knows whether the one
 * before is still under way. Cancelled, it cancels the run, by the run's own rules.
 */
export async function startScheduled(given: ScheduledStart): Promise<RunResult> {
  const root = CancellationScope.current();
  const { reserveScheduled } = proxyActivities<Pick<Activities, 'reserveScheduled'>>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: 500, maximumInterval: 30_000 },
    summary: `reserve a run of ${given.process}`,
  });
  const { kind: _kind, ends, ...about } = given;
  // What was reserved is started, too: nobody else would, and its row would stand there empty.
  return CancellationScope.nonCancellable(async () => {
    const { run, process, key, start } = await reserveScheduled({ ...about, time: scheduledTime() });
    const scope = new CancellationScope();
    const child = await scope.run(async () => startChildRun({ run, process, key, start }, { ends }));
    // Somebody went on with what looked like a start that had crashed: the run is there, and not this one's to wait for.
    if (!child) return { run, epoch: 1, status: 'open', outputs: {}, head: null };
    root.cancelRequested.catch(() => scope.cancel());
    return (await child.result()) as RunResult;
  });
}

/** The time of the schedule that this stands for, whenever it is carried out. */
function scheduledTime(): string {
  const [time] = workflowInfo().searchAttributes['TemporalScheduledStartTime'] ?? [];
  const moment = time instanceof Date ? time : workflowInfo().startTime;
  return `${moment.toISOString().slice(0, 19)}Z`;
}
