import { afterAll, beforeAll, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { z } from 'zod';
import { dataConverter } from '../../../client/data-converter.ts';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineEffect } from '../../../contracts/define-effect.ts';
import { authorise, defineProcess, review } from '../../../contracts/define-process.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { bundleProcessWorkflow } from '../../../worker/create-worker.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { acceptedUpdates } from '../decisions/run-history.ts';
import { scriptedOutside } from '../slots/outside.ts';
import { oneStep } from './one-step.ts';
import { decideAt, expectLedgerAgrees, openedAnew } from './wait.ts';
import type { Opened } from './wait.ts';

const address = await temporalAddress();

const early = defineAgent({ name: 'early', needs: { topic: z.string() }, produces: { first: z.string() } });
const middle = defineAgent({
  name: 'middle',
  needs: { topic: z.string() },
  produces: { second: z.string() },
});
const late = defineAgent({ name: 'late', needs: { topic: z.string() }, produces: { third: z.string() } });
const joiner = defineAgent({
  name: 'joiner',
  needs: { first: z.string(), second: z.string(), third: z.string() },
  produces: { text: z.object({ text: z.string() }) },
  adjust: z.object({ loudly: z.boolean().default(false) }),
});

/** Three side by side that end at different moments, each followed by a workflow task that commands nothing. */
const threeAtOnce = defineProcess({
  name: 'three-at-once',
  input: z.object({ topic: z.string() }),
  output: { text: z.object({ text: z.string() }) },
  team: [early, middle, late, joiner],
  checkpoints: {
    lookAtThird: review('third', { by: 'editor' }),
    lookAtText: review('text', { by: 'editor', editable: z.object({ text: z.string().optional() }) }),
    release: authorise('send', { by: 'manager', fourEyes: true }),
  },
  effects: {
    send: defineEffect({
      subject: 'text',
      connector: 'outside',
      destination: 'everybody',
      consequences: 'It is sent.',
    }),
  },
});

const outside = scriptedOutside();
let baton: TestProject;
let bundle: WorkflowBundle;

beforeAll(async () => {
  bundle = await bundleProcessWorkflow();
  const agents = [
    oneStep(early, async ({ topic }) => sleep(5, { first: topic })),
    oneStep(middle, async ({ topic }) => sleep(120, { second: topic })),
    oneStep(late, async ({ topic }) => sleep(240, { third: topic })),
    oneStep(joiner, ({ first, second, third, adjust }) => {
      const text = [first, second, third].join(' ');
      return { text: { text: adjust.loudly ? text.toUpperCase() : text } };
    }),
  ];
  baton = await startTestProject(
    { processes: [threeAtOnce], agents, connectors: { outside } },
    { address, maxCachedWorkflows: 0 },
  );
});
afterAll(async () => baton.stop());

it.each([
  // The worker ends while it still records what opened: the workflow task in hand is lost with it.
  ['as soon as it is asked', async () => {}],
  [
    'once the desk shows it',
    async (run: string, { digest }: Opened) => {
      await expect
        .poll(async () => (await baton.store.desk.open({ run })).map((row) => row.digest), {
          timeout: 20_000,
        })
        .toContain(digest);
    },
  ],
])(
  'no workflow cache, and the worker restarted before each decision, %s: each valid decision is accepted, and the history replays',
  async (_, shown) => {
    const { run } = await baton.client.start(threeAtOnce, { topic: 'so' }, { by: 'a-starter' });
    const decide = async (name: string, decision: Decision, before?: Opened): Promise<Opened> => {
      const open = await openedAnew(baton, run, name, before);
      await shown(run, open);
      await baton.restartWorker();
      await decideAt(baton, run, open, decision);
      return open;
    };
    await decide('lookAtThird', { verb: 'approve' });
    const changes = { task: 'joiner', fields: { loudly: true } };
    const first = await decide('lookAtText', { verb: 'changes', changes });
    const second = await decide('lookAtText', { verb: 'edit', delta: { text: 'SO SO' } }, first);
    await decide('lookAtText', { verb: 'approve' }, second);
    await decide('release', { verb: 'approve' });
    const { status, outputs } = await baton.client.result(run);
    expect(status).toBe('finished');
    expect(await baton.client.read(outputs['text']!)).toEqual({ text: 'SO SO' });
    expect(outside.done.get(`${run}/send`)).toBe(1);
    expect(await acceptedUpdates(baton.client, run)).toHaveLength(5);
    await expectLedgerAgrees(baton, run);
    const history = await baton.client.temporal.workflow.getHandle(run).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: bundle, dataConverter }, history, run);
  },
);

type Decision = Parameters<typeof decideAt>[3];
