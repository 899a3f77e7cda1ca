import type { ProcessDefinition } from './define-process.ts';
import type { Maker } from './define-agent.ts';
import type { Fault } from './process-fault.ts';

/** What is defined, but this version does not run yet: refused, so that nothing is silently left undone. */
export function checkSupport(definition: ProcessDefinition): Fault[] {
  return definition.team.flatMap(checkMaker);
}

/** Milliseconds that an attempt may take that runs within the run's own workflow task. */
export const localAtMost = 10_000;

function checkMaker(maker: Maker): Fault[] {
  const where = `${maker.maker} '${maker.name}'`;
  const faults: Fault[] = [];
  if (maker.maker !== 'agent') return faults;
  if (maker.isolate && maker.durability === 'local')
    faults.push({
      where: `${where}, isolate`,
      what: "what runs within a workflow task (durability 'local') has no use for a workflow of its own",
      mend: 'Leave out one of the two.',
    });
  if (maker.durability === 'local' && maker.timeout > localAtMost)
    faults.push({
      where: `${where}, durability 'local'`,
      what: `an attempt may take ${maker.timeout / 1000} seconds, and the run waits for it without room for decisions`,
      mend: `Give it a \`timeout\` of at most ${localAtMost / 1000} seconds, or leave the durability out.`,
    });
  return faults;
}
