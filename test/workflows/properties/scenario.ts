import fc from 'fast-check';
import type { Version } from '../../../contracts/artifact.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { Condition, Manifest, ManifestCheckpoint, ManifestEffect } from '../../../contracts/manifest.ts';
import type { TerseTask } from '../fold/manifests.ts';
import { authorise, manifest, review } from '../fold/manifests.ts';

/** How a made-up agent behaves; all of it is a function of what it was given. */
export interface Behaviour {
  /** What its content depends on: what it was given, little of it (equal remakes), also its key, also its attempt. */
  content: 'given' | 'coarse' | 'key' | 'attempt';
  collection: boolean;
  asks: boolean;
  fails: boolean;
}

/** One choice of the scheduler. */
export interface Choice {
  kind: number;
  pick: number;
  detail: number;
}

export interface Scenario {
  manifest: Manifest;
  behaviours: { [agent: string]: Behaviour };
  inputs: { [field: string]: number };
  schedule: Choice[];
}

interface Node {
  maker: 'agent' | 'person' | 'outside';
  second: boolean;
  collection: boolean;
  each: number;
  atOnce: number;
  needs: { pick: number; optional: boolean; whole: boolean }[];
  when: When | null;
  review: { fourEyes: boolean; absent: boolean; editable: boolean; when: When | null } | null;
  effect: EffectNode | null;
  behaviour: Omit<Behaviour, 'collection'>;
  output: 'no' | 'required' | 'optional';
}

interface EffectNode {
  authorise: 'always' | 'sometimes' | 'never';
  fourEyes: boolean;
  amendable: boolean;
  undoable: boolean;
  receipt: boolean;
  recall: boolean;
  each: boolean;
  beside: number;
  when: When | null;
}

interface When {
  pick: number;
  absent: boolean;
  least: number;
}

/** Which parts of the language a scenario may use. */
export interface Scope {
  conditions?: boolean;
  effects?: boolean;
  /** Choices of the scheduler. */
  length?: number;
}

export function scenarios(scope: Scope = {}): fc.Arbitrary<Scenario> {
  const { conditions = true, effects = true, length = 60 } = scope;
  return fc
    .record({
      nodes: fc.array(nodes(conditions, effects), { minLength: 1, maxLength: 6, size: 'max' }),
      fixed: rarely(5),
      speculative: rarely(2),
      inputs: fc.record({ i0: fc.nat(2), i1: fc.nat(2) }),
      schedule: fc.array(choices, { maxLength: length, size: 'max' }),
    })
    .map(({ nodes: chosen, fixed, speculative, inputs, schedule }) => ({
      ...build(chosen, fixed, speculative),
      inputs,
      schedule,
    }));
}

const choices = fc.record({ kind: fc.nat(99), pick: fc.nat(999), detail: fc.nat(9_999) });

/** True once in so many cases; shrinks to false. */
function rarely(times: number): fc.Arbitrary<boolean> {
  return fc.nat(times - 1).map((drawn) => drawn === times - 1);
}

function nodes(conditions: boolean, effects: boolean): fc.Arbitrary<Node> {
  const when = conditions
    ? fc.record({ pick: fc.nat(9), absent: rarely(4), least: fc.integer({ min: 0, max: 2 }) })
    : fc.constant(null);
  const sometimes = (times: number) => (conditions ? onceIn(times, when) : fc.constant(null));
  return fc.record({
    maker: fc.oneof(
      { weight: 8, arbitrary: fc.constant('agent' as const) },
      { weight: 1, arbitrary: fc.constant('person' as const) },
      { weight: 1, arbitrary: fc.constant('outside' as const) },
    ),
    second: rarely(6),
    collection: rarely(3),
    each: fc.nat(5),
    atOnce: fc.constantFrom(1_000, 1, 2),
    needs: fc.array(fc.record({ pick: fc.nat(9), optional: rarely(3), whole: rarely(3) }), { maxLength: 3 }),
    when: sometimes(4),
    review: onceIn(
      3,
      fc.record({
        fourEyes: fc.boolean(),
        absent: conditions ? fc.boolean() : fc.constant(false),
        editable: fc.nat(2).map((drawn) => drawn > 0),
        when: sometimes(4),
      }),
    ),
    effect: effects
      ? onceIn(
          3,
          fc.record({
            authorise: fc.constantFrom('always', 'never', 'sometimes'),
            fourEyes: fc.boolean(),
            amendable: fc.boolean(),
            undoable: fc.boolean(),
            receipt: fc.boolean(),
            recall: rarely(4),
            each: fc.boolean(),
            beside: fc.nat(9),
            when: sometimes(5),
          }),
        )
      : fc.constant(null),
    behaviour: fc.record({
      content: fc.constantFrom('given', 'coarse', 'key', 'attempt'),
      asks: rarely(5),
      fails: rarely(5),
    }),
    output: fc.constantFrom('no', 'required', conditions ? 'optional' : 'required'),
  });
}

