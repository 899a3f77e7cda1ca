import type { Bookkeeping, Commit, LedgerHead, Store } from '../contracts/ports.ts';
import type { RecordInput } from '../contracts/messages.ts';

/** What an activity's bookkeeping adds to a transaction. */
export function toCommit(process: string, book: Bookkeeping | undefined): Commit {
  if (!book) return {};
  const { run, epoch } = book.batch;
  return { batch: book.batch, ...(book.desk && { desk: { ...book.desk, run, epoch, process } }) };
}

/** Records what rides along with an activity, before its own work begins. */
export async function recordBook(
  store: Store,
  process: string,
  book: Bookkeeping | undefined,
): Promise<LedgerHead | null> {
  return book ? store.commit(toCommit(process, book)) : null;
}

export async function record(store: Store, input: RecordInput): Promise<LedgerHead | null> {
  const { run, epoch } = input.book.batch;
  return store.commit({
    ...toCommit(input.process, input.book),
    ...(input.close && { close: { run, epoch, status: input.close } }),
  });
}
