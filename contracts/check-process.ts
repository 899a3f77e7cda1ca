import type { ProcessDefinition } from './define-process.ts';
import type { Fault } from './process-fault.ts';
import { findUnknownOptions, throwFaults } from './process-fault.ts';
import { checkCollections } from './check-collections.ts';
import { checkNames, checkShape, processOptions } from './check-names.ts';
import { checkNested } from './check-nested.ts';
import { checkRules } from './check-rules.ts';
import { checkSchemas } from './check-schemas.ts';
import { checkSupport } from './check-support.ts';
import { checkWiring } from './check-wiring.ts';

/** Throws `Process.Invalid` with every fault of a definition, each with its name and its mend. */
export function checkProcess(definition: ProcessDefinition): void {
  const subject = typeof definition?.name === 'string' ? `Process '${definition.name}'` : 'Process';
  // What follows reads these members: without them there is nothing to look at.
  throwFaults(subject, checkShape(definition));
  const faults: Fault[] = [
    ...findUnknownOptions('process', definition, processOptions),
    ...checkNames(definition),
    ...checkSchemas(definition),
    ...checkSupport(definition),
    ...checkNested(definition),
    ...checkWiring(definition),
    ...checkCollections(definition),
    ...checkRules(definition),
  ];
  throwFaults(subject, faults);
}
