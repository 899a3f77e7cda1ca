import type { DeskRow, Store } from '../contracts/ports.ts';
import { toFailure } from '../contracts/failures.ts';
import { UsageError } from './exit-codes.ts';

/** The open checkpoint that is meant: by id, name or the beginning of its id; the only one where none is named. */
export async function findOpen(store: Store, run: string, named: string | undefined): Promise<DeskRow> {
  const rows = await store.desk.open({ run });
  const known = rows.map(({ checkpoint }) => checkpoint.id).join(', ');
  if (rows.length === 0) throw toFailure('Checkpoint.NotOpen', `Run ${run} asks nothing now.`, { name: run });
  const found =
    named === undefined
      ? rows
      : [
          rows.filter(({ checkpoint }) => checkpoint.id === named),
          rows.filter(({ checkpoint }) => checkpoint.name === named),
          rows.filter(({ checkpoint }) => checkpoint.id.startsWith(named)),
        ].find((some) => some.length > 0);
  if (!found)
    throw toFailure('Checkpoint.NotOpen', `Run ${run} asks nothing called ${named} now; it asks ${known}.`, {
      name: named ?? run,
    });
  if (found.length > 1) throw new UsageError(`Run ${run} asks several things: name one of ${known}.`);
  return found[0]!;
}

/** Throws `Checkpoint.Stale` unless what is open is what was shown: its digest, or the first characters of it. */
export function assertShown({ checkpoint, digest }: DeskRow, shown: string): void {
  if (shown.length >= 8 && digest.startsWith(shown)) return;
  throw shown.length < 8
    ? new UsageError(`--digest ${shown} is too short: give 8 characters of it at least.`)
    : toFailure(
        'Checkpoint.Stale',
        `${checkpoint.id} is ${digest.slice(0, 12)} now, not ${shown.slice(0, 12)}: it has changed since.`,
        { name: checkpoint.id },
      );
}
