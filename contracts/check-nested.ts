import type { ProcessDefinition } from './define-process.ts';
import type { Manifest } from './manifest.ts';
import type { Fault } from './process-fault.ts';

/** Faults of processes that are agents of this one: cycles by name, outputs that may be absent, edits that nobody applies. */
export function checkNested(definition: ProcessDefinition): Fault[] {
  return definition.team.flatMap((maker): Fault[] => {
    if (maker.maker !== 'agent' || !maker.process) return [];
    const { manifest } = maker.process;
    const where = `process '${maker.name}' as an agent`;
    const circle = findCircle(manifest, definition.name);
    const absent = Object.entries(manifest.outputs).filter(([, { optional }]) => optional);
    const edited = Object.entries(definition.checkpoints ?? {}).filter(
      ([, one]) => one.kind === 'review' && one.editable !== undefined && one.of in maker.produces,
    );
    return [
      ...(circle
        ? [
            {
              where,
              what: `it leads back to '${definition.name}': ${[definition.name, ...circle].join(' → ')}`,
              mend: 'Name one of them otherwise, or take it out of the circle.',
            },
          ]
        : []),
      ...absent.map(([output]) => ({
        where,
        what: `its output '${output}' may be absent, and whoever needs it would wait for ever`,
        mend: 'Make it an output that is always there.',
      })),
      ...edited.map(([name]) => ({
        where: `checkpoint '${name}'`,
        what: `what '${maker.name}' makes can't be edited here: no agent of this process applies an edit`,
        mend: `Declare \`editable\` in a review of '${maker.name}' itself.`,
      })),
    ];
  });
}

/** The names from this manifest down to that one; undefined where it is not among what it contains. */
function findCircle(manifest: Manifest, name: string): string[] | undefined {
  if (manifest.name === name) return [name];
  for (const { process } of Object.values(manifest.tasks)) {
    const below = process && findCircle(process.manifest, name);
    if (below) return [manifest.name, ...below];
  }
  return undefined;
}
