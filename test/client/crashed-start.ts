import { contentsOf } from '../../contracts/collection.ts';
import { makeInputs, versionsOf } from '../../client/keep-artifact.ts';
import type { Json } from '../../contracts/json.ts';
import type { StartArguments } from '../../contracts/messages.ts';
import type { Process, ProcessInput } from '../../contracts/process-types.ts';
import type { TestProject } from '../../testing/start-test-project.ts';

/** Leaves behind what a start does that crashed before it started the workflow. */
export async function crashStart<P extends Process>(
  { store, door }: TestProject,
  { manifest }: P,
  input: ProcessInput<P>,
  { run, key }: { run: string; key: string },
): Promise<void> {
  const made = makeInputs(input as { [field: string]: Json }, manifest.inputs);
  const startedBy = 'a-starter';
  const start: StartArguments = {
    kind: 'new',
    run,
    manifest,
    inputs: versionsOf(made),
    startedBy,
    trusted: [door.fingerprint],
  };
  const row = { run, process: manifest.name, key, epoch: 1, startedBy, manifestDigest: manifest.digest };
  await store.runs.reserve({ ...row, start: start as unknown as Json }, contentsOf(made));
}
