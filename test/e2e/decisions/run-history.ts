import type { BatonClient } from '../../../client/create-client.ts';
import type { Json } from '../../../contracts/json.ts';
import type { Outcome, OutcomeOf } from '../../../contracts/outcome.ts';
import type { Store } from '../../../contracts/ports.ts';

/** Ids of the Updates that a run's history has accepted. */
export async function acceptedUpdates(client: BatonClient, run: string): Promise<string[]> {
  const { events } = await client.temporal.workflow.getHandle(run).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    return accepted ? [accepted.acceptedRequest?.meta?.updateId ?? ''] : [];
  });
}

/** The run's outcomes of one kind, as the ledger has them. */
export async function recorded<T extends Outcome['type']>(
  store: Store,
  run: string,
  type: T,
): Promise<OutcomeOf<T>[]> {
  const records = await store.ledger.read(run);
  return records
    .filter(({ kind }) => kind === 'outcome')
    .map(({ body }) => body as unknown as Outcome)
    .filter((outcome): outcome is OutcomeOf<T> => outcome.type === type);
}

/** What doors have recorded as refused, in order. */
export async function refusals(store: Store, run: string): Promise<{ [member: string]: Json }[]> {
  const records = await store.ledger.read(run);
  return records
    .filter(({ kind }) => kind === 'refusal')
    .map(({ body }) => body as { [member: string]: Json });
}

/** The type of the failure that a promise ends in. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && 'type' in error && typeof error.type === 'string') return error.type;
    return `not of the table: ${String(error)}`;
  }
  return 'none';
}
