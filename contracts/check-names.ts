import { z } from 'zod';
import type { ProcessDefinition } from './define-process.ts';
import type { Fault } from './process-fault.ts';

export const processOptions = [
  'name',
  'input',
  'amendable',
  'personal',
  'output',
  'team',
  'coordinator',
  'checkpoints',
  'effects',
  'when',
  'owner',
  'budget',
  'speculative',
];

/** What plain JavaScript may leave out although everything else reads it. */
export function checkShape(definition: ProcessDefinition): Fault[] {
  const faults: Fault[] = [];
  const demand = (holds: boolean, where: string, what: string, mend: string): void => {
    if (!holds) faults.push({ where, what, mend });
  };
  const given = definition as { [option in keyof ProcessDefinition]?: unknown };
  demand(typeof given.name === 'string', '`name`', 'it is missing', "Give a name such as 'market-outlook'.");
  demand(
    isObjectSchema(given.input),
    '`input`',
    'it is no z.object()',
    'Write z.object({ … }) with a field for each input.',
  );
  demand(
    isRecord(given.output),
    '`output`',
    'it is missing',
    'Write { artifact: Schema } for what the run gives.',
  );
  demand(
    Array.isArray(given.team) && given.team.every(isMaker),
    '`team`',
    'it is no list of agents',
    'List what defineAgent, person and outside give.',
  );
  demand(
    isRecord(given.checkpoints ?? {}) && Object.values(given.checkpoints ?? {}).every(isCheckpoint),
    '`checkpoints`',
    'one is neither a review nor an authorisation',
    'Write { name: review(…) } or { name: authorise(…) }.',
  );
  demand(
    isRecord(given.effects ?? {}) && Object.values(given.effects ?? {}).every(isEffect),
    '`effects`',
    'one was not made by defineEffect',
    'Write { name: defineEffect({ … }) }.',
  );
  demand(
    isRecord(given.when ?? {}),
    '`when`',
    'it is no object',
    'Write { task: { artifact: { fact: value } } }.',
  );
  return faults;
}

/** Names that are keys everywhere: in records, on the wire, in paths of artifacts. */
export function checkNames(definition: ProcessDefinition): Fault[] {
  const artifacts = [
    ...Object.keys(definition.input.shape).map((name) => ['input field', name] as const),
    ...definition.team.flatMap((maker) =>
      Object.keys(maker.produces).map((name) => [`artifact of '${maker.name}',`, name] as const),
    ),
    ...Object.values(definition.effects ?? {}).flatMap((effect) =>
      effect.receipt === undefined ? [] : [['receipt', effect.receipt] as const],
    ),
  ];
  const names = [
    ['process', definition.name] as const,
    ...definition.team.map((maker) => ['task', maker.name] as const),
    ...Object.keys(definition.checkpoints ?? {}).map((name) => ['checkpoint', name] as const),
    ...Object.keys(definition.effects ?? {}).map((name) => ['effect', name] as const),
  ];
  return [
    ...[...names, ...artifacts].flatMap(([kind, name]) => judgeName(kind, name)),
    ...artifacts.flatMap(([kind, name]) =>
      reserved.has(name)
        ? [
            {
              where: `${kind} '${name}'`,
              what: 'the name is taken',
              mend: `An agent's graph gets something else under it: choose another.`,
            },
          ]
        : [],
    ),
    ...findTwice(definition.team.map((maker) => maker.name)).map((name) => ({
      where: `task '${name}'`,
      what: 'two members of the team bear this name',
      mend: 'Rename one of them.',
    })),
  ];
}

const reserved = new Set(['input', 'adjust', 'words']);

function judgeName(kind: string, name: unknown): Fault[] {
  if (typeof name === 'string' && /^[a-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*$/.test(name) && name.length <= 80) {
    // As keys of plain objects these would find what every object inherits.
    return name in Object.prototype
      ? [
          {
            where: `${kind} '${name}'`,
            what: 'every JavaScript object has this name',
            mend: 'Choose another.',
          },
        ]
      : [];
  }
  return [
    {
      where: `${kind} '${String(name)}'`,
      what: 'this is no name',
      mend: 'Start with a small letter; go on with letters, digits, single - or _, 80 in all at most.',
    },
  ];
}

export function findTwice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

export function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSchema(value: unknown): value is z.ZodType {
  return isRecord(value) && '_zod' in value;
}

function isObjectSchema(value: unknown): value is z.ZodObject {
  return value instanceof z.ZodObject;
}

function isMaker(value: unknown): boolean {
  return isRecord(value) && 'maker' in value && isRecord(value['needs']) && isRecord(value['produces']);
}

function isCheckpoint(value: unknown): boolean {
  return isRecord(value) && (value['kind'] === 'review' || value['kind'] === 'authorise');
}

function isEffect(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value['subjects']);
}
