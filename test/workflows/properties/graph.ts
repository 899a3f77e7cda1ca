import type { Manifest } from '../../../contracts/manifest.ts';

/** The artifact, agent or effect that a cell, task or slot is of. */
export function baseOf(name: string): string {
  return name.split('/', 1)[0] ?? name;
}

/** The element's key in the name of a cell, task or slot. */
export function elementOf(name: string): string | undefined {
  const at = name.indexOf('/');
  return at < 0 ? undefined : name.slice(at + 1);
}

/** What a task, or an effect's receipt, hangs on directly: artifacts. */
function causesOf(manifest: Manifest, artifact: string): { task?: string; from: string[] } {
  for (const [agent, task] of Object.entries(manifest.tasks)) {
    if (!(artifact in task.produces)) continue;
    const over = task.each ? [task.each.over] : [];
    return { task: agent, from: [...Object.keys(task.needs), ...Object.keys(task.when ?? {}), ...over] };
  }
  for (const [name, effect] of Object.entries(manifest.effects)) {
    if (effect.receipt === artifact) return { from: causesOfEffect(manifest, name) };
  }
  return { from: [] };
}

function causesOfEffect(manifest: Manifest, name: string): string[] {
  const effect = manifest.effects[name];
  if (!effect) return [];
  const checkpoints = Object.values(manifest.checkpoints).filter(
    (checkpoint) => checkpoint.kind === 'authorise' && checkpoint.effect === name,
  );
  return [
    ...effect.subjects,
    ...Object.keys(effect.when ?? {}),
    ...checkpoints.flatMap((checkpoint) => Object.keys(checkpoint.when ?? {})),
  ];
}

/** Artifacts and tasks that the given artifacts hang on, with what reviews of them look at. */
export function upstreamOf(
  manifest: Manifest,
  artifacts: string[],
): { artifacts: Set<string>; tasks: Set<string> } {
  const seen = new Set<string>();
  const tasks = new Set<string>();
  const open = [...artifacts];
  for (let artifact = open.pop(); artifact !== undefined; artifact = open.pop()) {
    if (seen.has(artifact)) continue;
    seen.add(artifact);
    const { task, from } = causesOf(manifest, artifact);
    if (task !== undefined) tasks.add(task);
    open.push(...from);
    for (const checkpoint of Object.values(manifest.checkpoints)) {
      if (checkpoint.kind === 'review' && checkpoint.of === artifact) {
        open.push(...Object.keys(checkpoint.when ?? {}));
      }
    }
  }
  return { artifacts: seen, tasks };
}

/** Tasks that outputs or effects hang on. */
export function ancestorsOfEnds(manifest: Manifest): Set<string> {
  const effects = Object.keys(manifest.effects).flatMap((name) => causesOfEffect(manifest, name));
  return upstreamOf(manifest, [...Object.keys(manifest.outputs), ...effects]).tasks;
}

/** Whether a task hangs on an artifact, through needs, conditions, reviews or receipts. */
export function hangsOn(manifest: Manifest, agent: string, artifact: string): boolean {
  const produces = Object.keys(manifest.tasks[agent]?.produces ?? {});
  return upstreamOf(manifest, produces).artifacts.has(artifact);
}

/** Artifacts that go into the given ones, through needs and receipts alone. */
export function madeOf(manifest: Manifest, artifacts: string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...artifacts];
  for (let artifact = open.pop(); artifact !== undefined; artifact = open.pop()) {
    if (seen.has(artifact)) continue;
    seen.add(artifact);
    const made = artifact;
    for (const task of Object.values(manifest.tasks)) {
      if (made in task.produces) open.push(...Object.keys(task.needs));
    }
    for (const effect of Object.values(manifest.effects)) {
      if (effect.receipt === made) open.push(...effect.subjects);
    }
  }
  return seen;
}

/** Names of the reviews of an artifact that are held whatever the facts are. */
export function requiredReviews(manifest: Manifest, artifact: string): string[] {
  return Object.entries(manifest.checkpoints).flatMap(([name, checkpoint]) =>
    checkpoint.kind === 'review' && checkpoint.of === artifact && !checkpoint.when ? [name] : [],
  );
}
