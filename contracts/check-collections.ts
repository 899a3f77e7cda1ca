import type { z } from 'zod';
import type { ProcessDefinition } from './define-process.ts';
import type { Fault } from './process-fault.ts';
import type { Authorise, Review } from './process-types.ts';
import { isSchema } from './check-names.ts';
import { elementSchema } from './collection.ts';
import { readCollections, type Collections } from './collections-of.ts';
import { type Maker, type Needs, readNeed } from './define-agent.ts';
import { convertSchema } from './json-schema.ts';

const makeRecord = 'Write z.record(z.string(), …): each element then has a key of its own, which stays.';

/** Whether what is gone over has elements with keys, and whoever takes all of them at once says so. */
export function checkCollections(definition: ProcessDefinition): Fault[] {
  const collections = readCollections(definition);
  return [
    ...[...collections.roots].flatMap((artifact) => checkRoot(definition, artifact)),
    ...definition.team.flatMap((maker) => checkMaker(maker, collections)),
    ...Object.entries(definition.output).flatMap(([artifact, output]) =>
      judgeWhole(`output '${artifact}'`, artifact, readNeed(output).whole, true, collections),
    ),
    ...checkConditions(definition, collections),
  ];
}

function checkRoot(definition: ProcessDefinition, artifact: string): Fault[] {
  const where = `artifact '${artifact}', which is gone over by element`;
  if (Object.values(definition.effects ?? {}).some(({ receipt }) => receipt === artifact))
    return [{ where, what: 'a receipt has no elements', mend: 'Go over what the effect was handed.' }];
  const schema: z.core.$ZodType | undefined =
    definition.input.shape[artifact] ??
    definition.team.find((maker) => Object.hasOwn(maker.produces, artifact))?.produces[artifact];
  // Whoever makes nothing of that name is told so by the wiring.
  if (!isSchema(schema) || elementSchema(convertSchema(schema, 'output').schema)) return [];
  return [{ where, what: 'it is no record', mend: makeRecord }];
}

function checkMaker(maker: Maker, collections: Collections): Fault[] {
  const where = `${maker.maker} '${maker.name}'`;
  const each = maker.maker === 'agent' ? maker.each : undefined;
  const root = each && (collections.byElement.get(each.over) ?? each.over);
  const faults: Fault[] = [];
  if (each) {
    const need = (maker.needs as Needs)[each.over];
    if (!need || readNeed(need).optional || readNeed(need).whole)
      faults.push({
        where: `${where}, each`,
        what: `'${each.over}' is not among what it needs, element by element`,
        mend: `Write needs: { '${each.over}': the schema of one element }.`,
      });
  }
  return [
    ...faults,
    ...Object.entries(maker.needs).flatMap(([artifact, need]) => {
      const of = collections.byElement.get(artifact);
      const isOutside = of !== root || root === undefined;
      return judgeWhole(
        `${where}, needs '${artifact}'`,
        artifact,
        readNeed(need).whole,
        isOutside && artifact !== each?.over,
        collections,
      );
    }),
  ];
}

/** `isOutside`: whoever takes it does not go over the same collection. */
function judgeWhole(
  where: string,
  artifact: string,
  isWhole: boolean,
  isOutside: boolean,
  { roots, byElement }: Collections,
): Fault[] {
  if (isWhole && !roots.has(artifact) && !byElement.has(artifact))
    return [{ where, what: 'nothing goes over its elements', mend: 'Leave whole(…) out.' }];
  if (!isWhole && isOutside && byElement.has(artifact))
    return [
      {
        where,
        what: 'it is made element by element',
        mend: 'Write whole(…) with the schema of one element.',
      },
    ];
  return [];
}

/** The facts of a collection are its elements': only what goes over them can look at them. */
function checkConditions(definition: ProcessDefinition, { roots, byElement }: Collections): Fault[] {
  const rootOf = (artifact: string): string | undefined =>
    byElement.get(artifact) ?? (roots.has(artifact) ? artifact : undefined);
  const rootOfTask = (task: string): string | undefined => {
    const maker = definition.team.find(({ name }) => name === task);
    return maker?.maker === 'agent' && maker.each ? rootOf(maker.each.over) : undefined;
  };
  const rootOfCheckpoint = (checkpoint: Review | Authorise): string | undefined => {
    // A collection that was made as a whole is reviewed as a whole.
    if (checkpoint.kind === 'review') return byElement.get(checkpoint.of);
    const effect = definition.effects?.[checkpoint.effect];
    const subject = effect?.each ? effect.subjects[0] : undefined;
    return subject === undefined ? undefined : rootOf(subject);
  };
  const conditions: { where: string; when: object | undefined; root: string | undefined }[] = [
    ...Object.entries(definition.when ?? {}).map(([task, when]) => ({
      where: `when of task '${task}'`,
      when,
      root: rootOfTask(task),
    })),
    ...Object.entries(definition.effects ?? {}).map(([name, { when, each, subjects }]) => ({
      where: `effect '${name}', when`,
      when,
      root: each && subjects[0] !== undefined ? rootOf(subjects[0]) : undefined,
    })),
    ...Object.entries(definition.checkpoints ?? {}).map(([name, checkpoint]) => ({
      where: `checkpoint '${name}', when`,
      when: checkpoint.when,
      root: rootOfCheckpoint(checkpoint),
    })),
  ];
  return conditions.flatMap(({ where, when, root }) =>
    Object.entries(when ?? {})
      .filter(([artifact, facts]) => {
        const looksAtFacts = typeof facts === 'object' && facts !== null && Object.keys(facts).length > 0;
        return looksAtFacts && rootOf(artifact) !== undefined && rootOf(artifact) !== root;
      })
      .map(([artifact]) => ({
        where: `${where}, '${artifact}'`,
        what: 'each of its elements has facts of its own, the whole has none',
        mend: 'Look at them where its elements are gone over, or have an agent sum them up.',
      })),
  );
}
