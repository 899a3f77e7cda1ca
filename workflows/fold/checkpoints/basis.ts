import type { Facts, Version } from '../../../contracts/artifact.ts';
import type { Checkpoint, CheckpointKind, Shown, Verb } from '../../../contracts/checkpoint.ts';
import { digestOf } from '../../../contracts/json.ts';
import type { Who } from '../../../contracts/manifest.ts';
import type { Cell, Need, View } from '../view.ts';
import { remember } from '../memory.ts';
import { versionId } from '../versions.ts';

/** What is asked, about what, of whom: all but what the basis and the record add. */
export interface Asked {
  id: string;
  kind: CheckpointKind;
  name: string;
  cell?: string;
  task?: string;
  slot?: string;
  by: Who;
  fourEyes: boolean;
  subjects: { [artifact: string]: Version | null };
  /** Everything else that is shown. */
  shown?: Omit<Shown, 'subjects' | 'policy'>;
  /** What tells this question from others that look alike, such as the key that a task asks under. */
  apart?: string;
}

export type Based = Pick<
  Checkpoint,
  'id' | 'kind' | 'name' | 'cell' | 'task' | 'slot' | 'basis' | 'by' | 'fourEyes' | 'shown'
>;

/** The question with the hash of all that it shows; `parts` are what `describe` reads, by identity. One a kind and place is remembered. */
export function baseOn(
  view: View,
  kind: string,
  place: string,
  parts: readonly unknown[],
  describe: () => Asked,
): Based {
  return remember(view.memory, kind, place, parts, () => {
    const { subjects, shown: more, apart, ...asked } = describe();
    const ids: { [artifact: string]: string | null } = {};
    const facts: { [artifact: string]: { digest: string; facts: Facts } | null } = {};
    for (const [artifact, version] of Object.entries(subjects)) {
      ids[artifact] = version && versionId(version);
      facts[artifact] = version && { digest: version.digest, facts: version.facts };
    }
    const shown: Shown = { subjects: facts, ...more, policy: { by: asked.by, fourEyes: asked.fourEyes } };
    const lapsed = more?.lapsed ? { lapsed: versionId(more.lapsed) } : {};
    // A subject's id covers more than is shown of it: the elements of a collection, too.
    const basis = digestOf({
      ...asked,
      ...(apart === undefined ? {} : { apart }),
      shown: { ...shown, ...lapsed, subjects: ids },
    });
    return { ...asked, basis, shown };
  });
}

/** The checkpoint as it is asked now, by how often this basis was decided before. */
export function ask(
  view: View,
  based: Based,
  offers: Verb[],
  accepts: Checkpoint['accepts'] = {},
): Checkpoint {
  const round = view.verdict(based.basis)?.round ?? 0;
  return { ...based, round, offers, accepts };
}

export function subjectsOf(needs: Pick<Need, 'artifact' | 'cell'>[]): { [artifact: string]: Version | null } {
  return Object.fromEntries(needs.map(({ artifact, cell }) => [artifact, versionOf(cell)]));
}

export function versionOf(cell: Cell): Version | null {
  return cell.state === 'usable' || cell.state === 'gated' ? cell.version : null;
}
