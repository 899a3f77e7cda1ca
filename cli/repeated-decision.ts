import { toFailure } from '../contracts/failures.ts';
import type { RunView } from '../contracts/messages.ts';
import { isSeenAs } from '../contracts/seen.ts';

export interface Repeated {
  verb: string;
  digest: string;
}

/** What was decided under this id before, where it is what is decided now; null where nothing was. Throws `Decision.IdInUse`. */
export function findRepeated(
  { state }: Pick<RunView, 'state'>,
  given: { id: string; person: string; verb?: string | undefined; digest?: string | undefined },
): Repeated | null {
  const { id, person } = given;
  if (!Object.hasOwn(state.seen, id)) return null;
  const seen = state.seen[id] as Partial<Repeated>;
  if (seen.verb !== undefined && seen.digest !== undefined) {
    const { verb, digest } = seen;
    // Beginnings of a digest name it, as everywhere at the command line.
    const meant = digest.startsWith(given.digest ?? '') ? digest : given.digest!;
    const act = { kind: 'decide', person, verb: given.verb ?? verb, digest: meant };
    if (isSeenAs(state.seen[id], act)) return { verb, digest };
  }
  throw toFailure('Decision.IdInUse', `Another decision of this run bears the id ${id}.`, { name: id });
}
