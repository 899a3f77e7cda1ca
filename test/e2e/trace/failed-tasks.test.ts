import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineAgent, optional } from '../../../contracts/define-agent.ts';
import { defineProcess } from '../../../contracts/define-process.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { failureOf, recorded } from '../decisions/run-history.ts';
import { oneStep } from './one-step.ts';
import { decideAt, expectLedgerAgrees, openedAnew } from './wait.ts';

const address = await temporalAddress();

const drafter = defineAgent({
  name: 'drafter',
  needs: { topic: z.string() },
  produces: { draft: z.object({ text: z.string() }) },
  adjust: z.object({ gently: z.boolean().default(false) }),
  tries: 2,
  timeout: '1 second',
});
const summariser = defineAgent({
  name: 'summariser',
  needs: { draft: optional(z.object({ text: z.string() })) },
  produces: { summary: z.string() },
});
const stranger = defineAgent({
  name: 'stranger',
  needs: { topic: z.string() },
  produces: { verdict: z.string() },
});
const fragile = defineProcess({
  name: 'fragile',
  input: z.object({ topic: z.string() }),
  output: { summary: z.string() },
  team: [drafter, summariser],
});
const unserved = defineProcess({
  name: 'unserved',
  input: z.object({ topic: z.string() }),
  output: { verdict: z.string() },
  team: [stranger],
});

let failures = 0;
let attempts = 0;
let baton: TestProject;

beforeAll(async () => {
  baton = await startTestProject(
    {
      processes: [fragile, unserved],
      agents: [
        oneStep(drafter, async ({ topic, adjust, words }) => {
          attempts++;
          if (topic === 'endless') await sleep(60_000);
          if (topic === 'malformed') return { draft: { title: 'no text' } as unknown as { text: string } };
          if (adjust.gently) return { draft: { text: `${topic}, gently: ${words ?? 'no words'}` } };
          if (failures-- > 0) throw new Error('The pen broke.');
          return { draft: { text: topic } };
        }),
        oneStep(summariser, ({ draft }) => ({
          summary: draft ? `In short: ${draft.text}` : 'Nothing to say.',
        })),
      ],
    },
    { address },
  );
});
afterAll(async () => baton.stop());

async function fail(topic: string, times: number) {
  failures = times;
  attempts = 0;
  const { run } = await baton.client.start(fragile, { topic }, { by: 'a-starter' });
  const asked = await openedAnew(baton, run, 'drafter');
  await expectLedgerAgrees(baton, run);
  return { run, asked };
}

async function summaryOf(run: string) {
  const { status, outputs } = await baton.client.result(run);
  expect(status).toBe('finished');
  await expectLedgerAgrees(baton, run);
  expect(await baton.store.ledger.verify(run)).toEqual([]);
  return baton.client.read(outputs['summary']!);
}

describe('a task that fails for good leaves the run open, and a person says how to go on', () => {
  it('retry: the same again', async () => {
    const { run, asked } = await fail('rain', 2);
    expect(attempts).toBe(2);
    expect(asked.checkpoint).toMatchObject({
      kind: 'exception',
      offers: ['retry', 'redo', 'supply', 'without', 'stop'],
      shown: { failure: { type: 'Agent.Failed', message: 'drafter: The pen broke.' } },
    });
    await decideAt(baton, run, asked, { verb: 'retry' });
    expect(await summaryOf(run)).toBe('In short: rain');
  });

  it('retry that fails again is asked again, in another round', async () => {
    const { run, asked } = await fail('rain', 4);
    await decideAt(baton, run, asked, { verb: 'retry' });
    const again = await openedAnew(baton, run, 'drafter', asked);
    expect(await failureOf(decideAt(baton, run, asked, { verb: 'retry' }))).toBe('Checkpoint.Stale');
    await decideAt(baton, run, again, { verb: 'stop' });
    expect((await baton.client.result(run)).status).toBe('stopped');
  });

  it('redo, with fields and words', async () => {
    const { run, asked } = await fail('rain', 2);
    const wrong = { task: 'drafter', fields: { gently: 'very' } };
    expect(await failureOf(decideAt(baton, run, asked, { verb: 'redo', changes: wrong }))).toBe(
      'Decision.InvalidChanges',
    );
    const changes = { task: 'drafter', fields: { gently: true }, words: 'No ink this time.' };
    await decideAt(baton, run, asked, { verb: 'redo', changes });
    expect(await summaryOf(run)).toBe('In short: rain, gently: No ink this time.');
  });

  it('supply: what a person gives is used in its place', async () => {
    const { run, asked } = await fail('rain', 2);
    const supply = async (artifacts: object) =>
      failureOf(decideAt(baton, run, asked, { verb: 'supply', artifacts: artifacts as never }));
    expect(await supply({ draft: { text: 7 } })).toBe('Decision.InvalidSupply');
    expect(await supply({ other: 'x' })).toBe('Decision.InvalidSupply');
    expect(await supply({})).toBe('Decision.InvalidSupply');
    expect(await supply({ draft: { text: 'by hand' } })).toBe('none');
    expect(await summaryOf(run)).toBe('In short: by hand');
    expect(await recorded(baton.store, run, 'decision')).toHaveLength(1);
  });

  it('without: whoever can do without it goes on', async () => {
    const { run, asked } = await fail('rain', 2);
    await decideAt(baton, run, asked, { verb: 'without' });
    expect(await summaryOf(run)).toBe('Nothing to say.');
  });

  it('stop: the run closes as stopped', async () => {
    const { run, asked } = await fail('rain', 2);
    await decideAt(baton, run, asked, { verb: 'stop', reason: 'It never worked.' });
    expect((await baton.client.result(run)).status).toBe('stopped');
    expect(await recorded(baton.store, run, 'decision')).toMatchObject([{ reason: 'It never worked.' }]);
    await expectLedgerAgrees(baton, run);
  });

  it('an agent that hangs times out', async () => {
    const { run, asked } = await fail('endless', 0);
    expect(asked.checkpoint.shown.failure?.type).toBe('Agent.TimedOut');
    await decideAt(baton, run, asked, { verb: 'without' });
    expect(await summaryOf(run)).toBe('Nothing to say.');
  });

  it('an agent that returns what its schema forbids is not tried again', async () => {
    const { run, asked } = await fail('malformed', 0);
    expect(asked.checkpoint.shown.failure?.type).toBe('Agent.InvalidOutput');
    expect(attempts).toBe(1);
    await decideAt(baton, run, asked, { verb: 'without' });
    expect(await summaryOf(run)).toBe('Nothing to say.');
  });

  it('an agent that this worker does not have is named', async () => {
    const { run } = await baton.client.start(unserved, { topic: 'rain' }, { by: 'a-starter' });
    const asked = await openedAnew(baton, run, 'stranger');
    expect(asked.checkpoint.shown.failure).toEqual({
      type: 'Agent.Unknown',
      message: 'This worker has no agent stranger; it has drafter, summariser.',
    });
    expect(asked.checkpoint.offers).not.toContain('without');
    await decideAt(baton, run, asked, { verb: 'supply', artifacts: { verdict: 'fine' } });
    const { outputs } = await baton.client.result(run);
    expect(await baton.client.read(outputs['verdict']!)).toBe('fine');
  });
});
