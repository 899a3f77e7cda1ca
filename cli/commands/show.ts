import path from 'node:path';
import { outcomesOf } from '../../client/read-run.ts';
import type { RecordedOutcome } from '../../client/read-run.ts';
import { createClient } from '../../client/create-client.ts';
import type { Reference } from '../../contracts/artifact.ts';
import type { Json } from '../../contracts/json.ts';
import type { RunView } from '../../contracts/messages.ts';
import type { RunRow, Store } from '../../contracts/ports.ts';
import { failures, isFailureType, toFailure } from '../../contracts/failures.ts';
import { readRunFromLedger } from '../../client/read-run.ts';
import { connectTo } from '../../server/connect.ts';
import { findAddress, withStore } from '../connect.ts';
import { describeCheckpoint } from '../describe-checkpoint.ts';
import { paint, print, printJson, readableBytes, say } from '../output.ts';
import { previewArtifact } from '../preview-artifact.ts';
import type { Settings } from '../settings.ts';
import { formatLine, timelineOf } from '../timeline.ts';

/** An artifact of a run, and where it came from. */
interface ShownArtifact {
  name: string;
  digest: string;
  mediaType: string;
  bytes: number;
  task: string;
  agentVersion: string | null;
  from: { [artifact: string]: string | null };
}

function artifactsOf(outcomes: RecordedOutcome[]): ShownArtifact[] {
  const shown = new Map<string, ShownArtifact>();
  const add = (
    reference: Reference,
    task: string,
    agentVersion: string | null,
    from: ShownArtifact['from'],
  ): void => {
    const { name, digest, mediaType, bytes } = reference;
    shown.set(`${task} ${name}`, { name, digest, mediaType, bytes, task, agentVersion, from });
  };
  for (const { outcome } of outcomes) {
    if (outcome.type === 'result') {
      for (const reference of outcome.references ?? []) {
        add(reference, outcome.task, outcome.lineage?.agentVersion ?? null, outcome.lineage?.from ?? {});
      }
    } else if (outcome.type === 'editApplied' && outcome.reference) {
      add(outcome.reference, `edit of ${outcome.cell}`, null, { [outcome.cell]: outcome.base });
    } else if (outcome.type === 'effectEnded' && outcome.reference) {
      add(outcome.reference, outcome.slot, null, {});
    }
  }
  return [...shown.values()];
}

/** The run as its workflow has it, or as the ledger does where nobody answers. */
async function readView(
  settings: Settings,
  store: Store,
  row: RunRow,
): Promise<{ view: RunView; live: boolean }> {
  if (row.closedAt === null) {
    try {
      const connection = await connectTo(await findAddress(settings));
      try {
        const { namespace, taskQueue } = settings;
        return {
          view: await createClient({ connection, store, namespace, taskQueue }).state(row.run),
          live: true,
        };
      } finally {
        await connection.close();
      }
    } catch {
      say('No server answers: this is what was recorded.');
    }
  }
  return { view: await readRunFromLedger(store, row.run), live: false };
}

export async function show(
  settings: Settings,
  run: string,
  options: { artifact?: string; to?: string },
): Promise<void> {
  await withStore(settings, async (store) => {
    const row = await store.runs.get(run);
    if (!row) throw toFailure('Run.Unknown', `There is no run ${run}.`, { name: run });
    const outcomes = outcomesOf(await store.ledger.read(run));
    const artifacts = artifactsOf(outcomes);
    if (options.artifact !== undefined)
      return showArtifact(settings, store, run, artifacts, options.artifact, options.to);
    const { view } = await readView(settings, store, row);
    const slots = await store.slots.list(run);
    if (settings.json) {
      const { start: _start, ...about } = row;
      printJson({
        ...about,
        open: view.open,
        running: view.running,
        artifacts,
        slots,
        head: view.head,
        timeline: timelineOf(outcomes),
      });
      return;
    }
    print(`${paint('bold', run)}  ${row.process}${row.key === null ? '' : `  key ${row.key}`}`);
    print(`${statusText(row.status)}, epoch ${row.epoch}, started by ${row.startedBy} at ${row.startedAt}`);
    section('Timeline', timelineOf(outcomes).map(formatLine));
    section(
      'Artifacts',
      artifacts.map((one) => {
        const from = Object.entries(one.from)
          .map(([name, digest]) => `${name} ${digest?.slice(0, 8) ?? 'absent'}`)
          .join(', ');
        return `${one.name} ${one.digest.slice(0, 12)}  ${readableBytes(one.bytes)}  by ${one.task}${from ? `, from ${from}` : ''}`;
      }),
    );
    section(
      'Running',
      view.running.map(({ task, attempt }) => `${task}, attempt ${attempt}`),
    );
    section(
      'Effects',
      slots.map(
        (slot) =>
          `${slot.slot}: ${slot.verb} ${slot.status}${slot.failure ? `: ${slot.failure.message}` : ''}`,
      ),
    );
    for (const { checkpoint, digest } of view.open) {
      const [title = '', ...lines] = describeCheckpoint(checkpoint);
      section(`Open: ${title}`, [
        ...lines,
        ...(isFailureType(checkpoint.shown.failure?.type)
          ? [`mend       ${failures[checkpoint.shown.failure.type].mend}`]
          : []),
        `decide     baton decide ${run} ${checkpoint.id} ${checkpoint.offers.join('|')} --digest ${digest.slice(0, 12)}`,
      ]);
    }
  });
}

function section(title: string, lines: string[]): void {
  if (lines.length === 0) return;
  print();
  print(paint('bold', title));
  for (const line of lines) print(`  ${line}`);
}

function statusText(status: string): string {
  return paint(status === 'finished' ? 'green' : status === 'open' ? 'cyan' : 'yellow', status);
}

async function showArtifact(
  settings: Settings,
  store: Store,
  run: string,
  artifacts: ShownArtifact[],
  name: string,
  to: string | undefined,
): Promise<void> {
  const found = artifacts.findLast((one) => one.name === name || one.digest.startsWith(name));
  if (!found) {
    const known = [...new Set(artifacts.map((one) => one.name))].join(', ') || 'none yet';
    throw toFailure('Artifact.Unknown', `Run ${run} has no artifact ${name}; it has ${known}.`, { name });
  }
  const { content } = await store.artifacts.get(found.digest);
  const value = JSON.parse(Buffer.from(content).toString()) as Json;
  if (to === undefined) {
    printJson(value);
    return;
  }
  const written = previewArtifact(path.resolve(to), found.name, value);
  if (settings.json) printJson(written);
  else for (const file of written) print(file);
}
