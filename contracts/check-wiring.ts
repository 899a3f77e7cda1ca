import { z } from 'zod';
import type { ProcessDefinition } from './define-process.ts';
import type { Fault } from './process-fault.ts';
import type { JsonSchema } from './json.ts';
import { findMisfit } from './schema-fit.ts';
import { findTwice } from './check-names.ts';
import { convertSchema } from './json-schema.ts';
import { isOptional } from './json-schema.ts';
import { isSchema } from './check-names.ts';
import { list } from './check-schemas.ts';
import { type Maker, type Needs, readNeed } from './define-agent.ts';
import { readCollections } from './collections-of.ts';
import { readWiring, type Wiring } from './wiring.ts';

/** Whether every artifact has one maker, reaches whoever needs it in a form that fits, and nothing waits for itself. */
export function checkWiring(definition: ProcessDefinition): Fault[] {
  const wiring = readWiring(definition);
  return [
    ...checkMakers(wiring),
    ...checkNeeds(definition, wiring),
    ...checkOutputs(definition, wiring),
    ...checkCycles(wiring),
    ...checkUse(definition, wiring),
    ...checkOrder(definition, wiring),
  ];
}

function checkMakers({ makers, artifacts }: Wiring): Fault[] {
  return [...makers]
    .filter(([, those]) => those.length > 1)
    .map(([artifact, those]) => ({
      where: `artifact '${artifact}'`,
      what: `it is made ${those.length} times: by ${those.join(' and ')}`,
      mend:
        artifacts.get(artifact) === 'field'
          ? 'Rename the input field or the artifact.'
          : 'Rename all but one.',
    }));
}

function checkNeeds(definition: ProcessDefinition, { makers }: Wiring): Fault[] {
  const { roots } = readCollections(definition);
  return definition.team.flatMap((maker) =>
    Object.entries(maker.needs).flatMap(([artifact, value]) => {
      const where = `${maker.maker} '${maker.name}', needs '${artifact}'`;
      const known = [...makers.keys()];
      if (!makers.has(artifact))
        return [{ where, what: 'nobody produces it', mend: `There are ${list(known)}.` }];
      const need = readNeed(value);
      const field = definition.input.shape[artifact];
      if (field && isOptional(field) && !need.optional)
        return [
          {
            where,
            what: 'the input field may be left out',
            mend: 'Write optional(…), or give the field a default.',
          },
        ];
      return judgeFit(definition, where, artifact, needed(roots, maker, artifact));
    }),
  );
}

function checkOutputs(definition: ProcessDefinition, { makers, artifacts }: Wiring): Fault[] {
  const outputs = Object.entries(definition.output);
  if (outputs.length === 0 && Object.keys(definition.effects ?? {}).length === 0)
    return [
      {
        where: '`output`',
        what: 'nothing is asked for, so nothing would run',
        mend: 'Name an output or an effect.',
      },
    ];
  return outputs.flatMap(([artifact, output]) => {
    const where = `output '${artifact}'`;
    const made = [...makers.keys()].filter((name) => artifacts.get(name) !== 'field');
    if (!made.includes(artifact))
      return [{ where, what: 'nobody makes it', mend: `There are ${list(made)}.` }];
    const { schema, whole } = readNeed(output);
    return judgeFit(definition, where, artifact, whole ? null : schema);
  });
}

/** The schema of what has to be made, so that a need's own schema fits; null where `checkCollections` judges it. */
function needed(roots: ReadonlySet<string>, maker: Maker, artifact: string): unknown {
  const { schema, whole } = readNeed((maker.needs as Needs)[artifact]!);
  if (whole) return null;
  const goesOver = maker.maker === 'agent' && maker.each?.over === artifact;
  return goesOver && roots.has(artifact) && isSchema(schema) ? z.record(z.string(), schema) : schema;
}

function judgeFit(definition: ProcessDefinition, where: string, artifact: string, needed: unknown): Fault[] {
  const made =
    definition.input.shape[artifact] ??
    definition.team.find((maker) => Object.hasOwn(maker.produces, artifact))?.produces[artifact];
  if (!isSchema(made) || !isSchema(needed)) return [];
  const misfit = findMisfit(stored(made), stored(needed));
  return misfit === null
    ? []
    : [{ where, what: `it is made in another form: ${misfit}`, mend: 'Use one schema in both places.' }];
}

function stored(schema: Parameters<typeof convertSchema>[0]): JsonSchema {
  return convertSchema(schema, 'output').schema;
}

function checkCycles({ cycle }: Wiring): Fault[] {
  if (cycle === null) return [];
  const [first] = cycle;
  return [
    {
      where: `task '${first!.task}'`,
      what: `it waits for itself: ${cycle.map(({ task, artifact }) => `'${task}' waits for '${artifact}'`).join(', ')}`,
      mend: 'Take one of these needs or conditions away, or make a task of the part that both share.',
    },
  ];
}

function checkUse(definition: ProcessDefinition, { demanded, cycle }: Wiring): Fault[] {
  if (cycle !== null) return [];
  return definition.team
    .filter((maker) => !Object.keys(maker.produces).some((artifact) => demanded.has(artifact)))
    .map((maker) => ({
      where: `${maker.maker} '${maker.name}'`,
      what: `it would never run: no output and no effect comes from ${list(Object.keys(maker.produces))}`,
      mend: 'Name its artifact as an output, or leave it out of the team.',
    }));
}

function checkOrder({ team, coordinator }: ProcessDefinition, { producers, dependencies }: Wiring): Fault[] {
  if (coordinator?.kind !== 'fixed') return [];
  const { order } = coordinator;
  const where = 'fixed order';
  const tasks = team.map((maker) => maker.name);
  const faults: Fault[] = [
    ...order
      .filter((task) => !tasks.includes(task))
      .map((task) => ({ where, what: `'${task}' is not in the team`, mend: `The team has ${list(tasks)}.` })),
    ...tasks
      .filter((task) => !order.includes(task))
      .map((task) => ({
        where,
        what: `'${task}' is missing, so it would never start`,
        mend: 'Put it in its place.',
      })),
    ...findTwice(order).map((task) => ({
      where,
      what: `'${task}' stands in it twice`,
      mend: 'Leave one out.',
    })),
  ];
  for (const task of order) {
    for (const artifact of dependencies.get(task) ?? []) {
      const producer = producers.get(artifact);
      if (producer !== undefined && order.indexOf(producer) > order.indexOf(task))
        faults.push({
          where,
          what: `'${task}' stands before '${producer}', which makes '${artifact}' for it`,
          mend: `Put '${producer}' first.`,
        });
    }
  }
  return faults;
}
