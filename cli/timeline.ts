import type { RecordedOutcome } from '../client/read-run.ts';
import type { DecisionMade, Outcome, OutcomeOf } from '../contracts/outcome.ts';
import { phrase } from './language/phrase.ts';
import { readableDuration, readableMoment } from './output.ts';

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

const list = (names: string[]): string => names.join(', ') || phrase`nothing`;

export function describeOutcome(outcome: Outcome): string {
  switch (outcome.type) {
    case 'started':
      return outcome.attempt > 1
        ? phrase`${outcome.task} started (attempt ${outcome.attempt})`
        : phrase`${outcome.task} started`;
    case 'cancelled':
      return phrase`${outcome.task} cancelled: its result is not wanted any more`;
    case 'result':
      return describeResult(outcome);
    case 'editApplied':
      return 'result' in outcome.end
        ? phrase`${outcome.cell} edited: ${outcome.end.result.digest.slice(0, 12)}`
        : phrase`the edit of ${outcome.cell} could not be applied: ${outcome.end.failure.message}`;
    case 'reserved':
      return phrase`${outcome.slot}: slot reserved to ${outcome.verb}`;
    case 'effectEnded':
      return outcome.end.kind === 'success'
        ? {
            do: phrase`${outcome.slot}: done`,
            amend: phrase`${outcome.slot}: amended`,
            undo: phrase`${outcome.slot}: undone`,
          }[outcome.verb]
        : {
            refused: phrase`${outcome.slot}: refused: ${outcome.end.failure.message}`,
            uncertain: phrase`${outcome.slot}: uncertain: ${outcome.end.failure.message}`,
          }[outcome.end.kind];
    case 'recallable':
      return phrase`${outcome.slot}: can be recalled until ${readableMoment(outcome.until)}`;
    case 'elapsed':
      return phrase`${outcome.slot}: can't be recalled any more`;
    case 'decision':
      return describeDecision(outcome);
    case 'amend':
      return phrase`${outcome.by.person} amended the input ${outcome.field}`;
    case 'supply':
      return phrase`${outcome.by.person} supplied ${list(Object.keys(outcome.artifacts))}`;
    case 'invalidate':
      return phrase`${outcome.by.person} had ${outcome.task} made again`;
    case 'recall':
      return phrase`${outcome.by.person} recalled ${outcome.slot}`;
    case 'cancel':
      return outcome.undo
        ? phrase`${outcome.by.person} cancelled the run, undoing what was done`
        : phrase`${outcome.by.person} cancelled the run`;
    case 'brake':
      return phrase`${outcome.by.person} set the brakes: ${describeBrakes(outcome)}`;
    case 'trust':
      return phrase`${outcome.by.person} changed which doors count: ${outcome.add.length} added, ${outcome.retire.length} retired`;
    case 'close':
      return describeClose(outcome.to);
  }
}

function describeClose(to: Extract<Outcome, { type: 'close' }>['to']): string {
  return {
    finished: phrase`run finished`,
    cancelled: phrase`run cancelled`,
    stopped: phrase`run stopped`,
    rejected: phrase`run rejected`,
  }[to];
}

/** Which brakes were set or lifted, and why. */
export function describeBrakes({ set, reason }: Pick<OutcomeOf<'brake'>, 'set' | 'reason'>): string {
  const { agents = {}, connectors = {} } = set;
  const named = (what: string, held: { [name: string]: boolean }): string[] =>
    Object.entries(held).map(([name, holds]) => `${what} ${name} ${holds ? 'held' : 'let go'}`);
  const parts = [
    ...(set.pause === undefined ? [] : [set.pause ? 'paused' : 'resumed']),
    ...(set.askAlways === undefined ? [] : [set.askAlways ? 'asks always' : 'asks as declared']),
    ...named('agent', agents),
    ...named('connector', connectors),
    ...(reason ? [`“${reason}”`] : []),
  ];
  return list(parts);
}

function describeResult({ task, end }: Extract<Outcome, { type: 'result' }>): string {
  if (end.kind === 'failed') return phrase`${task} failed: ${end.failure.message}`;
  if (end.kind === 'asks')
    return end.questions.length === 1
      ? phrase`${task} asks a question`
      : phrase`${task} asks ${end.questions.length} questions`;
  const made = Object.entries(end.artifacts).map(([name, { digest }]) => `${name} ${digest.slice(0, 12)}`);
  return phrase`${task} made ${list(made)}`;
}

function describeDecision(outcome: Extract<Outcome, { type: 'decision' }>): string {
  const { by, verb, checkpoint, changes, reason, answer, artifacts } = outcome;
  const details = [
    ...(changes ? [describeChanges(changes)] : []),
    ...(answer === undefined ? [] : [JSON.stringify(answer)]),
    ...(artifacts ? [list(Object.keys(artifacts))] : []),
    ...(reason ? [`“${reason}”`] : []),
  ];
  const who = by.roles.length > 0 ? `${by.person} (${by.roles.join(', ')})` : by.person;
  return [phrase`${who}: ${verb} at ${shorten(checkpoint)}`, ...details].join(', ');
}

/** LangGraph's ids of questions are long, and say nothing to a person. */
const shorten = (id: string): string => id.replaceAll(/[0-9a-f]{24,}/g, (hash) => hash.slice(0, 8));

function describeChanges({ task, fields, inputs, words }: NonNullable<DecisionMade['changes']>): string {
  const parts = [
    ...Object.entries(fields).map(([field, value]) => `${field} ${JSON.stringify(value)}`),
    ...Object.entries(inputs ?? {}).map(
      ([field, { digest, facts }]) => `${field} ${JSON.stringify(facts['value'] ?? digest.slice(0, 12))}`,
    ),
    ...(words ? [`“${words}”`] : []),
  ];
  return phrase`of ${task}: ${list(parts)}`;
}
