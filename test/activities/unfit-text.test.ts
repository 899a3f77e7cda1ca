import { Annotation, END, START, StateGraph, interrupt } from '@langchain/langgraph';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toSendable } from '../../activities/sendable-failure.ts';
import { implementAgent } from '../../agents/implement-agent.ts';
import type { AgentImplementation } from '../../agents/implement-agent.ts';
import { defineAgent } from '../../contracts/define-agent.ts';
import { toFailure } from '../../contracts/failures.ts';
import type { RunAgentOutput } from '../../contracts/messages.ts';
import { attempt, inputFor, makeDependencies, openTestStore } from './harness.ts';

/** As a text ends that is cut in the midst of an emoji. */
const half = 'x😀'.slice(0, 2);

const State = Annotation.Root({ out: Annotation<unknown> });

/** An agent of one node, which makes `out` of what the node answers. */
function single(node: () => unknown, facts: { [fact: string]: unknown } = {}): AgentImplementation {
  const agent = defineAgent({
    name: 'single',
    needs: {},
    produces: { out: z.looseObject({}) },
    facts: { out: z.looseObject({}) },
  });
  return implementAgent(agent, {
    facts: { out: () => facts as never },
    graph: () =>
      new StateGraph(State)
        .addNode('only', () => ({ out: node() }))
        .addEdge(START, 'only')
        .addEdge('only', END)
        .compile(),
  }) as unknown as AgentImplementation;
}

async function perform(agent: AgentImplementation): Promise<RunAgentOutput> {
  const store = await openTestStore();
  return attempt(makeDependencies(store, { agents: [agent] }), 'runAgent', inputFor(agent));
}

async function failureOf(agent: AgentImplementation): Promise<ApplicationFailure> {
  const failure: unknown = await perform(agent).catch((error: unknown) => error);
  if (failure instanceof ApplicationFailure) return failure;
  throw new Error('It did not fail as an activity should.', { cause: failure });
}

/** All texts that go over the wire with a failure. */
function textsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const type = error instanceof ApplicationFailure ? (error.type ?? '') : '';
  return [error.message, error.stack ?? '', type, error.name, ...textsOf(error.cause)];
}

describe("an agent's words that no failure can carry", () => {
  const faults: { [what: string]: () => unknown } = {
    'an error': () => {
      throw new Error(half);
    },
    'an error because of another': () => {
      throw new Error('Odd.', { cause: new Error(half) });
    },
    'a failure of the table': () => {
      throw toFailure('Data.Unfit', half, { cause: new Error(half) });
    },
    'a failure of its own': () => {
      throw ApplicationFailure.create({ type: half, message: half });
    },
    'a text': () => {
      // oxlint-disable-next-line typescript/only-throw-error
      throw half;
    },
  };
  it.each(Object.entries(faults))('are mended: %s', async (_what, node) => {
    const texts = textsOf(await failureOf(single(node)));
    expect(texts.filter((text) => !text.isWellFormed())).toEqual([]);
  });

  it('are cut at 2,000 characters, never in the midst of one', async () => {
    const failure = await failureOf(
      single(() => {
        throw new Error('😀'.repeat(5000));
      }),
    );
    expect(failure.message.length).toBe(2000);
    expect(failure.message.isWellFormed()).toBe(true);
    expect(failure.message).toMatch(/^single: 😀/u);
  });

  it('are mended in a chain of causes that is a circle', () => {
    const one = new Error(half);
    one.cause = new Error('two', { cause: one });
    expect(textsOf(toSendable(one)).every((text) => text.isWellFormed())).toBe(true);
  });
});

describe('what an agent asks is refused where the run could not keep it, or nobody answer it', () => {
  const asking = (prompt: unknown): AgentImplementation => single(() => interrupt(prompt));
  const answered = (answer: unknown): unknown => ({ question: 'Which?', answer });
  const loop = {
    type: 'object',
    properties: { a: { $ref: '#/$defs/a' } },
    $defs: { a: { $ref: '#/$defs/a' } },
  };
  let deep: unknown = 'deep';
  for (let level = 0; level < 300; level++) deep = [deep];
  const faults: [what: string, prompt: unknown, says: RegExp][] = [
    ['half a character', `${half}?`, /surrogate/],
    ['half a character in a member’s name', { [half]: 'Which?' }, /surrogate/],
    ['half a character among the choices', answered({ enum: [half] }), /surrogate/],
    ['nested too deep', { question: deep }, /too deep/],
    ['too large', 'x'.repeat(256_000), /has 2560\d\d bytes.*may have 256000/],
    ['too large with its schema', answered({ enum: ['x'.repeat(256_000)] }), /has 256\d\d\d bytes/],
    ['a pattern that is none', answered({ type: 'string', pattern: '(' }), /can't be answered.*regular/],
    [
      'a pattern that is none, deep inside',
      answered({ type: 'object', properties: { a: { items: { patternProperties: { '(': {} } } } } }),
      /can't be answered.*regular/,
    ],
    ['a reference to nothing', answered({ anyOf: [{ $ref: '#/$defs/none' }] }), /can't be answered.*\$ref/],
    ['a reference in a circle', answered(loop), /can't be answered/],
  ];
  it.each(faults)('%s', async (_what, prompt, says) => {
    const failure = await failureOf(asking(prompt));
    expect(failure).toMatchObject({ type: 'Agent.InvalidOutput', nonRetryable: true });
    expect(failure.message).toMatch(says);
  });

  it('but not a schema with references and patterns that hold', async () => {
    const answer = {
      type: 'object',
      properties: { code: { $ref: '#/$defs/code' }, more: { type: 'array', items: { $ref: '#' } } },
      $defs: { code: { type: 'string', pattern: '^[A-Z]{3}$' } },
    };
    const { end } = await perform(asking(answered(answer)));
    expect(end).toMatchObject({ kind: 'asks', questions: [{ prompt: { question: 'Which?' }, answer }] });
  });
});

describe('facts are refused that a run could not keep', () => {
  it.each<[what: string, facts: { [fact: string]: unknown }, says: RegExp]>([
    ['half a character', { title: half }, /surrogate/],
    ['half a character in a name', { [half]: 1 }, /surrogate/],
    ['too large', { title: 'x'.repeat(16_000) }, /have 160\d\d bytes, and may have 16000/],
  ])('%s', async (_what, facts, says) => {
    const failure = await failureOf(single(() => ({}), facts));
    expect(failure).toMatchObject({ type: 'Agent.InvalidFacts', nonRetryable: true });
    expect(failure.message).toMatch(says);
  });
});
