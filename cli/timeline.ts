import type { RecordedOutcome } from '../client/read-run.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { readableDuration } from './output.ts';

/** One line of what happened, for a person. */
export interface TimelineLine {
  at: string;
  /** Milliseconds since the run's first outcome was recorded. */
  since: number;
  epoch: number;
  text: string;
}

export function timelineOf(outcomes: RecordedOutcome[]): TimelineLine[] {
  const begin = Math.min(...outcomes.map(({ at }) => Date.parse(at)));
  return outcomes.map(({ at, epoch, outcome }) => ({
    at,
    since: Date.parse(at) - begin,
    epoch,
    text: describeOutcome(outcome),
  }));
}

export function formatLine({ since, text }: TimelineLine): string {
  return `${readableDuration(since).padStart(9)}  ${text}`;
}

const list = (names: string[]): string => names.join(', ') || 'nothing';

export function describeOutcome(outcome: Outcome): string {
  switch (outcome.type) {
    case 'started':
      return `${outcome.task} started${outcome.attempt > 1 ? ` (attempt ${outcome.attempt})` : ''}`;
    case 'cancelled':
      return `${outcome.task} cancelled: its result is not wanted any more`;
    case 'result':
      return describeResult(outcome);
    case 'editApplied':
      return 'result' in outcome.end
        ? `${outcome.cell} edited: ${outcome.end.result.digest.slice(0, 12)}`
        : `the edit of ${outcome.cell} could not be applied: ${outcome.end.failure.message}`;
    case 'reserved':
      return `${outcome.slot}: slot reserved to ${outcome.verb}`;
    case 'effectEnded':
      return outcome.end.kind === 'success'
        ? `${outcome.slot}: ${{ do: 'done', amend: 'amended', undo: 'undone' }[outcome.verb]}`
        : `${outcome.slot}: ${outcome.end.kind}: ${outcome.end.failure.message}`;
    case 'elapsed':
      return `${outcome.slot}: can't be recalled any more`;
    case 'decision':
      return describeDecision(outcome);
    case 'amend':
      return `${outcome.by.person} amended the input ${outcome.field}`;
    case 'supply':
      return `${outcome.by.person} supplied ${list(Object.keys(outcome.artifacts))}`;
    case 'invalidate':
      return `${outcome.by.person} had ${outcome.task} made again`;
    case 'recall':
      return `${outcome.by.person} recalled ${outcome.slot}`;
    case 'cancel':
      return `${outcome.by.person} cancelled the run${outcome.undo ? ', undoing what was done' : ''}`;
    case 'brake':
      return `${outcome.by.person} set the brakes: ${JSON.stringify(outcome.set)}`;
    case 'trust':
      return `${outcome.by.person} changed which doors count: ${outcome.add.length} added, ${outcome.retire.length} retired`;
    case 'close':
      return `run ${outcome.to}`;
  }
}

function describeResult({ task, end }: Extract<Outcome, { type: 'result' }>): string {
  if (end.kind === 'failed') return `${task} failed: ${end.failure.message}`;
  if (end.kind === 'asks')
    return `${task} asks ${end.questions.length === 1 ? 'a question' : `${end.questions.length} questions`}`;
  const made = Object.entries(end.artifacts).map(([name, { digest }]) => `${name} ${digest.slice(0, 12)}`);
  return `${task} made ${list(made)}`;
}

function describeDecision(outcome: Extract<Outcome, { type: 'decision' }>): string {
  const { by, verb, checkpoint, changes, reason } = outcome;
  const asked = changes
    ? ` of ${changes.task}: ${[JSON.stringify(changes.fields), list(Object.keys(changes.inputs ?? {}))].filter((part) => part !== 'nothing').join(', ')}${changes.words ? ` "${changes.words}"` : ''}`
    : '';
  return `${by.person} (${by.roles.join(', ') || 'no role'}): ${verb} at ${checkpoint}${asked}${reason ? ` "${reason}"` : ''}`;
}
