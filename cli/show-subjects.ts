import path from 'node:path';
import type { AgentImplementation } from '../agents/implement-agent.ts';
import { outcomesOf } from '../client/read-run.ts';
import { readVersion } from '../client/read-version.ts';
import type { RecordedOutcome } from '../client/read-run.ts';
import type { CheckpointKind } from '../contracts/checkpoint.ts';
import type { Json } from '../contracts/json.ts';
import type { DeskRow, Store } from '../contracts/ports.ts';
import { versionsIn } from '../client/find-artifact.ts';
import { phrase } from './language/phrase.ts';
import { namesIn } from './names-in.ts';
import type { Named } from './names-in.ts';
import { columnsOfTerminal, labelled, paint, print } from './output.ts';
import { previewArtifact } from './preview-artifact.ts';
import { describeRemade, findRemade } from './remade.ts';
import { summariseArtifact } from './summarise-artifact.ts';
import { splitName } from '../contracts/element-names.ts';

export interface LookOptions {
  /** Where the artifacts that are asked about are written, to look at. */
  previews: string;
  /** Those whose agents draw a page of what they make. */
  agents: readonly AgentImplementation[];
}

interface Subject {
  digest: string;
  value: Json;
}

const judged: CheckpointKind[] = ['review', 'authorise', 'correction'];

/** Prints what is to be judged and where to look at it; gives what may be named in a decision on it. */
export async function showSubjects(store: Store, row: DeskRow, options: LookOptions): Promise<Named[]> {
  const { checkpoint, run } = row;
  const subjects = await readSubjects(store, row);
  if (judged.includes(checkpoint.kind)) {
    const outcomes = outcomesOf(await store.ledger.read(run));
    for (const [name, { value, digest }] of Object.entries(subjects)) {
      for (const line of summariseArtifact(value, columnsOfTerminal() - 4))
        print(paint('dim', line && `    ${line}`));
      const page = await drawPage(store, row, outcomes, options.agents, name, value);
      const folder = path.join(options.previews, run, digest.slice(0, 8));
      const files = previewArtifact(folder, name, value, page.html);
      print(`  ${labelled(phrase`look at`, describeFiles(files))}`);
      if (page.problem !== null) print(`  ${labelled(phrase`no page`, page.problem)}`);
    }
    const remade = findRemade(outcomes).at(-1);
    if (remade) for (const line of describeRemade(remade)) print(`  ${line}`);
  }
  return Object.values(subjects).flatMap(({ value }) => namesIn(value));
}

/** What is to be judged, as an edit would leave it where one is asked for. */
async function readSubjects(store: Store, { checkpoint }: DeskRow): Promise<{ [artifact: string]: Subject }> {
  const subjects: { [artifact: string]: Subject } = {};
  for (const [name, subject] of Object.entries(checkpoint.shown.subjects)) {
    const version = checkpoint.shown.draft?.result ?? subject;
    if (version) subjects[name] = { digest: version.digest, value: await readVersion(store, version) };
  }
  return subjects;
}

/** The page that the artifact's own agent draws of it. That it can't be drawn keeps nobody from deciding. */
async function drawPage(
  store: Store,
  { run, checkpoint }: DeskRow,
  outcomes: RecordedOutcome[],
  agents: readonly AgentImplementation[],
  name: string,
  value: Json,
): Promise<{ html: string | null; problem: string | null }> {
  const { element } = splitName(checkpoint.cell ?? checkpoint.slot ?? name);
  const made = outcomes.findLast(
    ({ outcome }) =>
      outcome.type === 'result' &&
      splitName(outcome.task).element === element &&
      outcome.end.kind === 'done' &&
      Object.hasOwn(outcome.end.artifacts, name),
  )?.outcome;
  if (made?.type !== 'result') return { html: null, problem: null };
  const { base: maker } = splitName(made.task);
  const draw = agents.find(({ agent }) => agent.name === maker)?.previews?.[name];
  if (!draw) return { html: null, problem: null };
  try {
    const needs: { [need: string]: Json } = {};
    const versions = await versionsIn(store, run);
    for (const [need, digest] of Object.entries(made.lineage?.from ?? {})) {
      if (digest === null) continue;
      // A collection lies in the store by its elements: its own digest has no content.
      const whole = versions.find((one) => one.digest === digest && one.elements);
      needs[need] = await readVersion(store, whole ?? { digest });
    }
    return { html: await draw(value as never, needs as never), problem: null };
  } catch (error) {
    return { html: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The page, or else the first file, and how many lie beside it. */
function describeFiles(files: string[]): string {
  const shown = files.find((file) => file.endsWith('.html')) ?? files[0] ?? '';
  const near = path.relative('.', shown);
  const place = near.startsWith('..') ? shown : near;
  const others = files.length - 1;
  if (others === 0) return place;
  return others === 1
    ? phrase`${place}, with 1 more file beside it`
    : phrase`${place}, with ${others} more files beside it`;
}
