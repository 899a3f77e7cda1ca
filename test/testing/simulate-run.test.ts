import { describe, expect, it } from 'vitest';
import { failsTimes, neverEnds } from '../../testing/break-agent.ts';
import { losesAnswers, refusesTimes } from '../../testing/break-outside.ts';
import { planOf } from '../../testing/describe-plan.ts';
import { memoryConnector } from '../../testing/memory-connector.ts';
import { simulateRun } from '../../testing/simulate-run.ts';
import type { Simulation } from '../../testing/simulation.ts';
import { standIn } from '../../testing/stand-in.ts';
import { room, roomAgent } from './rooms.ts';
import { order, pricerAgent } from './orders.ts';

const agents = [pricerAgent];
const dear = { article: 'paper', count: 20 };
const cheap = { article: 'paper', count: 2 };
const names = ({ asked }: Simulation<typeof order>): string[] => asked.map(({ name }) => name);
const approve = { verb: 'approve' } as const;

describe('a run in memory', () => {
  it('goes on until a person is asked, and closes once all is decided', async () => {
    const run = await simulateRun(order, dear, { agents });
    expect(names(run)).toEqual(['look']);
    await run.decide('look', approve);
    expect(names(run)).toEqual(['release']);
    const end = await run.finish({ release: [approve] });
    expect(end).toEqual({
      status: 'finished',
      outputs: { quote: { article: 'paper', total: 200 } },
      decided: [
        { name: 'look', verb: 'approve', person: 'a-buyer' },
        { name: 'release', verb: 'approve', person: 'a-manager' },
      ],
    });
    expect(run.performed.map(({ slot, verb }) => [slot, verb])).toEqual([['send', 'do']]);
  });

  it('asks only where its condition holds', async () => {
    expect(names(await simulateRun(order, cheap, { agents }))).toEqual(['release']);
  });

  it('refuses what a real run refuses: the input, the person, the fields, what is not asked', async () => {
    await expect(simulateRun(order, { ...dear, count: 1.5 }, { agents })).rejects.toMatchObject({
      type: 'Input.Invalid',
    });
    await expect(simulateRun(order, dear, { agents: [] })).rejects.toMatchObject({ type: 'Agent.Unknown' });
    const run = await simulateRun(order, dear, { agents, by: 'ann' });
    const decide = async (decision: object) => run.decide('look', { ...approve, ...decision });
    await expect(decide({ person: { id: 'ann', roles: ['guest'] } })).rejects.toMatchObject({
      type: 'Decision.NotAllowed',
    });
    await expect(
      decide({ verb: 'changes', changes: { task: 'pricer', fields: { discount: 80 } } }),
    ).rejects.toMatchObject({ type: 'Decision.InvalidChanges' });
    await expect(run.decide('release', approve)).rejects.toMatchObject({ type: 'Checkpoint.NotOpen' });
    await run.decide('look', approve);
    await expect(
      run.decide('release', { ...approve, person: { id: 'ann', roles: ['manager'] } }),
    ).rejects.toMatchObject({ type: 'Decision.FourEyes' });
    await expect(run.finish({})).rejects.toThrow('The script has no decision for release');
  });

  it('has an agent do again what a request for changes asks, and an edit applied', async () => {
    const run = await simulateRun(order, dear, { agents });
    await run.decide('look', { verb: 'changes', changes: { task: 'pricer', fields: { discount: 10 } } });
    expect(await run.value('quote')).toEqual({ article: 'paper', total: 180 });
    await run.decide('look', { verb: 'edit', delta: { total: 170 } });
    expect(run.asked[0]?.shown.draft).toMatchObject({ delta: { total: 170 }, by: 'a-buyer' });
    await run.decide('look', approve);
    expect(await run.value('quote')).toEqual({ article: 'paper', total: 170 });
  });

  it('lets time pass only where it is told to: an effect can be recalled until then', async () => {
    const run = await simulateRun(order, cheap, { agents });
    await run.decide('release', approve);
    await run.advance('9 minutes');
    expect(run.performed).toEqual([]);
    await run.recall('send');
    expect(names(run)).toEqual(['release']);
    await run.decide('release', approve);
    await run.advance('10 minutes');
    expect([run.status, run.performed.length]).toEqual(['finished', 1]);
    expect(run.now.toISOString()).toBe('2026-01-01T00:19:00.000Z');
  });

  it('asks what to do with an effect that happened, where its content changes after', async () => {
    const mail = memoryConnector();
    const run = await simulateRun(order, cheap, { agents, connectors: { mail } });
    await run.finish({ release: [approve] });
    expect(mail.holds).toEqual({ 'order-simulated/send': { quote: { article: 'paper', total: 20 } } });
    await run.rerun('pricer');
    await run.finish({ send: [{ verb: 'leave' }] });
    const again = await simulateRun(order, cheap, { agents, connectors: { mail } });
    await again.decide('release', approve);
    await again.amend('count', 3);
    expect(names(again)).toEqual(['release']);
  });

  it('is cancelled by who started it, and by nobody else', async () => {
    const run = await simulateRun(order, cheap, { agents });
    await expect(run.cancel({ by: { id: 'guest', roles: [] } })).rejects.toMatchObject({
      type: 'Decision.NotAllowed',
    });
    await run.cancel();
    expect([run.status, run.performed]).toEqual(['cancelled', []]);
  });

  it('goes on with a graph that asks, from where it asked', async () => {
    const run = await simulateRun(room, { people: 9 }, { agents: [roomAgent] });
    await run.decide(run.asked[0]!.name, { verb: 'answer', answer: 'Plum' });
    expect([run.status, await run.value('booking')]).toEqual(['finished', { room: 'Plum', people: 9 }]);
  });
});

