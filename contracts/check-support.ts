import type { ProcessDefinition } from './define-process.ts';
import type { Maker } from './define-agent.ts';
import type { Effect } from './define-effect.ts';
import type { Fault } from './process-fault.ts';

/** What is defined, but this version does not run yet: refused, so that nothing is silently left undone. */
export function checkSupport(definition: ProcessDefinition): Fault[] {
  return [
    ...definition.team.flatMap(checkMaker),
    ...Object.entries(definition.effects ?? {}).flatMap(([name, effect]) =>
      checkEffect(`effect '${name}'`, effect),
    ),
  ];
}

function checkMaker(maker: Maker): Fault[] {
  const where = `${maker.maker} '${maker.name}'`;
  const faults: Fault[] = [];
  if (maker.maker !== 'agent') return faults;
  if (maker.isolate) faults.push(refuse(`${where}, isolate`, 'Leave it out: the task runs inside the run.'));
  if (maker.durability !== 'task')
    faults.push(refuse(`${where}, durability '${maker.durability}'`, "Leave it out, which means 'task'."));
  return faults;
}

function checkEffect(where: string, effect: Effect): Fault[] {
  const faults: Fault[] = [];
  if (effect.undoable)
    faults.push(refuse(`${where}, undoable`, 'Leave it out, and undo on the other side by hand.'));
  return faults;
}

function refuse(where: string, mend: string): Fault {
  return { where, what: 'this version does not have it yet', mend };
}
