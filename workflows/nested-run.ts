import { CancelledFailure } from '@temporalio/common';
import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import { toFailure } from '../contracts/failures.ts';
import type { NestedProcess } from '../contracts/manifest.ts';
import { messageNames } from '../contracts/message-names.ts';
import type { Activities, RunResult, TaskOutput } from '../contracts/messages.ts';
import type { Bookkeeping } from '../contracts/ports.ts';
import type { State, TaskStart } from '../contracts/state.ts';
import { own } from './fold/records.ts';
import { startChildRun } from './start-child-run.ts';

/** One attempt of a task that is a process: a run of its own, whose outputs become what the task produces. */
export async function delegateToRun(
  state: State,
  start: TaskStart,
  process: NestedProcess,
  book: Bookkeeping | undefined,
  now: () => State,
): Promise<TaskOutput> {
  const outer = CancellationScope.current();
  const { task, attempt, key, agent, element, needs, changes } = start;
  const activities = proxyActivities<Activities>({
    startToCloseTimeout: '2 minutes',
    // An earlier attempt's run may take a moment to close, or as long as its people need to say what became of an effect.
    retry: { initialInterval: 200, backoffCoefficient: 1.5, maximumInterval: 5000 },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary: task,
  });
  // What is reserved is started, and what is started is cancelled: no row stands there with nobody behind it.
  return CancellationScope.nonCancellable(async () => {
    const { words } = changes;
    const redo = [agent, task].reduce((sum, name) => sum + (own(state.changes, name)?.n ?? 0), 0);
    const reserved = await activities.beginNested({
      process: state.manifest.name,
      nested: {
        manifest: process.manifest,
        parent: { run: state.run, task, attempt, redo },
        startedBy: state.startedBy,
        trusted: state.trusted,
        ...(words !== undefined && { words }),
      },
      inputs: Object.fromEntries(
        Object.entries(process.inputs).flatMap(([field, artifact]) => {
          const version = needs[artifact];
          return version ? [[field, version]] : [];
        }),
      ),
      ...(book && { book }),
    });
    const { head, ...about } = reserved;
    const scope = new CancellationScope();
    const child = (await scope.run(async () => startChildRun(about, { ends: 'cancel', again: true })))!;
    const cancel = async (): Promise<void> => {
      const { closing } = now();
      // Where it has closed already, there is nobody to hear it.
      if (closing?.undo) await child.signal(messageNames.cancel, true).catch(() => {});
      scope.cancel();
    };
    if (outer.consideredCancelled) await cancel();
    else outer.cancelRequested.catch(cancel);
    const result = (await child.result()) as RunResult;
    if (outer.consideredCancelled) throw new CancelledFailure(`${task} is not wanted any more.`);
    if (result.status !== 'finished')
      throw toFailure('Process.NotFinished', `${task}: run ${result.run} was ${result.status}.`, {
        name: result.run,
      });
    const made = await activities.adoptOutputs({
      task,
      ...(element !== undefined && { element }),
      outputs: Object.fromEntries(
        Object.entries(process.outputs).flatMap(([output, artifact]) => {
          const version = result.outputs[output];
          return version ? [[artifact, version]] : [];
        }),
      ),
      produces: state.manifest.tasks[agent]!.produces,
      lineage: {
        task,
        attempt,
        key,
        agent,
        agentVersion: process.manifest.digest.slice(0, 12),
        from: Object.fromEntries(
          Object.entries(needs).map(([name, version]) => [name, version?.digest ?? null]),
        ),
        run: result.run,
      },
    });
    return { ...made, head };
  });
}