describe('what is broken on purpose', () => {
  it('an agent that fails fewer times than it is tried bothers nobody', async () => {
    const run = await simulateRun(order, cheap, { agents: [failsTimes(pricerAgent, 2)] });
    expect(names(run)).toEqual(['release']);
  });

  it('an agent that fails more often comes before a person, who has it tried again or gives what it would make', async () => {
    const run = await simulateRun(order, cheap, { agents: [failsTimes(pricerAgent, 3)] });
    expect(run.asked[0]).toMatchObject({ kind: 'exception', shown: { failure: { type: 'Agent.Failed' } } });
    await run.decide('pricer', { verb: 'retry' });
    expect(names(run)).toEqual(['release']);
    const supplied = await simulateRun(order, cheap, {
      agents: [failsTimes(pricerAgent, 3, 'Agent.BadAnswer')],
    });
    await supplied.decide('pricer', { verb: 'supply', artifacts: { quote: { article: 'paper', total: 7 } } });
    expect(await supplied.value('quote')).toEqual({ article: 'paper', total: 7 });
  });

  it('an agent that never ends has timed out', async () => {
    const run = await simulateRun(order, cheap, { agents: [neverEnds(pricerAgent)] });
    expect(run.asked[0]?.shown.failure).toMatchObject({ type: 'Agent.TimedOut' });
  });

  it('a connector that refuses, and one that loses its answer, come before a person', async () => {
    const mail = memoryConnector();
    const refused = await simulateRun(order, cheap, { agents, connectors: { mail: refusesTimes(mail, 1) } });
    await refused.decide('release', approve);
    await refused.advance('10 minutes');
    expect(refused.asked[0]?.shown.failure).toMatchObject({ type: 'Effect.Refused' });
    await refused.decide('send', { verb: 'retry' });
    expect([refused.status, mail.calls.length]).toEqual(['finished', 1]);

    const unsure = await simulateRun(order, cheap, { agents, connectors: { mail: losesAnswers(mail, 1) } });
    await unsure.decide('release', approve);
    await unsure.advance('10 minutes');
    expect(unsure.asked[0]?.offers).toEqual(['happened', 'didNot']);
    await unsure.decide('send', { verb: 'happened' });
    expect(unsure.status).toBe('finished');
  });
});

describe('a stand-in', () => {
  it('always makes the same, or what a function makes, with the facts that its agent declares', async () => {
    const agent = pricerAgent.agent;
    const fixed = standIn(agent, { quote: { article: 'ink', total: 500 } });
    expect(names(await simulateRun(order, cheap, { agents: [fixed] }))).toEqual(['look']);
    const made = standIn(agent, ({ article, count }) => ({ quote: { article, total: count } }));
    expect(names(await simulateRun(order, dear, { agents: [made] }))).toEqual(['release']);
  });
});

describe('a plan as text', () => {
  it('of a process: who makes what from what, and who is asked', () => {
    expect(planOf(order)).toBe(`process order
inputs
  article
  count
tasks
  pricer: article, count -> quote
checkpoints
  look: review of quote, by role buyer, when {"quote":{"type":"object","properties":{"total":{"type":"number","minimum":100}},"required":["total"]}}
  release: before send, by role manager, four eyes
effects
  send: quote by mail, recalled within 600000 ms
outputs
  quote
`);
  });

  it('of a run: what is next, and how everything stands', async () => {
    const run = await simulateRun(order, dear, { agents });
    expect(planOf(order, run)).toBe(`run of order, epoch 1: open
next
  ask look (review of quote), by role buyer: approve, edit, changes, reject
artifacts
  article: usable
  count: usable
  quote: gated
`);
  });
});
