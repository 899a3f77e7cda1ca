import path from 'node:path';
import { readInput } from '../../client/reserve-run.ts';
import { outcomesOf, readRunFromLedger } from '../../client/read-run.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { RunResult } from '../../contracts/messages.ts';
import type { Process } from '../../contracts/process-types.ts';
import type { Store } from '../../contracts/ports.ts';
import { isAtTerminal } from '../ask-person.ts';
import { costInTime } from '../cost-in-time.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { followRun } from '../follow-run.ts';
import { commandLine } from '../how-to-call.ts';
import { withInterrupt } from '../interrupt.ts';
import { paint, print, printJson, say } from '../output.ts';
import { findProcess, readJsonObject } from '../read-input.ts';
import { describeRemade, findRemade } from '../remade.ts';
import { loadProject, readPerson } from '../settings.ts';
import type { Settings } from '../settings.ts';
import type { Project } from '../../worker/define-project.ts';
import { describeOutcome, formatLine, timelineOf } from '../timeline.ts';
import { describeCost, printSection } from '../sections.ts';
import { whyClosed } from '../why-closed.ts';
import { baseOf } from '../../contracts/element-names.ts';

export interface RunOptions {
  input: string;
  key?: string;
  by?: string;
  approve?: boolean;
  answers?: string;
}

export async function run(settings: Settings, name: string, options: RunOptions): Promise<void> {
  const { project } = await loadProject(settings);
  const definition = findProcess(project, name);
  const input = readJsonObject(options.input, '--input');
  const answers = options.answers === undefined ? {} : readAnswers(definition, options.answers);
  // Before a server is started for it: what is wrong with the input is told at once.
  readInput(definition, input);
  const starter = readPerson(options.by === undefined ? {} : { as: options.by }).id;
  const approve = options.approve ?? !isAtTerminal();
  if (approve && !options.approve)
    say(
      'No terminal to decide at: demo people approve, and questions get scripted answers (as with --approve).',
    );

  await withInterrupt(async (signal) => {
    const { startLocal } = await import('../local.ts');
    await using local = await startLocal(settings, project);
    print(`${paint('dim', 'server')}  ${local.server.address}`);
    const { run: id } = await local.client.start(definition, input, {
      by: starter,
      ...(options.key !== undefined && { key: options.key }),
    });
    print(`${paint('dim', 'run')}     ${paint('bold', id)}, started by ${starter}`);
    print();
    const followed = followRun(local.client, local.store, id, {
      previews: path.join(settings.folder, 'previews'),
      agents: project.agents,
      approve,
      answers,
      signal,
    });
    // Without its worker the run would be waited for in vain.
    const result = await Promise.race([followed, local.worker.ended.then(() => null)]).catch(
      (error: unknown) => {
        say(`Run ${id} is kept as it is: \`${commandLine(settings, 'dev')}\` takes it on.`);
        throw error;
      },
    );
    if (result) await printEnd(local.store, project, id, result, settings.json);
    else {
      print();
      print('The run is left open.');
      print(`  ${commandLine(settings, 'dev')}  takes it on`);
      print(`  ${commandLine(settings, 'show', id)}  shows what is asked`);
      if (settings.json) printJson({ run: id, status: 'open' });
    }
    if (signal.aborted && !result) process.exitCode = exitCodes.interrupted;
    else if (result?.status !== 'finished') process.exitCode ??= exitCodes.failed;
  });
}

/** Answers by task. */
function readAnswers({ manifest }: Process, given: string): JsonObject {
  const answers = readJsonObject(given, '--answers');
  const unknown = Object.keys(answers).find((task) => !Object.hasOwn(manifest.tasks, baseOf(task)));
  if (unknown === undefined) return answers;
  const known = Object.keys(manifest.tasks).join(', ');
  throw new UsageError(`--answers: ${manifest.name} has no task ${unknown}; it has ${known}.`);
}

async function printEnd(
  store: Store,
  project: Project,
  id: string,
  result: RunResult,
  json: boolean,
): Promise<void> {
  const outcomes = outcomesOf(await store.ledger.read(id));
  const published = await publishedFiles(store, project, id);
  const cost = costInTime(outcomes);
  const records = await store.ledger.read(id);
  const breaks = await store.ledger.verify(id, result.head ?? undefined);
  const remade = findRemade(outcomes);
  printSection('Timeline', timelineOf(outcomes).map(formatLine));
  for (const round of remade)
    printSection(`What came of: ${describeOutcome(round.request)}`, describeRemade(round));
  printSection('Published', published);
  printSection('Where the time went', describeCost(cost));
  printSection('Ledger', [
    breaks.length === 0
      ? `${records.length} records, chain verified, head ${result.head?.hash.slice(0, 16) ?? 'none'} as in Temporal's history`
      : `BROKEN: ${breaks.map(({ index, problem }) => `record ${index}: ${problem}`).join('; ')}`,
  ]);
  print();
  const why = result.status === 'finished' ? [] : whyClosed(outcomes);
  print(`${id} ${paint(result.status === 'finished' ? 'green' : 'yellow', result.status)}`);
  for (const line of why) print(`  ${line}`);
  if (json)
    printJson({
      run: id,
      epoch: result.epoch,
      status: result.status,
      ...(why.length > 0 && { why }),
      outputs: result.outputs,
      published,
      timeline: timelineOf(outcomes),
      remade,
      cost,
      ledger: { records: records.length, head: result.head, breaks },
    });
}

/** Where a connector with a root says, in its receipts, that it wrote files; other receipts as they are. */
async function publishedFiles(store: Store, project: Project, id: string): Promise<string[]> {
  const { manifest } = (await readRunFromLedger(store, id)).state;
  const slots = await store.slots.list(id);
  return slots
    .filter(({ status, verb }) => status === 'success' && verb !== 'undo')
    .flatMap(({ slot, receipt }) => {
      const effect = manifest.effects[baseOf(slot)];
      const connector = (project.connectors?.[effect?.connector ?? ''] ?? {}) as { root?: unknown };
      const { folder, files } = isObject(receipt) ? receipt : {};
      if (typeof connector.root !== 'string' || typeof folder !== 'string' || !Array.isArray(files))
        return [`${slot}: ${JSON.stringify(receipt ?? null)}`];
      const place = path.relative('.', path.join(connector.root, folder));
      return files.filter((file) => typeof file === 'string').map((file) => path.join(place, file));
    });
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
