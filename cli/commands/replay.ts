import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { toClientFailure } from '../../client/client-failure.ts';
import { fetchHistories } from '../../client/fetch-histories.ts';
import { toFailure } from '../../contracts/failures.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { withClientOf } from '../connect.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { paint, print, printJson, say } from '../output.ts';
import { readJson } from '../read-input.ts';
import type { Settings } from '../settings.ts';

interface Fetched {
  run: string;
  /** Of its executions, one after another. */
  histories: History[];
}

async function fetchAll(settings: Settings, given: string): Promise<Fetched> {
  return withClientOf(settings, given, async ({ client, row: { run } }) => {
    try {
      return { run, histories: await fetchHistories(client.temporal, run) };
    } catch (error) {
      throw toClientFailure(error, run);
    }
  });
}

function readHistory(file: string): Fetched {
  const invalid = (reason: string): Error =>
    toFailure('Input.Invalid', `${file} is no history that Temporal wrote: ${reason}.`, { name: file });
  const json = readJson(`@${file}`, '--file');
  let history: History;
  try {
    history = historyFromJSON(json);
  } catch (error) {
    throw invalid((error as Error).message);
  }
  const run = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (!run) throw invalid('its first event does not start a workflow');
  return { run, histories: [history] };
}

/** A run's history against today's code: whether a worker of today would go the way that it went. */
export async function replay(
  settings: Settings,
  given: string | undefined,
  options: { file?: string },
): Promise<void> {
  if (given === undefined && options.file === undefined)
    throw new UsageError('Name a run, or a file with a history.');
  const { run, histories } =
    options.file === undefined ? await fetchAll(settings, given!) : readHistory(options.file);
  say('Bundling the workflow code, then replaying …');
  const { replayHistory } = await import('../local.ts');
  let violation: string | null = null;
  for (const history of histories) violation ??= await replayHistory(history, run);
  const events = countEvents(histories);
  if (violation === null)
    print(`${paint('green', 'same')}  ${run}: ${events} events, today's code goes the same way`);
  else {
    print(`${paint('red', 'other')}  ${run}: ${events} events, today's code would go another way`);
    print(`  ${violation}`);
    print(
      '  Runs begun before the change would get stuck: keep their code on a worker of its own, or patch it.',
    );
    process.exitCode = exitCodes.failed;
  }
  if (settings.json) printJson({ run, events, same: violation === null, violation });
}

/** A run's history as JSON, for `replay --file` and for tests. */
export async function saveHistory(settings: Settings, given: string, options: { to: string }): Promise<void> {
  const { run, histories } = await fetchAll(settings, given);
  const file = path.resolve(options.to);
  const { dir, name, ext } = path.parse(file);
  // A run that went on in other executions has a history of each.
  const files =
    histories.length === 1
      ? [file]
      : histories.map((_, place) => path.join(dir, `${name}-${place + 1}${ext}`));
  try {
    makeFolder(dir);
    for (const [place, history] of histories.entries())
      writeFileSync(files[place]!, `${historyToJSON(history)}\n`);
  } catch (cause) {
    throw toFailure('File.NotWritable', `${options.to}: ${(cause as Error).message}`, { name: file, cause });
  }
  const events = countEvents(histories);
  const where = files.length === 1 ? options.to : files.map((one) => path.relative('.', one)).join(', ');
  print(`${run}: ${events} events in ${where}`);
  if (settings.json) printJson({ run, events, file, files });
}

const countEvents = (histories: History[]): number =>
  histories.reduce((sum, { events }) => sum + (events?.length ?? 0), 0);
