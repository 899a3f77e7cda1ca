import { END, START, StateGraph } from '@langchain/langgraph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { askPerson } from '../../../agents/ask-person.ts';
import { implementAgent } from '../../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../../agents/implement-agent.ts';
import { defaultPayloadConverter } from '@temporalio/common';
import { defineAgent } from '../../../contracts/define-agent.ts';
import { defineProcess } from '../../../contracts/define-process.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { replayRun } from '../../replay-run.ts';
import { temporalAddress } from '../../temporal-server.ts';

const step = { durability: 'step', needs: { list: z.string() } } as const;
const editing = defineAgent({ name: 'editing', produces: { text: z.string() }, ...step });
const counting = defineAgent({ name: 'counting', produces: { count: z.int() }, ...step });
const circling = defineAgent({ name: 'circling', produces: { end: z.string() }, ...step });
const edited = defineProcess({
  name: 'edited',
  input: z.object({ list: z.string() }),
  output: { text: z.string(), count: z.int() },
  team: [editing, counting],
});
const circled = defineProcess({
  name: 'circled',
  input: z.object({ list: z.string() }),
  output: { end: z.string() },
  team: [circling],
});

const ran: string[] = [];
let failures = 0;
const Text = z.object({ list: z.string(), parts: z.array(z.string()), title: z.string(), text: z.string() });
// A graph within the graph: its supersteps belong to the one of the node that it is.
const inner = new StateGraph(z.object({ parts: z.array(z.string()) }))
  .addNode('sort', ({ parts }) => {
    ran.push('sort');
    return { parts: parts.toSorted() };
  })
  .addNode('dedupe', ({ parts }) => {
    ran.push('dedupe');
    return { parts: [...new Set(parts)] };
  })
  .addEdge(START, 'sort')
  .addEdge('sort', 'dedupe')
  .addEdge('dedupe', END)
  .compile();
const agents = [
  implementAgent(editing, {
    graph: () =>
      new StateGraph(Text)
        .addNode('split', ({ list }) => {
          ran.push('split');
          return { parts: list.split(' ') };
        })
        .addNode('tidy', inner)
        .addNode('entitle', () => ({ title: askPerson({ prompt: 'Which title?', answer: z.string() }) }))
        .addNode('join', ({ title, parts }) => {
          ran.push('join');
          if (failures-- > 0) throw new Error('not yet');
          return { text: `${title}: ${parts.join(' ')}` };
        })
        .addEdge(START, 'split')
        .addEdge('split', 'tidy')
        .addEdge('tidy', 'entitle')
        .addEdge('entitle', 'join')
        .addEdge('join', END)
        .compile(),
  }),
  implementAgent(counting, { make: ({ list }) => ({ count: list.split(' ').length }) }),
  implementAgent(circling, {
    graph: () =>
      new StateGraph(z.object({ list: z.string(), end: z.string() }))
        .addNode('round', async () => new Promise<{ list: string }>(() => {}))
        .addEdge(START, 'round')
        .addEdge('round', END)
        .compile(),
  }),
] as unknown as AgentImplementation[];

let baton: TestProject;
beforeAll(async () => {
  const address = await temporalAddress();
  baton = await startTestProject(
    { processes: [edited, circled], agents },
    { address, maxCachedWorkflows: 0 },
  );
});
afterAll(async () => baton?.stop());

async function summariesOf(run: string): Promise<string[]> {
  const { events } = await baton.client.temporal.workflow.getHandle(run).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled, userMetadata }) =>
    scheduled && userMetadata?.summary
      ? [defaultPayloadConverter.fromPayload<string>(userMetadata.summary)]
      : [],
  );
}

test('each superstep is an activity that says which it is; a failed one is tried again alone, a function is one', async () => {
  failures = 1;
  const script = { editing: [{ verb: 'answer', answer: 'Fruit' } as const] };
  const { run, result, outputs } = await baton.run(edited, { list: 'plum fig plum apple' }, { script });
  expect(result.status).toBe('finished');
  expect(outputs).toEqual({ text: 'Fruit: apple fig plum', count: 4 });
  expect(ran).toEqual(['split', 'sort', 'dedupe', 'join', 'join']);
  expect((await summariesOf(run)).toSorted()).toEqual([
    'counting, step 1',
    'editing, step 1',
    'editing, step 1',
    'editing, step 2: join',
    'editing, step 2: tidy',
    'editing, step 3: entitle',
  ]);
  expect(await baton.store.ledger.verify(run, result.head ?? undefined)).toEqual([]);
  await replayRun(baton.client, run);
});

test('an attempt that nobody wants any more is cancelled in the midst of its step', async () => {
  const { run } = await baton.client.start(circled, { list: 'x' }, { by: 'a-starter' });
  while ((await summariesOf(run)).length === 0) await new Promise(setImmediate);
  await baton.client.cancel(run, { id: 'an-owner', roles: ['owner'] });
  expect((await baton.client.result(run)).status).toBe('cancelled');
});
