import { z } from 'zod';
import type { ProcessDefinition } from './define-process.ts';
import type { Fault } from './process-fault.ts';
import { factKeywords, type FactPredicate, type When } from './condition.ts';
import { findTwice, isRecord, isSchema } from './check-names.ts';
import { list, typesOf } from './check-schemas.ts';
import { readWiring, type Wiring } from './wiring.ts';
import { carriesOwnFact } from './input-facts.ts';
import { convertSchema } from './json-schema.ts';

/** Checkpoints, effects, conditions, inputs' marks, owner and budget. */
export function checkRules(definition: ProcessDefinition): Fault[] {
  const wiring = readWiring(definition);
  return [
    ...checkCheckpoints(definition, wiring),
    ...checkEffects(definition, wiring),
    ...checkConditions(definition, wiring),
    ...checkMarks(definition),
    ...judgeWho('owner', definition.owner ?? 'owner'),
    ...definition.team.flatMap((maker) =>
      maker.maker === 'person' ? judgeWho(`person '${maker.name}', by`, maker.by) : [],
    ),
    ...(definition.budget && !(Number.isFinite(definition.budget.usd) && definition.budget.usd > 0)
      ? [{ where: 'budget', what: '`usd` is no amount', mend: 'Write a number above 0.' }]
      : []),
  ];
}

function checkCheckpoints(definition: ProcessDefinition, { artifacts }: Wiring): Fault[] {
  const checkpoints = Object.entries(definition.checkpoints ?? {});
  const effects = Object.keys(definition.effects ?? {});
  const made = [...artifacts].filter(([, kind]) => kind === 'made').map(([name]) => name);
  const authorised = checkpoints.flatMap(([, one]) => (one.kind === 'authorise' ? [one.effect] : []));
  return [
    ...findTwice(authorised).map((effect) => ({
      where: 'checkpoints',
      what: `effect '${effect}' is authorised twice, and this version asks one person`,
      mend: 'Leave one out, or have what it hands on reviewed first.',
    })),
    ...checkpoints.flatMap(([name, checkpoint]): Fault[] => {
      const where = `checkpoint '${name}'`;
      const faults = judgeWho(`${where}, by`, checkpoint.by);
      if (checkpoint.kind === 'authorise') {
        if (!effects.includes(checkpoint.effect))
          faults.push({
            where,
            what: `there is no effect '${checkpoint.effect}'`,
            mend: `There are ${list(effects)}.`,
          });
        return faults;
      }
      if (!made.includes(checkpoint.of))
        faults.push({ where, what: `nobody makes '${checkpoint.of}'`, mend: `There are ${list(made)}.` });
      if (checkpoint.onReject !== 'close' && checkpoint.onReject !== 'absent')
        faults.push({
          where: `${where}, onReject`,
          what: 'there is no such way',
          mend: "Write 'close' or 'absent'.",
        });
      const maker = definition.team.find((one) => Object.hasOwn(one.produces, checkpoint.of));
      if (checkpoint.editable !== undefined && maker && maker.maker !== 'agent')
        faults.push({
          where: `${where}, editable`,
          what: `no agent makes '${checkpoint.of}', so nobody could apply an edit`,
          mend: 'Leave it out: whoever supplies the artifact can supply another.',
        });
      return faults;
    }),
  ];
}

function checkEffects(definition: ProcessDefinition, { artifacts }: Wiring): Fault[] {
  return Object.entries(definition.effects ?? {}).flatMap(([name, effect]) => {
    const where = `effect '${name}'`;
    const faults: Fault[] = [];
    const demand = (holds: boolean, at: string, what: string, mend: string): void => {
      if (!holds) faults.push({ where: `${where}, ${at}`, what, mend });
    };
    const known = [...artifacts.keys()].filter((artifact) => artifact !== effect.receipt);
    demand(effect.subjects.length > 0, 'subject', 'it has none', 'Name the artifact that it hands on.');
    for (const subject of effect.subjects)
      demand(known.includes(subject), `subject '${subject}'`, 'nobody makes it', `There are ${list(known)}.`);
    demand(findTwice(effect.subjects).length === 0, 'subject', 'one is named twice', 'Leave one out.');
    demand(
      isText(effect.connector),
      'connector',
      'it has none',
      'Name the connector of the worker that does it.',
    );
    demand(
      isText(effect.consequences),
      'consequences',
      'it says none',
      'Say in a sentence what will have happened.',
    );
    demand(
      isJson(effect.destination),
      'destination',
      'it is no plain JSON',
      'Say where to in plain JSON, such as { path: … }.',
    );
    demand(isJson(effect.arguments), 'arguments', 'they are no plain JSON', 'Give plain JSON.');
    return faults;
  });
}

function checkConditions(definition: ProcessDefinition, wiring: Wiring): Fault[] {
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

function checkMarks(definition: ProcessDefinition): Fault[] {
  const fields = Object.keys(definition.input.shape);
  return (['amendable', 'personal'] as const).flatMap((mark) =>
    (definition[mark] ?? [])
      .filter((field) => !fields.includes(field))
      .map((field) => ({
        where: `${mark} '${field}'`,
        what: 'there is no such input field',
        mend: `There are ${list(fields)}.`,
      })),
  );
}

function judgeWho(where: string, by: unknown): Fault[] {
  const name = isRecord(by) ? (by['role'] ?? by['person']) : by;
  return isText(name)
    ? []
    : [{ where, what: 'it names nobody', mend: "Write a role such as 'analyst', or { person: 'name' }." }];
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isJson(value: unknown): boolean {
  return z.json().safeParse(value).success;
}
