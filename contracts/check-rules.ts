import { z } from 'zod';
import type { ProcessDefinition } from './define-process.ts';
import type { Fault } from './process-fault.ts';
import { checkConditions } from './check-conditions.ts';
import { findTwice, isRecord } from './check-names.ts';
import { list } from './check-schemas.ts';
import { readWiring, type Wiring } from './wiring.ts';

/** Whether checkpoints, effects, conditions, marks of inputs, owner and budget name what exists. */
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
