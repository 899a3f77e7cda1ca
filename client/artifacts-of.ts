import type { RecordedOutcome } from './read-run.ts';
import type { Reference } from '../contracts/artifact.ts';

/** An artifact of a run, and where it came from. */
export interface ShownArtifact {
  name: string;
  digest: string;
  /** Of a collection that was made as a whole. */
  elements?: Reference['elements'];
  mediaType: string;
  bytes: number;
  /** The task that made it, the edit that changed it, or the slot whose receipt it is. */
  by: string;
  agentVersion: string | null;
  from: { [artifact: string]: string | null };
}

/** Every version that was made, in order. */
export function artifactsOf(outcomes: RecordedOutcome[]): ShownArtifact[] {
  const show = (
    { name, digest, elements, mediaType, bytes }: Reference,
    by: string,
    agentVersion: string | null,
    from: ShownArtifact['from'],
  ): ShownArtifact => ({
    name,
    digest,
    ...(elements && { elements }),
    mediaType,
    bytes,
    by,
    agentVersion,
    from,
  });
  const latest = new Map<string, string>();
  return outcomes.flatMap(({ outcome }): ShownArtifact[] => {
    if (outcome.type === 'result')
      return (outcome.references ?? []).map((reference) => {
        latest.set(reference.name, reference.digest);
        return show(
          reference,
          outcome.task,
          outcome.lineage?.agentVersion ?? null,
          outcome.lineage?.from ?? {},
        );
      });
    if (outcome.type === 'editApplied' && outcome.reference)
      return [
        show(outcome.reference, `an edit of ${outcome.cell}`, null, {
          [outcome.cell]: latest.get(outcome.cell) ?? null,
        }),
      ];
    if (outcome.type === 'effectEnded' && outcome.reference)
      return [show(outcome.reference, outcome.slot, null, {})];
    return [];
  });
}
