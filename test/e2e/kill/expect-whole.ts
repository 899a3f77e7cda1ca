import { expect } from 'vitest';
import { outcomesOf } from '../../../client/read-run.ts';
import type { RunResult } from '../../../contracts/messages.ts';
import { letterText, nodesOfLetter } from './letter.ts';
import type { Event } from './processes/receiver.ts';
import type { Receiver } from './receiver.ts';
import type { Trial } from './trial.ts';

export const letter = { to: 'the front desk', text: letterText };

/** The run ended right: nothing is lost, nothing was done twice, and the record says so. */
export async function expectWhole(trial: Trial, result: RunResult, receiver: Receiver): Promise<void> {
  const { run, client, store } = trial;
  expect(result.status).toBe('finished');
  expect(await client.read(result.outputs['letter']!)).toEqual(letter);

  const { fills } = await receiver.received(run);
  expect(fills.map(({ body }): unknown => JSON.parse(body))).toEqual([
    { verb: 'do', arguments: {}, subjects: { letter } },
  ]);

  expect(findRepeated(await receiver.events(trial.name))).toEqual([]);

  expect(result.head).not.toBeNull();
  expect(await store.ledger.verify(run, result.head!)).toEqual([]);
  // Where a person said that it happened, the call itself stays on record as what it was.
  const told = trial.decided.some((one) => one.startsWith('happened'));
  expect((await store.slots.list(run)).at(-1)?.status).toBe(told ? 'uncertain' : 'success');
  expect(await store.desk.open({ run })).toEqual([]);
  // What the ledger alone says of the run is what happened.
  expect((await client.state(run)).state.status).toBe('finished');
  const outcomes = outcomesOf(await store.ledger.read(run)).map(({ outcome }) => outcome);
  const decisions = outcomes.filter((outcome) => outcome.type === 'decision');
  expect(decisions.map(({ verb }) => verb)).toEqual(trial.decided.map((one) => one.split(' ')[0]));
  const results = outcomes.filter((outcome) => outcome.type === 'result');
  expect(results.map(({ task, end }) => `${task} ${end.kind}`).toSorted()).toEqual([
    'asker asks',
    'asker done',
    'checker done',
    'gatherer done',
    'writer done',
  ]);
  expect(outcomes.filter(({ type }) => type === 'close')).toHaveLength(1);
}

/** Nodes that ran again after a snapshot of theirs was stored, that ran more than twice, or not at all. */
export function findRepeated(events: Event[]): string[] {
  const found: string[] = [];
  const times = new Map(nodesOfLetter.map((node) => [node, 0]));
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
  for (const [node, ran] of times) if (ran < 1 || ran > 2) found.push(`${node} ran ${ran} times`);
  return found;
}
