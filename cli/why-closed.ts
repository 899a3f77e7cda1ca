import type { RecordedOutcome } from '../client/read-run.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { describeOutcome } from './timeline.ts';

/** Why a run closed without having finished, as its record says: who ended it, and what had failed there. */
export function whyClosed(outcomes: RecordedOutcome[]): string[] {
  const at = outcomes.findLastIndex(({ outcome }) => ends(outcome));
  const end = outcomes[at]?.outcome;
  if (!end) return [];
  const place = end.type === 'decision' ? end.checkpoint : '';
  const failed = outcomes
    .slice(0, at)
    .map(({ outcome }) => outcome)
    .findLast((outcome) => isAt(outcome, place));
  return [...(failed ? [describeOutcome(failed)] : []), describeOutcome(end)];
}

function ends(outcome: Outcome): boolean {
  return (
    outcome.type === 'cancel' ||
    (outcome.type === 'decision' && (outcome.verb === 'reject' || outcome.verb === 'stop'))
  );
}

function isAt(outcome: Outcome, checkpoint: string): boolean {
  if (outcome.type === 'result')
    return outcome.end.kind === 'failed' && checkpoint.endsWith(`:${outcome.task}`);
  return (
    outcome.type === 'effectEnded' &&
    outcome.end.kind !== 'success' &&
    checkpoint.endsWith(`:${outcome.slot}`)
  );
}
