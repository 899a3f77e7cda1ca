import { beforeAll, describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { dataConverter } from '../../client/data-converter.ts';
import { startState } from '../../client/read-run.ts';
import type { Outcome } from '../../contracts/outcome.ts';
import type { StartArguments } from '../../contracts/messages.ts';
import type { State } from '../../contracts/state.ts';
import { bundleProcessWorkflow } from '../../worker/create-worker.ts';
import { fold } from '../../workflows/fold/fold.ts';
import { next } from '../../workflows/fold/next.ts';

interface OutcomeLog {
  run: string;
  start: StartArguments;
  outcomes: Outcome[];
  /** As the run's own workflow gave it when it had closed. */
  state: State;
}

const names = readdirSync(new URL('histories/', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''));

const read = (kind: string, name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${kind}/${name}.json`, import.meta.url), 'utf8'));
const outcomeLog = (name: string): OutcomeLog => read('outcomes', name) as OutcomeLog;

/** Of each execution; those of a run that went on in others are listed, first to last. */
function historiesOf(name: string): unknown[] {
  const recorded = read('histories', name);
  return Array.isArray(recorded) ? recorded : [recorded];
}

async function replay(name: string, workflowBundle: WorkflowBundle): Promise<void> {
  for (const history of historiesOf(name))
    // The workflow's id is part of what a history says; without it the replay is of a made-up one.
    await Worker.runReplayHistory(
      { workflowBundle, dataConverter },
      historyFromJSON(history),
      outcomeLog(name).run,
    );
}

const foldAll = ({ start }: OutcomeLog, outcomes: Outcome[]): State =>
  outcomes.reduce(fold, startState(start));

/** Without the members that JSON leaves out. */
const plain = (state: State): unknown => JSON.parse(JSON.stringify(state));

it('each kind of run has been recorded', () => {
  expect(names).toEqual(
    expect.arrayContaining([
      'hello',
      'long-research',
      'market-outlook',
      'market-outlook-without-data',
      'office-notice',
      'office-notice-at-length',
      'purchase',
      'purchase-amended',
      'room-booking',
      'shipment',
    ]),
  );
  const verbs = outcomeLog('office-notice-at-length').outcomes.flatMap((outcome) =>
    outcome.type === 'decision' ? [outcome.verb] : [],
  );
  for (const verb of ['changes', 'edit', 'withdrawEdit', 'approve', 'retry', 'didNot'])
    expect(verbs).toContain(verb);
});

it('runs over elements have been recorded: one sent back, one that failed, one that is gone after an amendment', () => {
  const told = (name: string): string[] =>
    outcomeLog(name).outcomes.map((outcome) => {
      if (outcome.type === 'decision') return `${outcome.verb} ${outcome.checkpoint}`;
      if (outcome.type === 'result') return `${outcome.end.kind} ${outcome.task}`;
      return outcome.type === 'effectEnded' ? `${outcome.end.kind} ${outcome.slot}` : outcome.type;
    });
  const elements = ['M8', 'M10', 'M12', 'M14'];
  expect(told('purchase')).toEqual(
    expect.arrayContaining([
      ...elements.flatMap((part) => [`done pricing/${part}`, `success order/${part}`]),
      'approve review:lookAtQuote:quote/M10',
      'changes review:lookAtQuote:quote/M14',
      'failed pricing/M12',
      'retry exception:task:pricing/M12',
    ]),
  );
  expect(told('purchase-amended')).toEqual(
    expect.arrayContaining(['amend', 'done pricing/M16', 'leave correction:order:order/M12']),
  );
});

it('a run continued as new has been recorded: paused on the way, with a section under review', () => {
  expect(historiesOf('long-research').length).toBeGreaterThan(3);
  const told = outcomeLog('long-research').outcomes.flatMap((outcome) => {
    if (outcome.type === 'brake') return [outcome.set.pause ? 'paused' : 'lifted'];
    return outcome.type === 'decision' ? [outcome.verb] : [];
  });
  expect(told).toEqual(['paused', 'lifted', 'edit', 'approve', 'approve']);
});

describe("recorded histories replay with today's code", () => {
  let today: WorkflowBundle;
  let short: WorkflowBundle;
  let changed: WorkflowBundle;
  beforeAll(async () => {
    today = await bundleProcessWorkflow();
    short = await bundleProcessWorkflow(
      fileURLToPath(new URL('../e2e/continue/short-workflow.ts', import.meta.url)),
    );
    changed = await bundleProcessWorkflow(fileURLToPath(new URL('changed-workflow.ts', import.meta.url)));
  });

  // Where a run goes over to another execution is decided by bounds, which were as small when it was recorded.
  it.each(names)('%s', async (name) => replay(name, historiesOf(name).length > 1 ? short : today));

  it.each(names)('%s is found not to fit where the workflow commands otherwise', async (name) => {
    await expect(replay(name, changed)).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});

describe("recorded outcomes fold to the recorded state with today's rules", () => {
  it.each(names)('%s', (name) => {
    const log = outcomeLog(name);
    const state = foldAll(log, log.outcomes);
    expect(plain(state)).toEqual(log.state);
    expect(next(state)).toEqual(next(log.state));
  });

  it.each(names)('%s: not without one of them', (name) => {
    const log = outcomeLog(name);
    const last = log.outcomes.findLastIndex(({ type }) => type !== 'started');
    for (const index of [0, last]) {
      expect(plain(foldAll(log, log.outcomes.toSpliced(index, 1)))).not.toEqual(log.state);
    }
  });
});
