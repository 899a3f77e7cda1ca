import path from 'node:path';
import { outcomesOf, readRunFromLedger } from '../../client/read-run.ts';
import { readVersion } from '../../client/read-version.ts';
import type { ProgressRow, RunRow, SlotRow, Store } from '../../contracts/ports.ts';
import type { RunningTask } from '../../contracts/messages.ts';
import { childPrefix } from '../../contracts/starts.ts';
import type { Next, State } from '../../contracts/state.ts';
import { amendableInputs } from '../amendable-inputs.ts';
import { artifactsOf } from '../../client/artifacts-of.ts';
import type { ShownArtifact } from '../../client/artifacts-of.ts';
import { costInTime } from '../cost-in-time.ts';
import { amendLine, decideLine } from '../decide-line.ts';
import { describeCheckpoint } from '../describe-checkpoint.ts';
import { findArtifact } from '../../client/find-artifact.ts';
import type { ServerView } from '../look-at-server.ts';
import { describeProgress } from '../describe-progress.ts';
import { commandLine } from '../how-to-call.ts';
import { withRun } from '../open-folder.ts';
import { paint, print, printJson, readableBytes, readableMoment } from '../output.ts';
import { previewArtifact } from '../preview-artifact.ts';
import { describeRemade, findRemade } from '../remade.ts';
import { describeCost, printSection } from '../sections.ts';
import type { Settings } from '../settings.ts';
import { describeOutcome, formatLine, timelineOf } from '../timeline.ts';
import { childLine, readChildren } from '../child-runs.ts';
import { followShown } from '../follow-shown.ts';
import { waitsUntil } from '../waits-until.ts';
import { showWhy } from './why.ts';

export interface ShowOptions {
  follow?: boolean;
  artifact?: string;
  to?: string;
  why?: string;
}

export async function show(settings: Settings, given: string, options: ShowOptions): Promise<void> {
  await withRun(settings, given, async (store, row) => {
    if (options.follow) return followShown(settings, store, row.run);
    if (options.why !== undefined) return showWhy(settings, store, row, options.why);
    if (options.artifact === undefined) return showRun(settings, store, row);
    return showArtifact(settings, store, row.run, options.artifact, options.to);
  });
}

/** All from the record, which needs no server; what Temporal knows of work under way is added where it answers. */
async function showRun(settings: Settings, store: Store, row: RunRow): Promise<void> {
  const { run } = row;
  const outcomes = outcomesOf(await store.ledger.read(run));
  const { state, open, head, complete, next } = await readRunFromLedger(store, run);
  const isOpen = row.closedAt === null;
  const server = isOpen ? await askServer(settings, store, run) : null;
  const artifacts = artifactsOf(outcomes);
  const slots = await store.slots.list(run);
  const children = await readChildren(store, run);
  const running = runningOf(state, server, await store.progress.list(run));
  const timeline = timelineOf(outcomes);
  const cost = costInTime(outcomes);
  const remade = findRemade(outcomes);
  if (settings.json) {
    const { start: _start, ...about } = row;
    const supplied = state.pinned;
    const recallable = next.wait;
    printJson({
      ...about,
      supplied,
      runs: children,
      complete,
      open,
      recallable,
      running,
      artifacts,
      slots,
      head,
      timeline,
      remade,
      cost,
      server,
    });
    return;
  }
  print(`${paint('bold', run)}  ${statusText(row.status)}${row.key === null ? '' : `, key ${row.key}`}`);
  print(`epoch ${row.epoch}, started by ${row.startedBy} at ${readableMoment(row.startedAt)}`);
  const until = waitsUntil(row);
  if (until !== null) print(`It waits until ${readableMoment(until)}: nothing of it has begun.`);
  if (row.parent !== null) print(`It is a task of ${row.parent}.`);
  if (!complete) print('The record has gaps: something that happened earlier has not been recorded yet.');
  printSection('Timeline', timeline.map(formatLine));
  for (const round of remade)
    printSection(`What came of: ${describeOutcome(round.request)}`, describeRemade(round));
  printSection(
    `Supplied at the start by ${row.startedBy}`,
    Object.entries(state.pinned).map(([name, { digest }]) => `${name} ${digest.slice(0, 12)}`),
  );
  printSection('Artifacts', artifacts.map(artifactLine));
  printSection('Under way', [
    ...running.map(
      ({ task, attempt, workflow, progress }) =>
        `${task}, attempt ${attempt}${workflow === undefined ? '' : `, in workflow ${workflow}`}${progress ? `: ${describeProgress(progress)}` : ''}`,
    ),
    ...(isOpen
      ? serverLines(settings, server, until === null && (running.length > 0 || open.length === 0))
      : []),
  ]);
  printSection(
    'Runs of its tasks',
    children.map((one) => childLine(settings, one)),
  );
  printSection('Effects', [
    ...slots.map(slotLine),
    ...next.wait.map((wait) => waitLine(settings, run, wait)),
  ]);
  for (const { checkpoint, digest } of open) {
    const [title = '', ...lines] = describeCheckpoint(checkpoint);
    printSection(`Open: ${title}`, [
      ...lines,
      `offers     ${checkpoint.offers.join(', ')}`,
      `decide     ${commandLine(settings, decideLine(run, checkpoint, digest))}`,
      ...Object.keys(amendableInputs(state.manifest, checkpoint)).map(
        (field) => `or         ${commandLine(settings, amendLine(run, checkpoint, field))}`,
      ),
    ]);
  }
  if (!isOpen) printSection('Where the time went', describeCost(cost));
}

