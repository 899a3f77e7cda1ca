import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { dataConverter } from '../../../client/data-converter.ts';
import { fetchHistories } from '../../../client/fetch-histories.ts';
import { readRunFromLedger } from '../../../client/read-run.ts';
import { sendAct } from '../../../client/send-act.ts';
import { personFor } from '../../../testing/script.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { bundleProcessWorkflow } from '../../../worker/create-worker.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { failureOf } from '../decisions/run-history.ts';
import { dossier, dossiers } from './dossier.ts';
import type { Dossiers } from './dossier.ts';

const address = await temporalAddress();
const workflowsPath = fileURLToPath(new URL('./short-workflow.ts', import.meta.url));
const cramped = fileURLToPath(new URL('./cramped-workflow.ts', import.meta.url));
const owner = { id: 'an-owner', roles: ['owner'] };

const startDossiers = async ({ project }: Dossiers): Promise<TestProject> =>
  startTestProject(project, { address, workflowsPath });

const execution = async ({ client }: TestProject, run: string): Promise<string> =>
  (await client.temporal.workflow.getHandle(run).describe()).runId;

/** Commands that change nothing that anybody is asked about, until the run is in another execution. */
async function moveOn(baton: TestProject, run: string): Promise<void> {
  const before = await execution(baton, run);
  while ((await execution(baton, run)) === before)
    await baton.client.trust(run, { add: [randomUUID()] }, owner);
}

async function decide(
  baton: TestProject,
  run: string,
  name: string,
  how: Omit<Parameters<TestProject['client']['decide']>[1], 'checkpoint' | 'digest'>,
) {
  const { checkpoint, digest } = await baton.opened(run, name);
  await moveOn(baton, run);
  // Signed for what was shown before: it is still what is asked.
  const request = { ...how, checkpoint: checkpoint.id, digest, id: randomUUID() };
  const answer = await baton.client.decide(run, request, personFor(checkpoint));
  expect(answer).toMatchObject({ id: request.id, accepted: true });
  await moveOn(baton, run);
  // The same decision again, in a later execution: the same answer.
  expect((await baton.client.decide(run, request, personFor(checkpoint))).as).toEqual(answer.as);
}

test('a run goes on in other executions with each kind of checkpoint open, a draft, a time for recall, and a pause', async () => {
  const given = dossiers();
  await using baton = await startDossiers(given);
  const { client, store } = baton;
  const { run } = await client.start(dossier, { topic: 'rain', amount: 7 }, { by: 'a-starter' });
  for (const name of ['lookAtLetter', 'asker', 'failing', 'supply-photo']) await baton.opened(run, name);

  await decide(baton, run, 'lookAtLetter', { verb: 'edit', delta: { text: 'rain tomorrow' } });
  while (!(await baton.opened(run, 'lookAtLetter')).checkpoint.shown.draft?.result) await sleep(10);
  await decide(baton, run, 'lookAtLetter', { verb: 'approve' });
  await decide(baton, run, 'release', { verb: 'approve' });

  while ((given.outside.done.get(`${run}/send`) ?? 0) === 0) await sleep(10);
  await client.amend(run, 'amount', 8, owner);
  await decide(baton, run, 'send', { verb: 'amend' });

  const brake = async (pause: boolean) =>
    sendAct(client.temporal, store, baton.door, { kind: 'brake', run, epoch: 1, set: { pause } }, owner);
  await brake(true);
  await decide(baton, run, 'failing', { verb: 'retry' });
  await decide(baton, run, 'asker', { verb: 'answer', answer: 'little' });
  expect(given.worked.filter((one) => one === 'failing')).toHaveLength(1);
  expect((await client.state(run)).state.brakes.pause).toBe(true);
  await brake(false);
  // With it the run ends.
  const { checkpoint, digest } = await baton.opened(run, 'supply-photo');
  await moveOn(baton, run);
  const supply = { checkpoint: checkpoint.id, digest, verb: 'supply', artifacts: { photo: { text: 'sky' } } };
  await client.decide(run, { ...supply, verb: 'supply' }, personFor(checkpoint));

  const result = await client.result(run);
  expect(result).toMatchObject({ status: 'finished', epoch: 1 });
  expect(await client.read(result.outputs['letter']!)).toEqual({ text: 'rain tomorrow' });
  expect(await client.read(result.outputs['slowly']!)).toEqual({ text: 'little, slowly' });
  // Each agent worked as often as it would have in one execution, and the outside was told as often.
  expect(given.worked.toSorted()).toEqual([
    'asker',
    'billing',
    'billing',
    'failing',
    'failing',
    'slow',
    'writer',
  ]);
  expect(new Set(given.outside.done.values())).toEqual(new Set([1, 2]));
  expect(await store.ledger.verify(run, result.head!)).toEqual([]);
  expect(await store.desk.open({ run })).toEqual([]);
  // What the ledger says is what the last execution came to.
  const { state, complete } = await readRunFromLedger(store, run);
  expect(complete).toBe(true);

  const histories = await fetchHistories(client.temporal, run);
  expect(histories.length).toBeGreaterThan(12);
  const bundle = await bundleProcessWorkflow(workflowsPath);
  for (const history of histories)
    await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter }, history, run);

  // A run of many executions is run again like any other.
  expect(state.status).toBe('finished');
  await client.rerun(run, 'billing', owner);
  expect(await client.result(run)).toMatchObject({ status: 'finished', epoch: 2 });
});

