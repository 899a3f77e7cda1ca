import { outcomesOf, readRunFromLedger } from './read-run.ts';
import type { Version } from '../contracts/artifact.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Store } from '../contracts/ports.ts';
import { artifactsOf as standingsOf } from '../workflows/fold/keys.ts';
import { splitName } from '../contracts/element-names.ts';
import { own } from '../workflows/fold/records.ts';
import { artifactsOf } from './artifacts-of.ts';

type Found = Pick<Version, 'digest' | 'elements'> & { name: string };

/**
 * The newest version of that name, or the one whose digest begins so. Fields of the input are artifacts too, and so are
 * a collection that was made one by one and an element of one that was made whole.
 * Throws `Artifact.NotMade` with the names that there are.
 */
export async function findArtifact(store: Store, run: string, name: string): Promise<Found> {
  const all = await versionsIn(store, run);
  const { base, element } = splitName(name);
  const whole = element === undefined ? undefined : all.findLast((one) => one.name === base);
  const part = element === undefined ? undefined : own(whole?.elements, element);
  const found =
    all.findLast((one) => one.name === name) ??
    (part && { ...part, name }) ??
    (name.length >= 8 ? all.findLast((one) => one.digest.startsWith(name)) : undefined);
  if (found) return found;
  const known = [...new Set(all.map((one) => one.name))].join(', ') || 'none yet';
  throw toFailure('Artifact.NotMade', `Run ${run} has no artifact ${name}; it has ${known}.`, { name });
}

/** Every version that the run has or had, the newest last of each name. */
export async function versionsIn(store: Store, run: string): Promise<Found[]> {
  const made = artifactsOf(outcomesOf(await store.ledger.read(run)));
  const { state } = await readRunFromLedger(store, run);
  const known = new Set(made.map(({ name }) => name));
  const composed = Object.entries(standingsOf(state)).flatMap(([name, { version }]) =>
    version?.elements && !known.has(name) ? [{ ...version, name }] : [],
  );
  const given = Object.entries({ ...state.inputs, ...state.pinned });
  return [...given.map(([name, version]) => ({ ...version, name })), ...made, ...composed];
}
