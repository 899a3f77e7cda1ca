import type { Activities } from '../contracts/messages.ts';
import { applyEdit } from './apply-edit.ts';
import type { Dependencies } from './dependencies.ts';
import { performEffect } from './perform-effect.ts';
import { record } from './record.ts';
import { runAgent } from './run-agent.ts';

/** Every side effect of a worker, around what it was given to work with. */
export function createActivities(dependencies: Dependencies): Activities {
  return {
    runAgent: async (input) => runAgent(dependencies, input),
    applyEdit: async (input) => applyEdit(dependencies, input),
    performEffect: async (input) => performEffect(dependencies, input),
    record: async (input) => record(dependencies.store, input),
  };
}
