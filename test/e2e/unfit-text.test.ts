import { interrupt } from '@langchain/langgraph';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '../../contracts/define-agent.ts';
import { defineProcess } from '../../contracts/define-process.ts';
import { startTestProject } from '../../testing/start-test-project.ts';
import type { TestProject } from '../../testing/start-test-project.ts';
import { defineProject } from '../../worker/define-project.ts';
import { temporalAddress } from '../temporal-server.ts';
import { oneStep } from './trace/one-step.ts';

const half = 'x😀'.slice(0, 2);
const needs = { topic: z.string() };
const produces = { text: z.string() };

const odd = defineAgent({ name: 'odd', needs, produces, tries: 1 });
const write = defineProcess({ name: 'odd-words', input: z.object(needs), output: produces, team: [odd] });
const project = defineProject({
  processes: [write],
  agents: [
    oneStep(odd, ({ topic }) => {
      if (topic === 'ask') interrupt(`${half}?`);
      throw new Error(half, { cause: new Error(half) });
    }),
  ],
});

const address = await temporalAddress();
let baton: TestProject;
beforeAll(async () => {
  baton = await startTestProject(project, { address });
});
afterAll(async () => baton.stop());

it.each([
  ['fail', 'Agent.Failed'],
  ['ask', 'Agent.InvalidOutput'],
])("half a character in an agent's words (%s) leaves the worker and the run alive", async (topic, type) => {
  const { run } = await baton.client.start(write, { topic }, { by: 'a-starter' });
  const { checkpoint } = await baton.opened(run, 'odd');
  expect(checkpoint.shown.failure).toMatchObject({ type });
  const { outputs } = await baton.finish(run, { odd: [{ verb: 'supply', artifacts: { text: 'mended' } }] });
  expect(outputs).toEqual({ text: 'mended' });
});
