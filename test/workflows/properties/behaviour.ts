import type { Facts, Version } from '../../../contracts/artifact.ts';
import type { Json } from '../../../contracts/json.ts';
import type { TaskEnd } from '../../../contracts/outcome.ts';
import type { TaskStart } from '../../../contracts/state.ts';
import type { Behaviour, Scenario } from './scenario.ts';
import { canonicalJson } from '../../../contracts/json.ts';

/** How a made-up agent ends an attempt: a function of what it was given. */
export function endOf(scenario: Scenario, start: TaskStart, allSucceed: boolean): TaskEnd {
  const behaviour = behaviourOf(scenario, start.agent);
  if (!allSucceed && behaviour.fails && hash([start.key, start.attempt]) % 2 === 0) {
    return { kind: 'failed', failure: { type: 'Agent.Failed', message: 'made up' } };
  }
  const questions = behaviour.asks ? unanswered(start) : [];
  if (questions.length > 0) {
    return { kind: 'asks', questions: questions.map((id) => ({ id, prompt: `What is ${id}?` })) };
  }
  const produces = Object.keys(scenario.manifest.tasks[start.agent]?.produces ?? {});
  return {
    kind: 'done',
    artifacts: Object.fromEntries(
      produces.map((artifact) => [artifact, contentOf(behaviour, artifact, start)]),
    ),
  };
}

/** A version that a person made up: `choice` chooses among a few. */
export function versionBy(scenario: Scenario, agent: string, artifact: string, choice: number): Version {
  const behaviour = behaviourOf(scenario, agent);
  const seed = hash([artifact, choice % 3]);
  return behaviour.collection ? collectionVersion(artifact, seed) : plainVersion(artifact, seed);
}

/** What an edit makes of a version. */
export function editedVersion(base: Version, delta: Json): Version {
  const digest = `edit-${hash([base, delta])}`;
  return { ...base, digest };
}

/** A small number that hangs on all of a value. */
export function hash(value: unknown): number {
  const text = canonicalJson(value);
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  }
  // The low bits of FNV-1a are weak: mix them.
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return (sum ^ (sum >>> 12)) >>> 0;
}

function behaviourOf(scenario: Scenario, agent: string): Behaviour {
  return scenario.behaviours[agent] ?? { content: 'given', collection: false, asks: false, fails: false };
}

function unanswered(start: TaskStart): string[] {
  const answers = start.answers ?? {};
  const first = hash([start.key]) % 2 === 0 ? ['q1'] : ['q1', 'q2'];
  if (first.some((id) => !(id in answers))) return first.filter((id) => !(id in answers));
  return answers['q1'] === 1 && !('q3' in answers) ? ['q3'] : [];
}

function contentOf(behaviour: Behaviour, artifact: string, start: TaskStart): Version {
  const seed = hash([artifact, start.element ?? null, start.answers ?? null, dependsOn(behaviour, start)]);
  return behaviour.collection ? collectionVersion(artifact, seed) : plainVersion(artifact, seed);
}

function dependsOn(behaviour: Behaviour, start: TaskStart): unknown {
  switch (behaviour.content) {
    case 'given':
      return [start.needs, start.changes];
    case 'coarse':
      return [Object.values(start.needs).reduce((sum, need) => sum + numberOf(need), 0) % 2];
    case 'key':
      return [start.key];
    case 'attempt':
      return [start.key, start.attempt];
  }
}

function numberOf(version: Version | null): number {
  const n = version?.facts['n'];
  return typeof n === 'number' ? n : 0;
}

function plainVersion(artifact: string, seed: number): Version {
  return { digest: `${artifact}-${seed}`, facts: { n: seed % 3 } };
}

function collectionVersion(artifact: string, seed: number): Version {
  const elements: { [key: string]: { digest: string; facts: Facts } } = {};
  // Keys come in varying order: order is no part of identity.
  const keys = seed % 2 === 0 ? ['a', 'b/b', 'constructor'] : ['constructor', 'b/b', 'a'];
  for (const [index, key] of keys.entries()) {
    if ((seed >>> (index + 4)) % 4 === 0) continue;
    const content = (seed >>> (8 + (key.length % 4))) % 2;
    elements[key] = { digest: `${artifact}.${key}-${content}`, facts: { n: content } };
  }
  return { digest: `${artifact}-${hash(elements)}`, facts: { n: seed % 3 }, elements };
}
