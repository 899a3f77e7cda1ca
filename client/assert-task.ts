import type { State } from '../contracts/state.ts';
import { toFailure } from '../contracts/failures.ts';
import { nameOf, splitName } from '../contracts/element-names.ts';
import { own } from '../workflows/fold/records.ts';
import { viewOf } from '../workflows/fold/view.ts';

/** How many elements a refusal names. */
const listed = 10;

/** Throws `Task.Unknown` where the run has no such task, or a collection no such element. */
export function assertTask(state: State, task: string): void {
  const { name: process, tasks } = state.manifest;
  const { base, element } = splitName(task);
  const unknown = (why: string): Error =>
    toFailure('Task.Unknown', `${process} has no task ${task}; ${why}.`, { name: task });
  const declared = own(tasks, base);
  if (!declared) throw unknown(`it has ${Object.keys(tasks).join(', ')}`);
  if (element === undefined) return;
  if (!declared.each) throw unknown(`${base} is one task, not one for each element`);
  const { over } = declared.each;
  const view = viewOf(state);
  const known = view.keysOf(view.graph.root(over));
  if (known.state !== 'known')
    throw unknown(`${over} has no elements now: re-run from ${base}, or from before it`);
  if (known.keys.has(element)) return;
  const some = [...known.keys].slice(0, listed).map((key) => nameOf(base, key));
  const more = known.keys.size - some.length;
  throw unknown(`of ${base} it has ${some.join(', ') || 'none'}${more > 0 ? ` and ${more} more` : ''}`);
}
