import type { Manifest, Who } from '../../contracts/manifest.ts';

/** A process as a picture shows it: who works, who decides, what leaves the house, and what passes between them. */
export interface Chain {
  name: string;
  nodes: ChainNode[];
  links: ChainLink[];
}

export interface ChainNode {
  id: string;
  kind: 'input' | 'agent' | 'person' | 'outside' | 'checkpoint' | 'effect' | 'output';
  name: string;
  /** What is said below the name. */
  note: string;
}

export interface ChainLink {
  from: string;
  to: string;
  /** What passes; empty where it is said elsewhere. */
  artifact: string;
  /** It need not be there, or is only looked at. */
  isLoose: boolean;
}

/** Reads the chain off a manifest: inputs first, outputs last, checkpoints between what they hold back and who waits for it. */
export function chainOf(manifest: Manifest): Chain {
  const nodes: ChainNode[] = [];
  const links: ChainLink[] = [];
  /** Where an artifact comes from once everybody who has to look at it did. */
  const sources = new Map<string, string>();
  const fields = Object.keys(manifest.inputs);
  if (fields.length > 0) nodes.push({ id: 'input', kind: 'input', name: 'input', note: fields.join(', ') });
  for (const field of fields) sources.set(field, 'input');
  for (const [name, task] of Object.entries(manifest.tasks)) {
    nodes.push({
      id: `task:${name}`,
      kind: task.maker,
      name,
      note: task.each ? `once for each of ${task.each.over}` : noteOf(task),
    });
    for (const artifact of Object.keys(task.produces)) sources.set(artifact, `task:${name}`);
  }
  for (const [name, effect] of Object.entries(manifest.effects))
    if (effect.receipt !== undefined) sources.set(effect.receipt, `effect:${name}`);
  for (const [name, checkpoint] of Object.entries(manifest.checkpoints)) {
    if (checkpoint.kind !== 'review') continue;
    const id = `checkpoint:${name}`;
    nodes.push({ id, kind: 'checkpoint', name, note: decides(checkpoint) });
    links.push({
      from: sources.get(checkpoint.of) ?? 'input',
      to: id,
      artifact: checkpoint.of,
      isLoose: false,
    });
    sources.set(checkpoint.of, id);
  }
  const take = (to: string, artifact: string, isLoose: boolean): void => {
    const from = sources.get(artifact);
    if (from !== undefined && from !== to) links.push({ from, to, artifact, isLoose });
  };
  for (const [name, task] of Object.entries(manifest.tasks)) {
    const needs = Object.entries(task.needs);
    for (const [artifact, { optional }] of needs) take(`task:${name}`, artifact, optional);
    for (const artifact of Object.keys(task.when ?? {}))
      if (!Object.hasOwn(task.needs, artifact)) take(`task:${name}`, artifact, true);
  }
  for (const [name, effect] of Object.entries(manifest.effects)) {
    const id = `effect:${name}`;
    const asked = Object.entries(manifest.checkpoints).find(
      ([, checkpoint]) => checkpoint.kind === 'authorise' && checkpoint.effect === name,
    );
    const first = asked ? `checkpoint:${asked[0]}` : id;
    if (asked) {
      nodes.push({ id: first, kind: 'checkpoint', name: asked[0], note: decides(asked[1]) });
      links.push({ from: first, to: id, artifact: '', isLoose: false });
    }
    nodes.push({ id, kind: 'effect', name, note: effect.each ? 'once for each element' : effect.connector });
    for (const artifact of effect.subjects) take(first, artifact, false);
  }
  const outputs = Object.keys(manifest.outputs);
  if (outputs.length > 0)
    nodes.push({ id: 'output', kind: 'output', name: 'output', note: outputs.join(', ') });
  for (const artifact of outputs) take('output', artifact, manifest.outputs[artifact]!.optional);
  return { name: manifest.name, nodes, links };
}

function noteOf({ maker, by }: Manifest['tasks'][string]): string {
  if (maker === 'agent') return 'agent';
  return maker === 'person' && by ? `${nameOf(by)} supplies` : 'from outside';
}

function decides({ by, fourEyes, when }: Manifest['checkpoints'][string]): string {
  const more = [...(fourEyes ? ['four eyes'] : []), ...(when ? ['if'] : [])];
  return `${nameOf(by)} decides${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

const nameOf = (who: Who): string => ('role' in who ? who.role : who.person);