test('acts that arrive while it goes over count once each: none is lost, and all get their answer', async () => {
  await using baton = await startDossiers(dossiers());
  const { client, store } = baton;
  const { run } = await client.start(dossier, { topic: 'rain', amount: 7 }, { by: 'a-starter' });
  await baton.opened(run, 'asker');
  const keys = Array.from({ length: 200 }, () => randomUUID());
  const left = [...keys];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let key = left.pop(); key !== undefined; key = left.pop())
        expect(await client.trust(run, { add: [key] }, owner)).toMatchObject({ accepted: true });
    }),
  );
  const { state } = await client.state(run);
  expect(state.trusted).toEqual(expect.arrayContaining(keys));
  expect(Object.keys(state.seen)).toHaveLength(keys.length);
  expect((await fetchHistories(client.temporal, run)).length).toBeGreaterThan(10);

  // Temporal's own cancel ends it by the run's rules, whichever execution it meets.
  await client.temporal.workflow.getHandle(run).cancel();
  const result = await client.result(run);
  expect(result.status).toBe('cancelled');
  expect(await store.ledger.verify(run, result.head!)).toEqual([]);
  expect((await readRunFromLedger(store, run)).complete).toBe(true);
});

test('what is under way is waited for, and neither lost nor done again; what takes long holds nobody up', async () => {
  const given = dossiers();
  const slow = Promise.withResolvers<void>();
  given.slow.until = slow.promise;
  await using baton = await startDossiers(given);
  const { client } = baton;
  const { run } = await client.start(dossier, { topic: 'rain', amount: 7 }, { by: 'a-starter' });
  const asked = await baton.opened(run, 'asker');
  const answer = {
    checkpoint: asked.checkpoint.id,
    digest: asked.digest,
    verb: 'answer',
    answer: 'x',
  } as const;
  await client.decide(run, answer, personFor(asked.checkpoint));
  while (!given.worked.includes('slow')) await sleep(10);
  const before = await execution(baton, run);

  // The bill is made and sent anew although the slow agent has kept the run from going on elsewhere.
  for (let amount = 8; amount < 12; amount++) {
    await client.amend(run, 'amount', amount, owner);
    const found = await baton.opened(run, 'send');
    const at = { checkpoint: found.checkpoint.id, digest: found.digest, verb: 'amend' } as const;
    await client.decide(run, at, personFor(found.checkpoint));
    while (given.outside.done.get(`${run}/send`) !== amount - 6) await sleep(10);
  }
  expect(await execution(baton, run)).toBe(before);
  slow.resolve();
  await moveOn(baton, run);
  const { state } = await client.state(run);
  expect(Object.keys(state.results)).toContain('slow');
  expect(given.worked.filter((one) => one === 'slow')).toHaveLength(1);
});

test('Run.TooLong: a run ends where it would hand on more than it may, and says so; its next epoch has what it made', async () => {
  const { project } = dossiers();
  await using baton = await startTestProject(project, {
    address,
    workflowsPath: cramped,
  });
  const { client } = baton;
  const { run } = await client.start(dossier, { topic: 'rain', amount: 7 }, { by: 'a-starter' });
  await baton.opened(run, 'asker');
  const ended = failureOf(client.result(run));
  const act = async () => failureOf(client.trust(run, { add: [randomUUID()] }, owner));
  while ((await act()) === 'none');
  expect(await ended).toBe('Run.TooLong');
  expect((await client.planRerun(run, 'asker')).again).toContain('asker');
});
