import { z } from 'zod';
import type { ProcessDefinition } from './define-process.ts';
import type { Fault } from './process-fault.ts';
import type { Wiring } from './wiring.ts';
import { factKeywords, type FactPredicate, type When } from './condition.ts';
import { isRecord, isSchema } from './check-names.ts';
import { list, typesOf } from './check-schemas.ts';
import { carriesOwnFact } from './input-facts.ts';
import { convertSchema } from './json-schema.ts';

/** Whether every condition looks at facts that exist, in a way that can hold. */
export function checkConditions(definition: ProcessDefinition, wiring: Wiring): Fault[] {
  const tasks = definition.team.map((maker) => maker.name);
  const unknown = Object.keys(definition.when ?? {})
    .filter((task) => !tasks.includes(task))
    .map((task) => ({
      where: `when of '${task}'`,
      what: 'it is not in the team',
      mend: `The team has ${list(tasks)}.`,
    }));
  const conditions: [string, When | undefined][] = [
    ...Object.entries(definition.when ?? {}).map(([task, when]): [string, When] => [
      `when of '${task}'`,
      when,
    ]),
    ...Object.entries({ ...definition.checkpoints }).map(([name, { when }]): [string, When | undefined] => [
      `checkpoint '${name}', when`,
      when,
    ]),
    ...Object.entries({ ...definition.effects }).map(([name, { when }]): [string, When | undefined] => [
      `effect '${name}', when`,
      when,
    ]),
  ];
  return [
    ...unknown,
    ...conditions.flatMap(([where, when]) =>
      Object.entries(when ?? {}).flatMap(([artifact, facts]) =>
        judgeFacts(definition, wiring, `${where}, '${artifact}'`, artifact, facts),
      ),
    ),
  ];
}

function judgeFacts(
  definition: ProcessDefinition,
  { artifacts, demanded }: Wiring,
  where: string,
  artifact: string,
  facts: When[string],
): Fault[] {
  const kind = artifacts.get(artifact);
  if (kind === undefined || kind === 'receipt')
    return [
      {
        where,
        what: kind ? 'a receipt has no facts' : 'nobody makes it',
        mend: `There are ${list([...artifacts.keys()])}.`,
      },
    ];
  if (kind === 'made' && !demanded.has(artifact))
    return [
      {
        where,
        what: 'no output and no effect comes from it, so it is never made',
        mend: 'Name it as an output.',
      },
    ];
  if (facts !== null && !isRecord(facts))
    return [
      {
        where,
        what: 'it is no condition',
        mend: 'Write { fact: value }, {} for "is there", or null for "is absent".',
      },
    ];
  const declared = factSchemas(definition, artifact);
  return Object.entries(facts ?? {}).flatMap(([fact, predicate]) => {
    const schema = declared[fact];
    const at = `${where}, fact '${fact}'`;
    if (!schema)
      return [
        {
          where: at,
          what: `'${artifact}' declares no such fact`,
          mend: `It declares ${list(Object.keys(declared))}.`,
        },
      ];
    return judgePredicate(at, schema, predicate);
  });
}

function factSchemas(definition: ProcessDefinition, artifact: string): { [fact: string]: z.ZodType } {
  const field = definition.input.shape[artifact] as z.ZodType | undefined;
  if (field) {
    const personal = definition.personal?.includes(artifact) ?? false;
    return carriesOwnFact({ schema: convertSchema(field, 'output').schema, personal })
      ? { value: field }
      : {};
  }
  const maker = definition.team.find((one) => Object.hasOwn(one.produces, artifact));
  const facts = maker?.maker === 'agent' ? maker.facts[artifact] : undefined;
  return facts instanceof z.ZodObject ? (facts.shape as { [fact: string]: z.ZodType }) : {};
}

function judgePredicate(where: string, schema: z.ZodType, predicate: FactPredicate): Fault[] {
  if (!isSchema(schema)) return [];
  const keywords = isRecord(predicate) ? predicate : { const: predicate };
  const types = typesOf(convertSchema(schema, 'output').schema);
  return Object.entries(keywords).flatMap(([keyword, value]): Fault[] => {
    const about = Object.hasOwn(factKeywords, keyword) ? factKeywords[keyword] : undefined;
    if (about === undefined)
      return [
        { where, what: `there is no \`${keyword}\``, mend: `There are ${list(Object.keys(factKeywords))}.` },
      ];
    if (about === 'any') {
      const values: unknown[] = keyword === 'enum' ? (Array.isArray(value) ? value : []) : [value];
      return values
        .filter((one) => one !== null && !schema.safeParse(one).success)
        .map((one) => ({
          where,
          what: `it can never be ${JSON.stringify(one)}`,
          mend: 'Compare with a value that it can have.',
        }));
    }
    const fits =
      about === 'number' ? types.includes('number') || types.includes('integer') : types.includes('string');
    return fits && typeof value === about
      ? []
      : [{ where, what: `\`${keyword}\` is about a ${about}`, mend: `Compare a ${about} with a ${about}.` }];
  });
}
