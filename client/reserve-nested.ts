import { contentsOf } from '../contracts/collection.ts';
import { toFailure } from '../contracts/failures.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { StartArguments } from '../contracts/messages.ts';
import type { RunRow, Store } from '../contracts/ports.ts';
import type { NestedStart, ReservedStart } from '../contracts/starts.ts';
import type { State } from '../contracts/state.ts';
import { assertMeets, makeInputs, versionsOf } from './keep-artifact.ts';
import { readRunFromLedger } from './read-run.ts';
import { mintRunId } from './reserve-run.ts';

/**
 * The run of a task that is a process: one run for each task, whatever its attempts. A later attempt takes it up again as
 * its next epoch, with the inputs of now, so that what it did already is not done twice.
 * Throws `Run.Closing` while an earlier attempt's epoch has not closed.
 */
export async function reserveNested(
  store: Store,
  nested: NestedStart,
  values: JsonObject,
): Promise<ReservedStart> {
  const { manifest, parent, startedBy, trusted } = nested;
  for (const [field, value] of Object.entries(values))
    assertMeets(value, manifest.inputs[field]!.schema, 'Input.Invalid', field);
  const made = makeInputs(values, manifest.inputs);
  const inputs = versionsOf(made);
  const run = mintRunId(manifest.name);
  const start: StartArguments = { kind: 'new', run, manifest, inputs, startedBy, trusted, parent };
  const { row, created } = await store.runs.reserve(
    {
      run,
      process: manifest.name,
      key: `${parent.run}/${parent.task}`,
      epoch: 1,
      startedBy,
      manifestDigest: manifest.digest,
      start: start as unknown as Json,
      parent: parent.run,
    },
    contentsOf(made),
  );
  const held = row.start as unknown as StartArguments;
  if (created || held.parent?.attempt === parent.attempt) return toReserved(row);
  if (row.closedAt === null)
    throw toFailure('Run.Closing', `Run ${row.run}, of an earlier attempt, has not closed yet.`, {
      name: row.run,
    });
  const { state } = await readRunFromLedger(store, row.run);
  const redone = held.parent?.redo === parent.redo ? state : withAllMadeAgain(state, nested.words);
  const again: StartArguments = {
    kind: 'again',
    run: row.run,
    state: { ...redone, inputs, trusted },
    parent,
  };
  await store.runs.openEpoch(row.run, row.epoch + 1, again as unknown as Json);
  return toReserved((await store.runs.get(row.run))!);
}

/** As if each task had been asked for changes in these words: what it made before counts no more. */
function withAllMadeAgain(state: State, words: string | undefined): State {
  const changes = Object.keys(state.manifest.tasks).map((task) => {
    const before = state.changes[task];
    const said = words === undefined ? {} : { words };
    return [task, { fields: {}, ...before, ...said, n: (before?.n ?? 0) + 1 }] as const;
  });
  return { ...state, changes: { ...state.changes, ...Object.fromEntries(changes) } };
}

const toReserved = ({ run, process, key, start }: RunRow): ReservedStart => ({
  run,
  process,
  key,
  start: start as unknown as StartArguments,
});
