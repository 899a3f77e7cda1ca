import type { RecordedOutcome } from '../client/read-run.ts';
import type { Outcome } from '../contracts/outcome.ts';
import { phrase } from './language/phrase.ts';
import { labelled } from './output.ts';
import { baseOf } from '../contracts/element-names.ts';

/** What one request to make something again came to: whose results stayed, and whose were made anew. */
export interface Remade {
  /** Position of the request among the outcomes. */
  index: number;
  request: Outcome;
  kept: { [task: string]: string };
  /** By artifact: its digest before, and now; null where there was none. */
  again: { [task: string]: { [artifact: string]: { before: string | null; now: string } } };
}

/** For each request (changes, redo, an input amended, a task invalidated): what was kept, and what was made again. */
export function findRemade(outcomes: RecordedOutcome[]): Remade[] {
  const found: Remade[] = [];
  const made = new Map<string, { [artifact: string]: string }>();
  for (const [index, { outcome }] of outcomes.entries()) {
    if (asksAnew(outcome)) {
      found.push({ index, request: outcome, kept: keptOf(made), again: {} });
      continue;
    }
    if (outcome.type === 'started') {
      // Under way: no more kept, and not yet made again.
      delete found.at(-1)?.kept[outcome.task];
      continue;
    }
    if (outcome.type !== 'result' || outcome.end.kind !== 'done') continue;
    const before = made.get(outcome.task) ?? {};
    const now = Object.fromEntries(
      Object.entries(outcome.end.artifacts).map(([name, { digest }]) => [name, digest]),
    );
    made.set(outcome.task, now);
    const round = found.at(-1);
    if (!round) continue;
    round.again[outcome.task] = Object.fromEntries(
      Object.entries(now).map(([name, digest]) => [name, { before: before[name] ?? null, now: digest }]),
    );
  }
  return found;
}

function asksAnew(outcome: Outcome): boolean {
  if (outcome.type === 'decision') return outcome.verb === 'changes' || outcome.verb === 'redo';
  return outcome.type === 'amend' || outcome.type === 'invalidate';
}

function keptOf(made: Map<string, { [artifact: string]: string }>): { [task: string]: string } {
  return Object.fromEntries(
    [...made].map(([task, artifacts]) => [
      task,
      Object.entries(artifacts)
        .map(([name, digest]) => `${name} ${digest.slice(0, 12)}`)
        .join(', '),
    ]),
  );
}

/** Columns of what begins each line. */
const column = 12;

/** For a person: one line for each task; elements that were kept are counted by agent. */
export function describeRemade({ kept, again }: Remade): string[] {
  const elements = new Map<string, number>();
  for (const task of Object.keys(kept)) {
    const agent = baseOf(task);
    if (agent !== task) elements.set(agent, (elements.get(agent) ?? 0) + 1);
  }
  return [
    ...Object.entries(kept).flatMap(([task, made]) =>
      !task.includes('/') ? [labelled(phrase`kept`, `${task}: ${made}`, column)] : [],
    ),
    ...[...elements].map(([agent, count]) =>
      labelled(phrase`kept`, phrase`${agent}: ${count} of its elements`, column),
    ),
    ...Object.entries(again).map(([task, artifacts]) => {
      const isNew = Object.values(artifacts).every(({ before }) => before === null);
      const label = isNew ? phrase`made first` : phrase`made again`;
      return labelled(
        label,
        `${task}: ${Object.entries(artifacts).map(describeVersions).join(', ')}`,
        column,
      );
    }),
  ];
}

function describeVersions([name, { before, now }]: [string, { before: string | null; now: string }]): string {
  if (before === null) return `${name} ${now.slice(0, 12)}`;
  return before === now
    ? phrase`${name} ${now.slice(0, 12)}, the same as before`
    : `${name} ${before.slice(0, 12)} → ${now.slice(0, 12)}`;
}
