import type {
  Manifest,
  ManifestAuthorise,
  ManifestEffect,
  ManifestReview,
  ManifestTask,
} from '../../contracts/manifest.ts';
import { nameOf } from '../../contracts/element-names.ts';

/** Who makes an artifact: the run's input, an agent (a person or the outside too), or an effect by its receipt. */
export type Producer =
  | { kind: 'input' }
  | { kind: 'task'; agent: string; task: ManifestTask }
  | { kind: 'receipt'; effect: string };

/** What follows from a manifest alone. */
export interface Graph {
  producers: Map<string, Producer>;
  reviews: Map<string, { name: string; review: ManifestReview }[]>;
  authorise: Map<string, { name: string; authorise: ManifestAuthorise }>;
  /** As `nameOf`, the same string each time: its hash is computed once. */
  nameOf(base: string, element: string | undefined): string;
  /** The collection whose keys the elements of an artifact bear; the artifact itself if it is not made one by one. */
  root(artifact: string): string;
  /** Whether the artifact is made element by element. */
  isMadeByElement(artifact: string): boolean;
  /** The collection that an effect is done for each element of. */
  effectRoot(effect: ManifestEffect): string | undefined;
  /** Agents upstream of the artifacts, their makers included, through needs, conditions and receipts; none behind what is pinned. */
  agentsBehind(artifacts: string[], pinned: { [artifact: string]: unknown }): string[];
  /** Agents whose work one agent may have to wait for: those behind what it makes, and behind the conditions of reviews and authorisations on the way. */
  agentsAwaited(agent: string, pinned: { [artifact: string]: unknown }): ReadonlySet<string>;
  /** Whether everything that takes the artifact can do without it. */
  isDispensable(artifact: string): boolean;
}

const graphs = new WeakMap<Manifest, Graph>();

export function graphOf(manifest: Manifest): Graph {
  const known = graphs.get(manifest);
  if (known) return known;
  const graph = makeGraph(manifest);
  graphs.set(manifest, graph);
  return graph;
}

function makeGraph(manifest: Manifest): Graph {
  const producers = new Map<string, Producer>();
  for (const field of Object.keys(manifest.inputs)) producers.set(field, { kind: 'input' });
  for (const [agent, task] of Object.entries(manifest.tasks)) {
    for (const artifact of Object.keys(task.produces)) producers.set(artifact, { kind: 'task', agent, task });
  }
  for (const [effect, { receipt }] of Object.entries(manifest.effects)) {
    if (receipt !== undefined) producers.set(receipt, { kind: 'receipt', effect });
  }
  const reviews: Graph['reviews'] = new Map();
  const authorise: Graph['authorise'] = new Map();
  for (const [name, checkpoint] of Object.entries(manifest.checkpoints)) {
    if (checkpoint.kind === 'review') {
      reviews.set(checkpoint.of, [...(reviews.get(checkpoint.of) ?? []), { name, review: checkpoint }]);
    } else authorise.set(checkpoint.effect, { name, authorise: checkpoint });
  }

  const over = (artifact: string): string | undefined => {
    const producer = producers.get(artifact);
    if (producer?.kind === 'task') return producer.task.each?.over;
    const effect = producer?.kind === 'receipt' ? manifest.effects[producer.effect] : undefined;
    return effect?.each ? effect.subjects[0] : undefined;
  };
  const roots = new Map<string, string>();
  const root = (artifact: string): string => {
    const known = roots.get(artifact);
    if (known !== undefined) return known;
    roots.set(artifact, artifact);
    const above = over(artifact);
    const found = above === undefined ? artifact : root(above);
    roots.set(artifact, found);
    return found;
  };

  const before = (artifact: string): string[] => {
    const producer = producers.get(artifact);
    if (producer?.kind === 'task') {
      const { needs, when, each } = producer.task;
      return [...Object.keys(needs), ...Object.keys(when ?? {}), ...(each ? [each.over] : [])];
    }
    const effect = producer?.kind === 'receipt' ? manifest.effects[producer.effect] : undefined;
    return effect ? [...effect.subjects, ...Object.keys(effect.when ?? {})] : [];
  };

  const asked = (artifact: string): string[] => {
    const producer = producers.get(artifact);
    const effect = producer?.kind === 'receipt' ? producer.effect : undefined;
    const conditions = (reviews.get(artifact) ?? []).map(({ review }) => review.when);
    if (effect !== undefined) conditions.push(authorise.get(effect)?.authorise.when);
    return conditions.flatMap((when) => Object.keys(when ?? {}));
  };
  const makersOf = (artifacts: string[], next: (artifact: string) => string[]): Set<string> => {
    const seen = new Set<string>();
    const agents = new Set<string>();
    const open = [...artifacts];
    for (let artifact = open.pop(); artifact !== undefined; artifact = open.pop()) {
      if (seen.has(artifact)) continue;
      seen.add(artifact);
      const producer = producers.get(artifact);
      if (producer?.kind === 'task') agents.add(producer.agent);
      open.push(...next(artifact));
    }
    return agents;
  };

  const names = new Map<string, Map<string, string>>();
  return {
    nameOf(base, element) {
      if (element === undefined) return base;
      let ofBase = names.get(base);
      if (!ofBase) names.set(base, (ofBase = new Map()));
      let name = ofBase.get(element);
      if (name === undefined) ofBase.set(element, (name = nameOf(base, element)));
      return name;
    },
    producers,
    reviews,
    authorise,
    root,
    isMadeByElement: (artifact) => over(artifact) !== undefined,
    effectRoot: (effect) =>
      effect.each && effect.subjects[0] !== undefined ? root(effect.subjects[0]) : undefined,
    agentsBehind(artifacts, pinned) {
      const isMade = (artifact: string): boolean => !Object.hasOwn(pinned, artifact);
      const agents = makersOf(artifacts.filter(isMade), (artifact) => before(artifact).filter(isMade));
      return Object.keys(manifest.tasks).filter((agent) => agents.has(agent));
    },
    agentsAwaited(agent, pinned) {
      const isMade = (artifact: string): boolean => !Object.hasOwn(pinned, artifact);
      return makersOf(Object.keys(manifest.tasks[agent]?.produces ?? {}), (artifact) => [
        ...(isMade(artifact) ? before(artifact) : []),
        ...asked(artifact).filter((other) => other !== artifact),
      ]);
    },
    isDispensable(artifact) {
      return (
        Object.values(manifest.tasks).every(
          ({ needs, each }) => (needs[artifact]?.optional ?? true) && each?.over !== artifact,
        ) &&
        (manifest.outputs[artifact]?.optional ?? true) &&
        Object.values(manifest.effects).every((effect) => !effect.subjects.includes(artifact))
      );
    },
  };
}
