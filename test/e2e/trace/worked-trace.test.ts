import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../contracts/json.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { versionId } from '../../../workflows/fold/versions.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { failureOf, recorded } from '../decisions/run-history.ts';
import { scriptedOutside } from '../slots/outside.ts';
import { smallOutlook, smallOutlookProject } from './outlook.ts';
import { decideAt, expectLedgerAgrees, openedAnew } from './wait.ts';
import type { Opened } from './wait.ts';

const address = await temporalAddress();
const outside = scriptedOutside();
let ran: string[] = [];
let baton: TestProject;

beforeAll(async () => {
  baton = await startTestProject(
    smallOutlookProject(outside, (task) => ran.push(task)),
    { address },
  );
});
afterAll(async () => baton.stop());

const started = async (run: string): Promise<string[]> =>
  (await recorded(baton.store, run, 'started')).map(({ task, attempt }) => `${task} ${attempt}`);

const withoutMining = {
  verb: 'changes' as const,
  changes: { task: 'forecasting', fields: { exclude: ['mining'] }, words: 'Leave out mining.' },
};

async function shown({ checkpoint }: Opened, artifact: string): Promise<Json> {
  return baton.client.read(checkpoint.shown.subjects[artifact]!);
}

/** Up to the first release: nothing but what is asked may have been started. */
async function untilRelease(dataset: string): Promise<{ run: string; approve: Opened; release: Opened }> {
  ran = [];
  const { run } = await baton.client.start(smallOutlook, { dataset, horizon: 2 }, { by: 'a-starter' });
  const approve = await openedAnew(baton, run, 'approveForecast');
  expect(await started(run)).toEqual(['gather 1', 'forecasting 1']);
  const { state, open } = await baton.client.state(run);
  expect(open).toHaveLength(1);
  expect(Object.keys(state.results)).toEqual(['gather', 'forecasting']);
  expect(state.verdicts).toEqual({});
  await expectLedgerAgrees(baton, run);
  await decideAt(baton, run, approve, { verb: 'approve' });
  const release = await openedAnew(baton, run, 'releaseReport');
  expect(await started(run)).toEqual(['gather 1', 'forecasting 1', 'visualisation 1']);
  expect((await baton.client.state(run)).open).toHaveLength(1);
  expect(ran).toEqual(['gather', 'forecasting', 'visualisation']);
  await expectLedgerAgrees(baton, run);
  return { run, approve, release };
}

async function expectPublished(run: string, text: string): Promise<void> {
  const { status, outputs } = await baton.client.result(run);
  expect(status).toBe('finished');
  expect(await baton.client.read(outputs['report']!)).toEqual({ text });
  expect(outside.done.get(`${run}/publishReport`)).toBe(1);
  expect(outside.holds.get(`${run}/publishReport`)).toBe(versionId(outputs['report']!));
  await expectLedgerAgrees(baton, run);
  expect(await baton.store.desk.open({ run })).toEqual([]);
}

describe('market-outlook, step by step on a real server', () => {
  it('changes at the report: another forecast is made, asked, and leads to another report', async () => {
    const { run, approve, release } = await untilRelease('with-mining');
    expect(await shown(approve, 'forecast')).toEqual({ mining: 6, retail: 10 });
    expect(approve.checkpoint.round).toBe(0);

    await decideAt(baton, run, release, withoutMining);
    const second = await openedAnew(baton, run, 'approveForecast', approve);
    expect(await started(run)).toEqual(['gather 1', 'forecasting 1', 'visualisation 1', 'forecasting 2']);
    const { state, open } = await baton.client.state(run);
    expect(open).toHaveLength(1);
    expect(state.verdicts[approve.checkpoint.basis]?.verb).toBe('withdrawn');
    expect(state.changes['forecasting']).toEqual({
      n: 1,
      fields: { exclude: ['mining'] },
      words: 'Leave out mining.',
    });
    expect(second.checkpoint.round).toBe(0);
    expect(await shown(second, 'forecast')).toEqual({ retail: 10 });
    await expectLedgerAgrees(baton, run);
    expect(await failureOf(decideAt(baton, run, release, { verb: 'approve' }))).toBe('Checkpoint.NotOpen');

    await decideAt(baton, run, second, { verb: 'approve' });
    const next = await openedAnew(baton, run, 'releaseReport', release);
    expect((await started(run)).at(-1)).toBe('visualisation 2');
    expect(next.checkpoint.round).toBe(0);
    expect(await failureOf(decideAt(baton, run, release, { verb: 'approve' }))).toBe('Checkpoint.Stale');
    expect(outside.done.has(`${run}/publishReport`)).toBe(false);
    await expectLedgerAgrees(baton, run);

    await decideAt(baton, run, next, { verb: 'approve' });
    await expectPublished(run, 'retail: 10');
    expect(ran).toEqual(['gather', 'forecasting', 'visualisation', 'forecasting', 'visualisation']);
  });

  it('were it f1: asked all the same, and the report returns unmade, its release asked in round 1', async () => {
    const { run, approve, release } = await untilRelease('without-mining');
    await decideAt(baton, run, release, withoutMining);

    const again = await openedAnew(baton, run, 'approveForecast', approve);
    expect(again.checkpoint.basis).toBe(approve.checkpoint.basis);
    expect(again.checkpoint.round).toBe(1);
    expect(again.checkpoint.shown).toEqual(approve.checkpoint.shown);
    expect((await started(run)).at(-1)).toBe('forecasting 2');
    await expectLedgerAgrees(baton, run);
    expect(await failureOf(decideAt(baton, run, approve, { verb: 'approve' }))).toBe('Checkpoint.Stale');

    await decideAt(baton, run, again, { verb: 'approve' });
    const next = await openedAnew(baton, run, 'releaseReport', release);
    expect(next.checkpoint.basis).toBe(release.checkpoint.basis);
    expect(next.checkpoint.round).toBe(1);
    expect((await started(run)).at(-1)).toBe('forecasting 2');
    await expectLedgerAgrees(baton, run);
    expect(await failureOf(decideAt(baton, run, release, { verb: 'approve' }))).toBe('Checkpoint.Stale');

    await decideAt(baton, run, next, { verb: 'approve' });
    await expectPublished(run, 'retail: 10');
    expect(ran).toEqual(['gather', 'forecasting', 'visualisation', 'forecasting']);
  });

  it('approved as it is: published once', async () => {
    const { run, release } = await untilRelease('with-mining');
    await decideAt(baton, run, release, { verb: 'approve' });
    await expectPublished(run, 'mining: 6\nretail: 10');
  });

  it('edited: the result is asked again before it counts, and is what is published', async () => {
    ran = [];
    const { run } = await baton.client.start(
      smallOutlook,
      { dataset: 'with-mining', horizon: 2 },
      { by: 'a-starter' },
    );
    const approve = await openedAnew(baton, run, 'approveForecast');
    await decideAt(baton, run, approve, { verb: 'edit', delta: { retail: 11 } });
    const edited = await openedAnew(baton, run, 'approveForecast', approve);
    expect(await baton.client.read(edited.checkpoint.shown.draft!.result!)).toEqual({
      mining: 6,
      retail: 11,
    });
    await expectLedgerAgrees(baton, run);
    await decideAt(baton, run, edited, { verb: 'approve' });
    await decideAt(baton, run, await openedAnew(baton, run, 'releaseReport'), { verb: 'approve' });
    await expectPublished(run, 'mining: 6\nretail: 11');
  });
});
