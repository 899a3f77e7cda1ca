import type { Json, JsonObject } from '../contracts/json.ts';
import type { StartArguments } from '../contracts/messages.ts';
import type { Store } from '../contracts/ports.ts';
import type { TaskStart } from '../contracts/state.ts';
import { toFailure } from '../contracts/failures.ts';
import { fold } from '../workflows/fold/fold.ts';
import { next } from '../workflows/fold/next.ts';
import { outcomesOf, startState } from './read-run.ts';
import { readVersion } from './read-version.ts';

/** What an attempt at a task was given. */
export interface RecordedAttempt extends Pick<
  TaskStart,
  'task' | 'agent' | 'element' | 'attempt' | 'answers'
> {
  /** Values of its needs, by name; what was absent is left out. */
  needs: JsonObject;
  /** What requests for changes had set, and their words. */
  fields: JsonObject;
  words?: string;
}

/**
 * What an attempt at a task of a run's live epoch was given, the latest unless a number is given, from the record alone.
 * Throws `Task.Unknown` with the attempts that there were.
 */
export async function readAttempt(
  store: Store,
  run: string,
  task: string,
  attempt?: number,
): Promise<RecordedAttempt> {
  const row = await store.runs.get(run);
  if (!row) throw toFailure('Run.Unknown', `The store knows no run ${run}.`, { name: run });
  let state = startState(row.start as Json as unknown as StartArguments);
  const started: TaskStart[] = [];
  for (const { epoch, outcome } of outcomesOf(await store.ledger.read(run))) {
    if (epoch !== row.epoch) continue;
    if (outcome.type === 'started') {
      const found = next(state).start.find((one) => one.task === outcome.task);
      if (found) started.push(found);
    }
    state = fold(state, outcome);
  }
  const wanted = started.findLast(
    (one) => one.task === task && (attempt === undefined || one.attempt === attempt),
  );
  if (!wanted) {
    const known = started.map((one) => `${one.task} ${one.attempt}`).join(', ') || 'none';
    throw toFailure(
      'Task.Unknown',
      `Epoch ${row.epoch} of ${run} has no attempt ${attempt ?? ''} at ${task}; it has ${known}.`.replace(
        '  ',
        ' ',
      ),
      { name: task },
    );
  }
  const needs = Object.entries(wanted.needs).map(async ([name, version]): Promise<[string, Json][]> =>
    version ? [[name, await readVersion(store, version)]] : [],
  );
  const { agent, element, answers, changes } = wanted;
  return {
    task,
    agent,
    attempt: wanted.attempt,
    needs: Object.fromEntries((await Promise.all(needs)).flat()),
    fields: changes.fields,
    ...(changes.words !== undefined && { words: changes.words }),
    ...(element !== undefined && { element }),
    ...(answers && { answers }),
  };
}
