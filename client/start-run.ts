import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import type { Json } from '../contracts/json.ts';
import type { RunArguments, StartArguments } from '../contracts/messages.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import { contentsOf } from '../contracts/collection.ts';
import { toFailure } from '../contracts/failures.ts';
import { SignedAct } from '../contracts/signed-act.ts';
import { makeInputs, versionsOf } from './keep-artifact.ts';

export interface StartOptions {
  /** A name of the case in the business's own terms; one run of a process holds it. */
  key?: string;
  /** Who starts it: they can't decide where four eyes are asked for. */
  by: string;
  /** Fingerprints of the doors that the run trusts. */
  trusted: string[];
}

/** A new run's id: the process, the time, and chance enough that two never meet. */
export function mintRunId(process: string): string {
  const time = Date.now().toString(36);
  return `${process}-${time}-${randomBytes(4).toString('hex')}`;
}

/** Checks an input against its process; each field as it goes into the store. */
export function readInput<P extends Process>(process: P, input: ProcessInput<P>): { [field: string]: Json } {
  const parsed = process.inputSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const field = issue.path.join('.') || process.name;
    throw toFailure('Input.Invalid', `${process.name}: ${field}: ${issue.message}`, { name: field });
  }
  const unknown = Object.keys(input as object).filter(
    (field) => !Object.hasOwn(process.manifest.inputs, field),
  );
  if (unknown.length > 0) {
    throw toFailure('Input.Invalid', `${process.name} has no input ${unknown.join(', ')}.`, {
      name: unknown[0]!,
    });
  }
  return Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined)) as {
    [field: string]: Json;
  };
}

/** Reserves a run, and starts its workflow; a start that crashed in between is gone on with. */
export async function startRun<P extends Process>(
  client: Client,
  store: Store,
  taskQueue: string,
  process: P,
  input: ProcessInput<P>,
  options: StartOptions,
): Promise<string> {
  const made = makeInputs(readInput(process, input), process.manifest.inputs);
  const run = mintRunId(process.name);
  const start: StartArguments = {
    kind: 'new',
    run,
    manifest: process.manifest,
    inputs: versionsOf(made),
    startedBy: options.by,
    trusted: options.trusted,
  };
  const { row, created } = await store.runs.reserve(
    {
      run,
      process: process.name,
      key: options.key ?? null,
      epoch: 1,
      startedBy: options.by,
      manifestDigest: process.manifest.digest,
      start: start as unknown as Json,
    },
    contentsOf(made),
  );
  const launched = row.launched || !(await launchRun(client, taskQueue, row));
  const other = created ? null : differenceOf(start, row.start as unknown as StartArguments);
  if (!created && (launched || other !== null)) {
    throw toFailure(
      'Key.InUse',
      `Run ${row.run} of ${process.name} holds the key ${options.key} (${row.status})${other === null ? '' : `; ${other}`}.`,
      {
        name: options.key ?? row.run,
      },
    );
  }
  return row.run;
}

/** In what a start asks for another thing than the one that holds its key; null where in nothing. */
function differenceOf(wanted: StartArguments & { kind: 'new' }, held: StartArguments): string | null {
  const { manifest, inputs } = held.kind === 'new' ? held : held.state;
  if (manifest.digest !== wanted.manifest.digest) return 'it goes by another definition of the process';
  const fields = [...new Set([...Object.keys(inputs), ...Object.keys(wanted.inputs)])];
  const other = fields.filter((field) => inputs[field]?.digest !== wanted.inputs[field]?.digest);
  return other.length === 0 ? null : `its input differs: ${other.join(', ')}`;
}

/** A re-run's act travels beside its start, as a payload of its own, so that the codec verifies it. */
function argumentsOf(start: StartArguments): RunArguments {
  if (start.kind === 'new') return [start];
  const { data, signature, publicKey } = start.signed;
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
  return [start, new SignedAct(bytes(data), bytes(signature), bytes(publicKey))];
}

/** Starts the workflow of a reserved run; false where that happened already. */
export async function launchRun(client: Client, taskQueue: string, row: RunRow): Promise<boolean> {
  try {
    await client.workflow.start(row.process, {
      workflowId: row.run,
      taskQueue,
      args: argumentsOf(row.start as unknown as StartArguments),
      // A re-run takes the id up again once the earlier epoch has closed.
      workflowIdReusePolicy: row.epoch > 1 ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: new TypedSearchAttributes([
        { key: processAttribute, value: row.process },
        ...(row.key === null ? [] : [{ key: keyAttribute, value: row.key }]),
      ]),
      staticSummary: row.key === null ? row.process : `${row.process} ${row.key}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

const processAttribute = defineSearchAttributeKey('BatonProcess', SearchAttributeType.KEYWORD);
const keyAttribute = defineSearchAttributeKey('BatonKey', SearchAttributeType.KEYWORD);
