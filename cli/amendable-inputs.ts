import { readRunFromLedger } from '../client/read-run.ts';
import type { JsonSchema } from '../contracts/json.ts';
import type { DeskRow, Store } from '../contracts/ports.ts';

/** Inputs that what failed was made from, and that may be amended: with another value it goes on, without a decision. */
export async function readAmendable(
  store: Store,
  { run, checkpoint }: DeskRow,
): Promise<{ [field: string]: JsonSchema }> {
  if (checkpoint.kind !== 'exception') return {};
  const { inputs } = (await readRunFromLedger(store, run)).state.manifest;
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([field, { amendable }]) => amendable && Object.hasOwn(checkpoint.shown.subjects, field))
      .map(([field, { schema }]) => [field, schema]),
  );
}
