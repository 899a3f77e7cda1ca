import { readRunFromLedger } from '../client/read-run.ts';
import type { Checkpoint } from '../contracts/checkpoint.ts';
import type { JsonSchema } from '../contracts/json.ts';
import type { Manifest } from '../contracts/manifest.ts';
import type { DeskRow, Store } from '../contracts/ports.ts';

/** Inputs that what failed was made from, and that may be amended: with another value it goes on, without a decision. */
export function amendableInputs(
  { inputs }: Manifest,
  { kind, shown }: Checkpoint,
): { [field: string]: JsonSchema } {
  if (kind !== 'exception') return {};
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([field, { amendable }]) => amendable && Object.hasOwn(shown.subjects, field))
      .map(([field, { schema }]) => [field, schema]),
  );
}

/** The same, for a run that is on record. */
export async function readAmendable(
  store: Store,
  { run, checkpoint }: DeskRow,
): Promise<{ [field: string]: JsonSchema }> {
  return amendableInputs((await readRunFromLedger(store, run)).state.manifest, checkpoint);
}
