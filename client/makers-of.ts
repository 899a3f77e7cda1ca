import { isDeepStrictEqual } from 'node:util';
import type { Lineage, Version } from '../contracts/artifact.ts';
import type { Json } from '../contracts/json.ts';
import type { StartArguments } from '../contracts/messages.ts';
import type { RunRow } from '../contracts/ports.ts';
import { versionId } from '../workflows/fold/versions.ts';
import type { RecordedOutcome } from './read-run.ts';

/** What or who a version of an artifact is from. */
export type Maker =
  | { kind: 'task'; task: string; agent: string; agentVersion: string; attempt: number }
  | { kind: 'edit' | 'supply' | 'amendment' | 'start'; person: string | null; at: string }
  | { kind: 'effect'; slot: string; at: string }
  /** A collection that was made one by one. */
  | { kind: 'elements' }
  | { kind: 'unknown' };

interface Made {
  version: Pick<Version, 'digest' | 'elements'>;
  by: Maker;
  /** By what it is called: digests of what it was made from; null for what was absent. */
  from: { [artifact: string]: string | null };
}

/** By name, then digest. Where the same content was made twice, the later maker stands. */
export type Makers = Map<string, Map<string, Made>>;

/** Every version on record of a run, and who or what made it. */
export function makersOf(row: RunRow, outcomes: RecordedOutcome[]): Makers {
  const makers: Makers = new Map();
  const whole = new Map<string, Version>();
  const add = (name: string, version: Version, by: Maker, from: Made['from'] = {}): void => {
    const versions = makers.get(name) ?? new Map<string, Made>();
    makers.set(name, versions.set(version.digest, { version, by, from }));
    const { digest, facts, elements } = version;
    whole.set(JSON.stringify([name, versionId({ digest, facts, ...(elements && { elements }) })]), version);
  };
  const addAll = (versions: { [name: string]: Version }, by: Maker): void => {
    for (const [name, version] of Object.entries(versions)) add(name, version, by);
  };
  const start = row.start as Json as unknown as StartArguments;
  const { inputs, pinned } = start.kind === 'new' ? start : start.state;
  addAll({ ...inputs, ...pinned }, { kind: 'start', person: row.startedBy, at: row.startedAt });
  for (const [index, { outcome, at }] of outcomes.entries()) {
    if (outcome.type === 'result')
      for (const reference of outcome.references ?? [])
        add(reference.name, reference, taskOf(outcome.lineage, outcome.task), outcome.lineage?.from);
    else if (outcome.type === 'editApplied') {
      const base = whole.get(JSON.stringify([outcome.cell, outcome.base]));
      if (!('result' in outcome.end) || outcome.end.result.digest === base?.digest) continue;
      const { cell, delta, end } = outcome;
      const asked = outcomes
        .slice(0, index)
        .findLast(
          (one) =>
            one.outcome.type === 'decision' &&
            one.outcome.verb === 'edit' &&
            isDeepStrictEqual(one.outcome.delta, delta),
        );
      const person = asked?.outcome.type === 'decision' ? asked.outcome.by.person : null;
      add(cell, end.result, { kind: 'edit', person, at: asked?.at ?? at }, { [cell]: base?.digest ?? null });
    } else if (outcome.type === 'effectEnded') {
      if (outcome.reference)
        add(outcome.reference.name, outcome.reference, { kind: 'effect', slot: outcome.slot, at });
    } else if (outcome.type === 'amend')
      add(outcome.field, outcome.version, { kind: 'amendment', person: outcome.by.person, at });
    else if (outcome.type === 'supply' || outcome.type === 'decision') {
      const person = outcome.by.person;
      const element = outcome.type === 'supply' ? elementIn(outcome.task) : '';
      for (const [name, version] of Object.entries(outcome.artifacts ?? {}))
        add(`${name}${element}`, version, { kind: 'supply', person, at });
      if (outcome.type === 'decision')
        addAll(outcome.changes?.inputs ?? {}, { kind: 'amendment', person, at });
    }
  }
  return makers;
}

function taskOf(lineage: Lineage | undefined, task: string): Maker {
  if (!lineage) return { kind: 'unknown' };
  const { agent, agentVersion, attempt } = lineage;
  return { kind: 'task', task, agent, agentVersion, attempt };
}

function elementIn(task: string): string {
  const at = task.indexOf('/');
  return at < 0 ? '' : task.slice(at);
}
