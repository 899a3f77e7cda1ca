import { expect } from 'vitest';
import { outcomesOf } from '../../../client/read-run.ts';
import type { Outcome } from '../../../contracts/outcome.ts';
import type { RunResult } from '../../../contracts/messages.ts';
import { letterText, nodesOfLetter } from './letter.ts';
import { nodesOfOrders, quotes } from './orders.ts';
import type { Event } from './processes/receiver.ts';
import type { Receiver } from './receiver.ts';
import type { Trial } from './trial.ts';

export const letter = { to: 'the front desk', text: letterText };

/** The run of a letter ended right: nothing is lost, nothing was done twice, and the record says so. */
export async function expectWhole(trial: Trial, result: RunResult, receiver: Receiver): Promise<void> {
  const { run, client, store } = trial;
  expect(await client.read(result.outputs['letter']!)).toEqual(letter);

  const { fills } = await receiver.received(run);
  expect(fills.map(({ body }): unknown => JSON.parse(body))).toEqual([
    { verb: 'do', arguments: {}, subjects: { letter } },
  ]);

  expect(findRepeated(await receiver.events(trial.name), nodesOfLetter, 2)).toEqual([]);

  // Where a person said that it happened, the call itself stays on record as what it was.
  const told = trial.decided.some((one) => one.startsWith('happened'));
  expect((await store.slots.list(run)).at(-1)?.status).toBe(told ? 'uncertain' : 'success');
  expect(resultsOf(await expectRecorded(trial, result))).toEqual([
    'asker asks',
    'asker done',
    'checker done',
    'gatherer done',
    'writer done',
  ]);
}

/** The run of orders ended right: each part was priced, and ordered once, by itself. */
export async function expectOrdered(trial: Trial, result: RunResult, receiver: Receiver): Promise<void> {
  const { run, client, store } = trial;
  expect(await client.read(result.outputs['total']!)).toEqual({ price: 177, ordered: Object.keys(quotes) });

  const { fills } = await receiver.received(run);
  const filled = fills.map(({ key, body }) => [key, JSON.parse(body) as unknown] as const);
  const wanted = Object.entries(quotes).map(
    ([part, quote]) =>
      [`${run}/order/${part}/0/do`, { verb: 'do', arguments: {}, subjects: { quote } }] as const,
  );
  expect(filled.toSorted(([one], [other]) => (one < other ? -1 : 1))).toEqual(wanted);

  const events = await receiver.events(trial.name);
  expect(findRepeated(events, nodesOfOrders, Math.max(2, trial.deaths + 1))).toEqual([]);

  const slots = (await store.slots.list(run)).map(({ slot, status }) => `${slot} ${status}`);
  expect(slots.toSorted()).toEqual(['order/M10 success', 'order/M12 success', 'order/M8 success']);
  expect(resultsOf(await expectRecorded(trial, result))).toEqual([
    'pricing/M10 done',
    'pricing/M12 done',
    'pricing/M8 done',
    'reader done',
    'summing done',
  ]);
}

/** The record is whole, and says that the run finished and what was decided; what it holds. */
export async function expectRecorded(
  { run, client, store, decided }: Trial,
  result: RunResult,
): Promise<Outcome[]> {
  expect(result.status).toBe('finished');
  expect(result.head).not.toBeNull();
  expect(await store.ledger.verify(run, result.head!)).toEqual([]);
  expect(await store.desk.open({ run })).toEqual([]);
  // What the ledger alone says of the run is what happened.
  expect((await client.state(run)).state.status).toBe('finished');
  const outcomes = outcomesOf(await store.ledger.read(run)).map(({ outcome }) => outcome);
  const decisions = outcomes.filter((outcome) => outcome.type === 'decision');
  expect(decisions.map(({ verb }) => verb)).toEqual(decided.map((one) => one.split(' ')[0]));
  expect(outcomes.filter(({ type }) => type === 'close')).toHaveLength(1);
  return outcomes;
}

export const resultsOf = (outcomes: Outcome[]): string[] =>
  outcomes
    .flatMap((outcome) => (outcome.type === 'result' ? [`${outcome.task} ${outcome.end.kind}`] : []))
    .toSorted();

/** Nodes that ran again after a snapshot of theirs was stored, that ran more often than that, or not at all. */
function findRepeated(events: Event[], nodes: string[], atMost: number): string[] {
  const found: string[] = [];
  const times = new Map(nodes.map((node) => [node, 0]));
  const stored = new Set<string>();
  for (const event of events) {
    if (event.kind === 'node') {
      const node = `${event.agent}.${event.node}`;
      if (stored.has(node)) found.push(`${node} ran again though its snapshot was stored`);
      times.set(node, (times.get(node) ?? 0) + 1);
    } else if (event.moment === 'after' && event.operation.startsWith('snapshots.save ')) {
      const agent = event.operation.split(' ')[1]!;
      for (const [node, ran] of times) if (ran > 0 && node.startsWith(`${agent}.`)) stored.add(node);
    }
  }
  for (const [node, ran] of times) if (ran < 1 || ran > atMost) found.push(`${node} ran ${ran} times`);
  return found;
}
