import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { identify } from '../contracts/run-identity.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import type { RunArguments, StartArguments } from '../contracts/messages.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import { SignedAct } from '../contracts/signed-act.ts';
import { differenceOf, reserveRun } from './reserve-run.ts';
import type { ReserveOptions } from './reserve-run.ts';

/** Reserves a run, and starts its workflow; a start that crashed in between is gone on with. */
export async function startRun<P extends Process>(
  client: Client,
  store: Store,
  taskQueue: string,
  process: P,
  input: ProcessInput<P>,
  options: ReserveOptions,
): Promise<{ row: RunRow; created: boolean }> {
  const reserved = await reserveRun(store, process, input, options);
  const { row, created } = reserved;
  const launched = row.launched || !(await launchRun(client, taskQueue, row));
  const other = created ? null : differenceOf(reserved);
  const isRepeated = options.message !== undefined && other === null;
  if (!created && !isRepeated && (launched || other !== null)) {
    throw toFailure(
      'Key.InUse',
      `Run ${row.run} of ${process.name} holds the key ${options.key} (${row.status})${other === null ? '' : `; ${other}`}.`,
      {
        name: options.key ?? row.run,
      },
    );
  }
  return { row, created };
}

/** A re-run's act travels beside its start, as a payload of its own, so that the codec verifies it. */
function argumentsOf(start: StartArguments): RunArguments {
  if (start.kind === 'new' || !start.signed) return [start];
  const { data, signature, publicKey } = start.signed;
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
  return [start, new SignedAct(bytes(data), bytes(signature), bytes(publicKey))];
}

/** Starts the workflow of a reserved run; false where that happened already. */
export async function launchRun(client: Client, taskQueue: string, row: RunRow): Promise<boolean> {
  const delay = row.startsAt === null ? 0 : Date.parse(row.startsAt) - Date.now();
  try {
    await client.workflow.start(row.process, {
      workflowId: row.run,
      taskQueue,
      args: argumentsOf(row.start as unknown as StartArguments),
      // A re-run takes the id up again once the earlier epoch has closed.
      workflowIdReusePolicy: row.epoch > 1 ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      ...(delay > 0 && row.epoch === 1 && { startDelay: delay }),
      ...identify(row),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
