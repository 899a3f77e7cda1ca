import { randomBytes } from 'node:crypto';
import { contentsOf } from '../contracts/collection.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { StartArguments } from '../contracts/messages.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import { makeInputs, makeSupplies, versionsOf } from './keep-artifact.ts';

export interface ReserveOptions {
  /** A name of the case in the business's own terms; one run of a process holds it. */
  key?: string | undefined;
  /** Who starts it: they can't decide where four eyes are asked for. */
  by: string;
  /** Fingerprints of the doors that the run trusts. */
  trusted: string[];
  /** ISO 8601: before it, nothing begins. */
  startsAt?: string | undefined;
  /** Artifacts that are there from the start: nothing upstream of them is made. */
  supplied?: JsonObject | undefined;
  /** SHA-256 of the message that starts it: the same again is answered with the run that is there. */
  message?: string | undefined;
}

export interface ReservedRun {
  row: RunRow;
  created: boolean;
  /** What was asked for: of a run that was there already, its row says what it started with. */
  wanted: StartArguments & { kind: 'new' };
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

/** Puts a new run's row, input and supplied artifacts into the store; its workflow is yet to be started. */
export async function reserveRun<P extends Process>(
  store: Store,
  process: P,
  input: ProcessInput<P>,
  options: ReserveOptions,
): Promise<ReservedRun> {
  const { key = null, by, trusted, startsAt, supplied = {}, message } = options;
  const { manifest } = process;
  const made = makeInputs(readInput(process, input), manifest.inputs);
  const pinned = makeSupplies(supplied, manifest);
  const run = mintRunId(process.name);
  const wanted: StartArguments & { kind: 'new' } = {
    kind: 'new',
    run,
    manifest,
    inputs: versionsOf(made),
    startedBy: by,
    trusted,
    ...(startsAt !== undefined && { startsAt }),
    ...(message !== undefined && { message }),
    ...(pinned.length > 0 && { pinned: versionsOf(pinned) }),
  };
  const { row, created } = await store.runs.reserve(
    {
      run,
      process: process.name,
      key,
      epoch: 1,
      startedBy: by,
      manifestDigest: manifest.digest,
      start: wanted as unknown as Json,
      startsAt: startsAt ?? null,
    },
    contentsOf([...made, ...pinned]),
  );
  return { row, created, wanted };
}

/** In what a start asks for another thing than the one that holds its key; null where in nothing. */
export function differenceOf({ wanted, row }: ReservedRun): string | null {
  const held = row.start as unknown as StartArguments;
  if (wanted.message !== undefined && held.kind === 'new')
    return held.message === wanted.message ? null : 'it was started by another message';
  const { manifest, inputs, pinned = {} } = held.kind === 'new' ? held : held.state;
  if (manifest.digest !== wanted.manifest.digest) return 'it goes by another definition of the process';
  const given = { ...wanted.inputs, ...wanted.pinned };
  const there = { ...inputs, ...pinned };
  const names = [...new Set([...Object.keys(there), ...Object.keys(given)])];
  const other = names.filter((name) => there[name]?.digest !== given[name]?.digest);
  return other.length === 0 ? null : `its input differs: ${other.join(', ')}`;
}
