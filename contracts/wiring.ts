import type { ProcessDefinition } from './define-process.ts';

/** Who makes what and who waits for it, read off a definition that may be wrong. */
export interface Wiring {
  /** By artifact, everyone who makes it, in words. */
  makers: Map<string, string[]>;
  artifacts: Map<string, 'field' | 'made' | 'receipt'>;
  /** By artifact, the task that makes it. */
  producers: Map<string, string>;
  /** By task, the artifacts that it waits for: its needs, its condition, and the conditions of their reviews. */
  dependencies: Map<string, string[]>;
  /** Artifacts that outputs and effects come from. */
  demanded: Set<string>;
  /** Tasks that wait for one another in a ring, each with the artifact it waits for; null if there is no ring. */
  cycle: { task: string; artifact: string }[] | null;
}

export function readWiring(definition: ProcessDefinition): Wiring {
  const makers = new Map<string, string[]>();
  const artifacts: Wiring['artifacts'] = new Map();
  const producers = new Map<string, string>();
  const add = (artifact: string, kind: 'field' | 'made' | 'receipt', who: string): void => {
    makers.set(artifact, [...(makers.get(artifact) ?? []), who]);
    if (!artifacts.has(artifact)) artifacts.set(artifact, kind);
  };
  for (const field of Object.keys(definition.input.shape)) add(field, 'field', 'the input');
  for (const maker of definition.team) {
    for (const artifact of Object.keys(maker.produces)) {
      add(artifact, 'made', `'${maker.name}'`);
      producers.set(artifact, maker.name);
    }
  }
  const effects = Object.entries(definition.effects ?? {});
  for (const [name, { receipt }] of effects) {
    if (receipt === undefined) continue;
    add(receipt, 'receipt', `the receipt of effect '${name}'`);
    producers.set(receipt, receiptNode(name));
  }
  const dependencies = readDependencies(definition);
  const asked = [
    ...Object.keys(definition.output),
    ...effects.flatMap(([, { subjects, when }]) => [...subjects, ...Object.keys(when ?? {})]),
  ];
  return {
    makers,
    artifacts,
    producers,
    dependencies,
    demanded: findUpstream(asked, producers, dependencies),
    cycle: findCycle(producers, dependencies),
  };
}

function readDependencies(definition: ProcessDefinition): Map<string, string[]> {
  const reviews = Object.values(definition.checkpoints ?? {}).filter(
    (checkpoint) => checkpoint.kind === 'review',
  );
  const withReviews = (artifacts: string[]): string[] => [
    ...artifacts,
    ...reviews
      .filter(({ of }) => artifacts.includes(of))
      .flatMap(({ of, when }) => Object.keys(when ?? {}).filter((artifact) => artifact !== of)),
  ];
  const tasks = definition.team.map(
    (maker) =>
      [
        maker.name,
        withReviews([...Object.keys(maker.needs), ...Object.keys(definition.when?.[maker.name] ?? {})]),
      ] as const,
  );
  const effects = Object.entries(definition.effects ?? {}).map(
    ([name, { subjects, when }]) =>
      [receiptNode(name), withReviews([...subjects, ...Object.keys(when ?? {})])] as const,
  );
  return new Map([...tasks, ...effects]);
}

function receiptNode(effect: string): string {
  return `effect ${effect}`;
}

function findUpstream(
  asked: readonly string[],
  producers: Map<string, string>,
  dependencies: Map<string, string[]>,
): Set<string> {
  const found = new Set<string>();
  const waiting = [...asked];
  for (let artifact = waiting.pop(); artifact !== undefined; artifact = waiting.pop()) {
    if (found.has(artifact)) continue;
    found.add(artifact);
    const producer = producers.get(artifact);
    if (producer !== undefined) waiting.push(...(dependencies.get(producer) ?? []));
  }
  return found;
}

function findCycle(
  producers: Map<string, string>,
  dependencies: Map<string, string[]>,
): { task: string; artifact: string }[] | null {
  const done = new Set<string>();
  const walk = (task: string, path: { task: string; artifact: string }[]): typeof path | null => {
    const start = path.findIndex((step) => step.task === task);
    if (start >= 0) return path.slice(start);
    if (done.has(task)) return null;
    for (const artifact of dependencies.get(task) ?? []) {
      const producer = producers.get(artifact);
      const cycle = producer === undefined ? null : walk(producer, [...path, { task, artifact }]);
      if (cycle) return cycle;
    }
    done.add(task);
    return null;
  };
  for (const task of dependencies.keys()) {
    const cycle = walk(task, []);
    if (cycle) return cycle;
  }
  return null;
}
