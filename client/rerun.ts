import { WorkflowNotFoundError } from '@temporalio/client';
import type { Json } from '../contracts/json.ts';
import type { StartArguments } from '../contracts/messages.ts';
import type { RerunPlan } from '../contracts/fold.ts';
import { toFailure } from '../contracts/failures.ts';
import { planOf } from '../workflows/fold/plan.ts';
import { mayCommand } from '../workflows/fold/allow.ts';
import { abandon } from '../workflows/fold/restart.ts';
import { assertTask } from './assert-task.ts';
import { toClientFailure } from './client-failure.ts';
import type { Person } from './door.ts';
import { findRow, readState } from './look-up-run.ts';
import type { Means } from './look-up-run.ts';
import { readRunFromLedger } from './read-run.ts';
import { launchRun } from './start-run.ts';

/** What a re-run from a task would do; nothing happens yet. */
export async function planRerun(means: Means, run: string, from: string): Promise<RerunPlan> {
  const { state } = await readState(means, run);
  assertTask(state, from);
  return planOf(state, { from });
}

/** Whether the run's workflow goes on, whatever its record says. */
export async function isUnderWay({ temporal }: Means, run: string): Promise<boolean> {
  try {
    return (await temporal.workflow.getHandle(run).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw toClientFailure(error, run);
  }
}

/** Starts a closed run's next epoch from a task on, with what it had. */
export async function startAgain(
  means: Means,
  run: string,
  epoch: number,
  from: string,
  person: Person,
): Promise<{ run: string; epoch: number }> {
  const { temporal, store, taskQueue } = means;
  const state = abandon((await readRunFromLedger(store, run)).state);
  assertTask(state, from);
  const door = means.door();
  // The workflow judges the act itself; said here too, because a refused epoch would stand there empty.
  if (!mayCommand(state, { kind: 'invalidate' }, { person: person.id, roles: person.roles })) {
    throw toFailure('Decision.NotAllowed', `${person.id} neither started run ${run} nor owns its process.`, {
      name: run,
    });
  }
  if (!state.trusted.includes(door.fingerprint)) {
    throw toFailure('Decision.Untrusted', `Run ${run} does not trust this door.`, { name: run });
  }
  const { signed } = door.sign({ kind: 'invalidate', run, epoch, task: from }, person);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const start: StartArguments = {
    kind: 'again',
    run,
    state,
    signed: {
      data: text(signed.data),
      signature: text(signed.signature),
      publicKey: text(signed.publicKey),
    },
  };
  await store.runs.openEpoch(run, epoch, start as unknown as Json);
  if (!(await launchRun(temporal, taskQueue, await findRow(store, run)))) {
    throw toFailure(
      'Run.Closing',
      `Run ${run} is about to end; its next epoch is started by \`baton dev\`.`,
      { name: run },
    );
  }
  return { run, epoch };
}