async function askServer(settings: Settings, store: Store, run: string): Promise<ServerView | null> {
  const { lookAtServer } = await import('../look-at-server.ts');
  return lookAtServer(settings, store, run);
}

type ShownTask = Omit<RunningTask, 'since'> & { progress: ProgressRow | null };

function runningOf(
  { run, epoch, tasks }: State,
  server: ServerView | null,
  progress: ProgressRow[],
): ShownTask[] {
  return Object.entries(tasks).flatMap(([task, { running }]) => {
    if (!running) return [];
    const { attempt } = running;
    const workflow = server?.children.find((id) => id.startsWith(childPrefix(run, epoch, { task, attempt })));
    const said = progress.find((one) => one.task === task && one.attempt === attempt && one.epoch === epoch);
    return [{ task, attempt, ...(workflow !== undefined && { workflow }), progress: said ?? null }];
  });
}

function serverLines(settings: Settings, server: ServerView | null, waitsForWorker: boolean): string[] {
  const dev = commandLine(settings, 'dev');
  if (!server) return [`No Temporal server answers: this is what was recorded. \`${dev}\` takes the run on.`];
  return [
    ...server.activities
      .filter(({ attempt, failure }) => attempt > 1 || failure !== null)
      .map(
        ({ name, attempt, failure }) =>
          `${name} is tried again (attempt ${attempt}): ${failure ?? 'no answer'}`,
      ),
    ...(server.workflowTaskAttempt > 1
      ? [
          `The run's own code fails (attempt ${server.workflowTaskAttempt}): \`${commandLine(settings, 'replay', 'RUN')}\` says where it goes another way.`,
        ]
      : []),
    ...(server.workers === 0 && waitsForWorker
      ? [`No worker polls its task queue: \`${dev}\` starts one.`]
      : []),
  ];
}

function artifactLine({ name, digest, bytes, by, agentVersion, from }: ShownArtifact): string {
  const sources = Object.entries(from)
    .map(([source, version]) => `${source} ${version?.slice(0, 12) ?? 'absent'}`)
    .join(', ');
  const version = agentVersion === null ? '' : ` ${agentVersion}`;
  return `${name} ${digest.slice(0, 12)}  ${readableBytes(bytes)}  by ${by}${version}${sources ? `, from: ${sources}` : ''}`;
}

function slotLine({ slot, n, verb, status, failure }: SlotRow): string {
  return `${slot} (n ${n}): ${verb} ${status}${failure ? `: ${failure.message}` : ''}`;
}

function waitLine(settings: Settings, run: string, { slot, until }: Next['wait'][number]): string {
  const time = until === undefined ? 'authorised' : `happens after ${readableMoment(until)}`;
  return `${slot}: ${time}; until then \`${commandLine(settings, 'recall', run, slot)}\` takes it back`;
}

function statusText(status: string): string {
  return paint(status === 'finished' ? 'green' : status === 'open' ? 'cyan' : 'yellow', status);
}

async function showArtifact(
  settings: Settings,
  store: Store,
  run: string,
  name: string,
  to: string | undefined,
): Promise<void> {
  const found = await findArtifact(store, run, name);
  const value = await readVersion(store, found);
  if (to === undefined) {
    printJson(value);
    return;
  }
  const written = previewArtifact(path.resolve(to), found.name, value);
  if (settings.json) printJson(written);
  else for (const file of written) print(file);
}
