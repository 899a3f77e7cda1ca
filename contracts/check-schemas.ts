import { z } from 'zod';
import type { ProcessDefinition } from './define-process.ts';
import type { Maker, Need } from './define-agent.ts';
import type { Fault } from './process-fault.ts';
import type { JsonSchema } from './json.ts';
import { isSchema } from './check-names.ts';
import { convertSchema } from './json-schema.ts';
import { readNeed } from './define-agent.ts';

/** Every schema of a definition must be one that JSON Schema carries in full. */
export function checkSchemas(definition: ProcessDefinition): Fault[] {
  return [
    ...judgeSchema('input', definition.input, 'output'),
    ...Object.entries(definition.output).flatMap(([name, output]) => judgeNeed(`output '${name}'`, output)),
    ...definition.team.flatMap(checkMaker),
    ...Object.entries(definition.checkpoints ?? {}).flatMap(([name, checkpoint]) =>
      checkpoint.kind === 'review' && checkpoint.editable !== undefined
        ? judgeFields(`checkpoint '${name}', editable`, checkpoint.editable)
        : [],
    ),
  ];
}

function checkMaker(maker: Maker): Fault[] {
  const who = `${maker.maker} '${maker.name}'`;
  const faults = [
    ...Object.entries(maker.needs).flatMap(([name, need]) => judgeNeed(`${who}, needs '${name}'`, need)),
    ...Object.entries(maker.produces).flatMap(([name, schema]) =>
      judgeWhole(
        `${who}, produces '${name}'`,
        schema,
        'Write optional(…) where it is needed, and give the task a `when`.',
      ),
    ),
  ];
  if (maker.maker !== 'agent') return faults;
  for (const [artifact, facts] of Object.entries(maker.facts)) {
    const where = `${who}, facts of '${artifact}'`;
    if (!Object.hasOwn(maker.produces, artifact))
      faults.push({
        where,
        what: 'the agent does not produce this',
        mend: `It produces ${list(Object.keys(maker.produces))}.`,
      });
    faults.push(...judgeFacts(where, facts));
  }
  if (maker.adjust !== undefined) {
    const where = `${who}, adjust`;
    faults.push(...judgeFields(where, maker.adjust));
    if (isSchema(maker.adjust) && !maker.adjust.safeParse({}).success)
      faults.push({
        where,
        what: 'a person sets some fields and leaves the others',
        mend: 'Give each field a default, or make it optional.',
      });
  }
  return faults;
}

function judgeNeed(where: string, need: z.ZodType | Need): Fault[] {
  if (!isSchema(need) && !(typeof need === 'object' && need !== null && 'need' in need))
    return [
      { where, what: 'it is no zod schema', mend: 'Write a schema, optional(schema) or whole(schema).' },
    ];
  return judgeWhole(where, readNeed(need).schema, 'Write optional(schema).');
}

function judgeWhole(where: string, schema: unknown, mend: string): Fault[] {
  if (isSchema(schema) && schema instanceof z.ZodOptional)
    return [{ where, what: 'an artifact is there or absent, never undefined', mend }];
  return judgeSchema(where, schema, 'output');
}

function judgeFields(where: string, schema: unknown): Fault[] {
  if (!(schema instanceof z.ZodObject))
    return [
      {
        where,
        what: 'it is no z.object()',
        mend: 'Write z.object({ … }) with the fields that a person may set.',
      },
    ];
  return judgeSchema(where, schema, 'input');
}

function judgeSchema(where: string, schema: unknown, io: 'input' | 'output'): Fault[] {
  if (!isSchema(schema))
    return [{ where, what: 'it is no zod schema', mend: 'Write one with z from zod 4.' }];
  return convertSchema(schema, io).faults.map(({ at, what, mend }) => ({
    where: at === '' ? where : `${where}, ${at}`,
    what,
    mend,
  }));
}

const scalars = new Set(['number', 'integer', 'string', 'boolean', 'null']);

function judgeFacts(where: string, facts: unknown): Fault[] {
  if (!(facts instanceof z.ZodObject))
    return [
      { where, what: 'it is no z.object()', mend: 'Write z.object({ … }) of numbers, strings and booleans.' },
    ];
  const { schema, faults } = convertSchema(facts, 'output');
  const fields = Object.entries(schema['properties'] as { [fact: string]: JsonSchema });
  return [
    ...faults.map(({ at, what, mend }) => ({ where: `${where}, ${at}`, what, mend })),
    ...fields
      .filter(([, fact]) => !typesOf(fact).every((type) => scalars.has(type)))
      .map(([fact]) => ({
        where: `${where}, '${fact}'`,
        what: 'a fact is one small value',
        mend: 'Write a number, a string, a boolean or an enum, nullable if it may be missing.',
      })),
    ...Object.keys(facts.shape)
      .filter((fact) => facts.shape[fact]!._zod.optout === 'optional')
      .map((fact) => ({
        where: `${where}, '${fact}'`,
        what: 'a fact is always there',
        mend: 'Write .nullable() in place of .optional().',
      })),
  ];
}

/** The JSON types that a schema lets through; 'any' where it doesn't say. */
export function typesOf(schema: JsonSchema): string[] {
  const { type, enum: values, const: constant, anyOf, oneOf } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type as string[];
  if (Array.isArray(values)) return values.map(typeOf);
  if (constant !== undefined) return [typeOf(constant)];
  const options = anyOf ?? oneOf;
  return Array.isArray(options) ? options.flatMap((option) => typesOf(option as JsonSchema)) : ['any'];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Names as a sentence lists them. */
export function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.map((name) => `'${name}'`).join(', ');
}
