import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '../../contracts/define-agent.ts';
import { person } from '../../contracts/define-supplier.ts';
import { defineEffect } from '../../contracts/define-effect.ts';
import { defineProcess } from '../../contracts/define-process.ts';
import type { Connector } from '../../contracts/ports.ts';
import { roomBooking, roomFinderAgent } from '../../examples/03-question/process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { defineProject } from '../../worker/define-project.ts';
import { oneStep } from '../e2e/trace/one-step.ts';
import { temporalAddress } from '../temporal-server.ts';

const needs = { topic: z.string() };
const produces = { text: z.string() };
const input = z.object(needs);

const hanging = defineAgent({ name: 'hanging', needs, produces, timeout: '1 second', tries: 1 });
const modelless = defineAgent({ name: 'modelless', needs, produces });
const slow = defineProcess({ name: 'slow', input, output: produces, team: [hanging] });
const unread = defineProcess({ name: 'unread', input, output: produces, team: [modelless] });
const byHand = defineProcess({
  name: 'by-hand',
  input,
  output: produces,
  team: [person({ produces, by: 'clerk' })],
});

const posted = defineProcess({
  name: 'posted',
  input,
  output: produces,
  team: [person({ produces, by: 'clerk' })],
  effects: {
    post: defineEffect({
      subject: 'text',
      connector: 'board',
      destination: {},
      consequences: 'All can read it.',
    }),
  },
});

/** Says when it is called, and answers when it is let go. */
function slowBoard() {
  const { promise: called, resolve: call } = Promise.withResolvers<void>();
  const { promise: free, resolve: letGo } = Promise.withResolvers<void>();
  const connector: Connector = {
    repeatable: false,
    async call() {
      call();
      await free;
      return {};
    },
  };
  return { connector, called, letGo };
}
const board = slowBoard();

const project = defineProject({
  processes: [slow, unread, byHand, posted, roomBooking],
  connectors: { board: board.connector },
  agents: [
    roomFinderAgent,
    oneStep(hanging, async () => new Promise<never>(() => {})),
    oneStep(modelless, async ({ topic }, { model }) => ({
      text: (await model('letters').invoke(topic)).text,
    })),
  ],
});

const address = await temporalAddress();
let baton: TestProject;
beforeAll(async () => {
  baton = await startTestProject(project, { address });
});
afterAll(async () => baton.stop());

const clerk = { id: 'a-clerk', roles: ['clerk'] };

describe('what fails for good is asked about, and the run goes on', () => {
  it('Agent.TimedOut: an attempt that takes longer than it may', async () => {
    const { run } = await baton.client.start(slow, { topic: 'rain' }, { by: 'a-starter' });
    const { checkpoint } = await baton.opened(run, 'hanging');
    expect(checkpoint.shown.failure).toMatchObject({ type: 'Agent.TimedOut' });
    const artifacts = { text: 'Rain, by hand.' };
    const { outputs } = await baton.finish(run, { hanging: [{ verb: 'supply', artifacts }] });
    expect(outputs).toEqual(artifacts);
  });

  it('Agent.NoModel: a route that the worker has no model for, named, and not tried again', async () => {
    const { run } = await baton.client.start(unread, { topic: 'rain' }, { by: 'a-starter' });
    const { checkpoint } = await baton.opened(run, 'modelless');
    expect(checkpoint.shown.failure).toMatchObject({
      type: 'Agent.NoModel',
      message: expect.stringContaining('letters'),
    });
    const { result } = await baton.finish(run, { modelless: [{ verb: 'stop' }] });
    expect(result.status).toBe('stopped');
  });
});

describe('what is sent in another form than is asked for changes nothing', () => {
  it('Decision.InvalidAnswer: an answer that was not offered', async () => {
    const { run } = await baton.client.start(roomBooking, { people: 9 }, { by: 'a-starter' });
    const { checkpoint, digest } = await baton.opened(run, 'room-finder');
    const reception = { id: 'at-the-desk', roles: ['reception'] };
    const decision = { checkpoint: checkpoint.id, digest, verb: 'answer' as const, answer: 'Cellar' };
    await expect(baton.client.decide(run, decision, reception)).rejects.toMatchObject({
      type: 'Decision.InvalidAnswer',
    });
    const { outputs } = await baton.finish(run, { 'room-finder': [{ verb: 'answer', answer: 'Plum' }] });
    expect(outputs['booking']).toEqual({ room: 'Plum', people: 9 });
  });

  it('Decision.InvalidSupply: an artifact in another form', async () => {
    const { run } = await baton.client.start(byHand, { topic: 'rain' }, { by: 'a-starter' });
    const { checkpoint, digest } = await baton.opened(run, 'supply-text');
    const decision = { checkpoint: checkpoint.id, digest, verb: 'supply' as const, artifacts: { text: 7 } };
    await expect(baton.client.decide(run, decision, clerk)).rejects.toMatchObject({
      type: 'Decision.InvalidSupply',
    });
    const { outputs } = await baton.finish(run, {
      'supply-text': [{ verb: 'supply', artifacts: { text: 'Rain.' } }],
    });
    expect(outputs).toEqual({ text: 'Rain.' });
  });

  it('Input.Invalid: a field that fails its schema, one that is missing, one too many', async () => {
    for (const wrong of [{ people: 0 }, { people: 'many' }, {}, { people: 2, colour: 'green' }]) {
      const start = baton.client.start(roomBooking, wrong as { people: number }, { by: 'a-starter' });
      await expect(start).rejects.toMatchObject({ type: 'Input.Invalid' });
    }
    expect(await baton.store.runs.list({ process: 'room-booking', status: 'open' })).toEqual([]);
  });
});

it('Run.Closing: a command that comes while the last step is under way', async () => {
  const { run } = await baton.client.start(posted, { topic: 'rain' }, { by: 'a-starter' });
  const { checkpoint, digest } = await baton.opened(run, 'supply-text');
  const supplied = { verb: 'supply' as const, artifacts: { text: 'Rain.' } };
  await baton.client.decide(run, { checkpoint: checkpoint.id, digest, ...supplied }, clerk);
  await board.called;
  const cancelled = baton.client.cancel(run, { id: 'a-starter', roles: [] });
  const refused = await cancelled.catch((error: unknown) => error);
  board.letGo();
  expect(refused).toMatchObject({ type: 'Run.Closing' });
  expect((await baton.client.result(run)).status).toBe('finished');
});