function onceIn<A>(times: number, arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | null> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

function build(
  nodes: Node[],
  fixed: boolean,
  speculative: boolean,
): Pick<Scenario, 'manifest' | 'behaviours'> {
  const tasks: { [agent: string]: TerseTask } = {};
  const checkpoints: { [name: string]: ManifestCheckpoint } = {};
  const effects: { [name: string]: Partial<ManifestEffect> & { subjects: string[] } } = {};
  const behaviours: { [agent: string]: Behaviour } = {};
  const outputs: string[] = [];
  const made = ['i0', 'i1'];
  /** By artifact: the collection whose keys its elements bear. */
  const base: { [artifact: string]: string } = {};
  const pickMade = (pick: number): string => made[made.length - 1 - (pick % made.length)] ?? 'i0';
  const condition = (when: When | null): Condition | null => {
    if (when === null) return null;
    const artifact = pickMade(when.pick);
    if (when.absent) return { [artifact]: { type: 'null' } };
    return { [artifact]: { type: 'object', properties: { n: { minimum: when.least } }, required: ['n'] } };
  };

  nodes.forEach((node, index) => {
    const agent = `t${index}`;
    const collections = made.filter((artifact) => base[artifact] === artifact);
    const over =
      node.maker === 'agent' && node.each < 3
        ? collections[node.each % Math.max(1, collections.length)]
        : undefined;
    const needs = new Map<string, string>();
    if (over !== undefined) needs.set(over, over);
    if (node.maker !== 'outside') {
      for (const need of node.needs) {
        const artifact = pickMade(need.pick);
        if (needs.has(artifact)) continue;
        const whole = need.whole && over !== undefined && base[artifact] === over ? '*' : '';
        needs.set(artifact, `${artifact}${need.optional ? '?' : ''}${whole}`);
      }
    }
    const produces = [`a${index}`, ...(node.second ? [`b${index}`] : [])];
    const when = node.maker === 'outside' ? null : condition(node.when);
    tasks[agent] = {
      maker: node.maker,
      needs: [...needs.values()],
      produces,
      ...(when ? { when } : {}),
      ...(over === undefined ? {} : { each: { over, atOnce: node.atOnce } }),
      ...(node.maker === 'person' ? { by: { role: 'analyst' } } : {}),
    };
    const collection = node.collection && over === undefined && node.maker === 'agent';
    behaviours[agent] = { ...node.behaviour, collection };
    const reviewWhen = node.review ? condition(node.review.when) : null;
    for (const artifact of produces) {
      made.push(artifact);
      if (collection) base[artifact] = artifact;
      else if (over !== undefined) base[artifact] = over;
      if (node.output !== 'no' || index === nodes.length - 1) {
        outputs.push(node.output === 'optional' ? `${artifact}?` : artifact);
      }
    }
    if (node.review) {
      checkpoints[`review${index}`] = review(`a${index}`, {
        fourEyes: node.review.fourEyes,
        onReject: node.review.absent ? 'absent' : 'close',
        ...(node.review.editable && node.maker === 'agent' ? { editable: { type: 'object' } } : {}),
        ...(reviewWhen ? { when: reviewWhen } : {}),
      });
    }
    if (node.effect) addEffect(node.effect, index);
  });

  function addEffect(node: EffectNode, index: number): void {
    const name = `e${index}`;
    const first = `a${index}`;
    const beside = pickMade(node.beside);
    const effectWhen = condition(node.when);
    const each = node.each && base[first] !== undefined;
    effects[name] = {
      subjects: beside === first || node.beside > 4 ? [first] : [first, beside],
      amendable: node.amendable,
      undoable: node.undoable,
      each,
      recall: node.recall ? 1_000 : 0,
      ...(node.receipt ? { receipt: `r${index}` } : {}),
      ...(effectWhen ? { when: effectWhen } : {}),
    };
    const authoriseWhen =
      node.authorise === 'sometimes' ? condition({ pick: 0, absent: false, least: 1 }) : null;
    if (node.authorise !== 'never') {
      checkpoints[`authorise${index}`] = authorise(name, {
        fourEyes: node.fourEyes,
        ...(authoriseWhen ? { when: authoriseWhen } : {}),
      });
    }
    if (node.receipt) {
      made.push(`r${index}`);
      if (each && base[first] !== undefined) base[`r${index}`] = base[first];
    }
  }

  return {
    manifest: manifest({
      inputs: ['i0', 'i1'],
      tasks,
      outputs,
      checkpoints,
      effects,
      planner: fixed ? { kind: 'fixed', order: Object.keys(tasks) } : { kind: 'derived' },
      speculative,
    }),
    behaviours,
  };
}

/** The version of an input field that holds a small number. */
export function inputVersion(value: number): Version {
  return { digest: `number-${value}`, facts: { n: value } };
}

/** Whether facts meet one of the conditions that scenarios are made of. */
export function holdsFor(condition: JsonObject, version: Version | null): boolean {
  if (condition['type'] === 'null') return version === null;
  const { n: bound } = condition['properties'] as { n: { minimum: number } };
  const n = version?.facts['n'];
  return typeof n === 'number' && n >= bound.minimum;
}
