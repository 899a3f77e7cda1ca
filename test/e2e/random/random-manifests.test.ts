import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Person } from '../../../client/door.ts';
import type { Checkpoint } from '../../../contracts/checkpoint.ts';
import type { State } from '../../../contracts/state.ts';
import { personFor } from '../../../testing/script.ts';
import { randomReviewer } from '../../../testing/random-reviewer.ts';
import { simulateRun } from '../../../testing/simulate-run.ts';
import { startTestProject } from '../../../testing/start-test-project.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';
import { defineProject } from '../../../worker/define-project.ts';
import { next } from '../../../workflows/fold/next.ts';
import { outputsOf } from '../../../workflows/fold/outputs.ts';
import { temporalAddress } from '../../temporal-server.ts';
import { makeUp, makeUpOutside } from './made-up.ts';
import type { MadeUp } from './made-up.ts';

// How loaded the machine is must not decide.
vi.setConfig({ testTimeout: 1_800_000 });

const count = Number(process.env['BATON_RANDOM_RUNS'] ?? 200);
const seed = Number(process.env['BATON_RANDOM_SEED'] ?? 20_261_122);
const atOnce = 8;

/** What a run came to, as far as it hangs on nothing but the process, its input and the decisions. */
interface End {
  status: string;
  outputs: { [artifact: string]: string };
  slots: { [slot: string]: unknown };
  decided: string[];
  landed: string[];
}

const isOpen = ({ status }: State): boolean => status === 'open' || status === 'closing';

function endOf(state: State, decided: string[], landed: string[]): End {
  return {
    status: state.status,
    outputs: Object.fromEntries(Object.entries(outputsOf(state)).map(([name, { digest }]) => [name, digest])),
    slots: Object.fromEntries(
      Object.entries(state.slots).map(([slot, { n, status, digest, left }]) => [
        slot,
        { n, status, digest, left },
      ]),
    ),
    decided,
    // What is ready at once is performed in any order.
    landed: landed.toSorted(),
  };
}

/** The first of what is asked, whatever order it opened in. */
const firstOf = (asked: readonly Checkpoint[]): Checkpoint | undefined =>
  asked.toSorted((one, other) => (one.id < other.id ? -1 : 1))[0];

/** Somebody new each time: where four eyes are asked for, who edited may not approve. */
const somebody = (asked: Checkpoint, nth: number): Person => ({ ...personFor(asked), id: `person-${nth}` });

async function inMemory({ process: made, input, agents }: MadeUp, index: number): Promise<End> {
  const file = makeUpOutside();
  const reviewer = randomReviewer(seed + index);
  const run = await simulateRun(made, input, { agents: agents(), connectors: { file } });
  const decided: string[] = [];
  while (isOpen(run.state)) {
    const asked = run.next.wait.length > 0 ? undefined : firstOf(run.asked);
    if (!asked) {
      await run.advance(1);
      continue;
    }
    const decision = reviewer(asked);
    decided.push(`${asked.id} ${decision.verb}`);
    await run.decide(asked.id, { ...decision, person: somebody(asked, decided.length) });
  }
  return endOf(run.state, decided, [...file.landed.values()].flat());
}

async function onServer(
  baton: TestProject,
  outside: ReturnType<typeof makeUpOutside>,
  { process: made, input }: MadeUp,
  index: number,
): Promise<End> {
  const reviewer = randomReviewer(seed + index);
  const { run } = await baton.client.start(made, input, { by: 'a-starter' });
  const decided: string[] = [];
  for (;;) {
    const { state, running } = await baton.client.state(run);
    if (!isOpen(state)) return endOf(state, decided, outside.landed.get(run) ?? []);
    const plan = next(state);
    const isBusy =
      running.length > 0 ||
      Object.values(state.slots).some(({ status }) => status === 'reserved') ||
      plan.close !== undefined ||
      [plan.start, plan.cancel, plan.applyEdit, plan.perform, plan.wait].some((part) => part.length > 0);
    const asked = isBusy ? undefined : firstOf(plan.ask);
    if (!asked) {
      await sleep(10);
      continue;
    }
    const { open } = await baton.client.state(run);
    const { digest } = open.find(({ checkpoint }) => checkpoint.id === asked.id)!;
    const decision = reviewer(asked);
    decided.push(`${asked.id} ${decision.verb}`);
    const person = somebody(asked, decided.length);
    await baton.client.decide(run, { ...decision, checkpoint: asked.id, digest }, person);
  }
}

it(`${count} processes made up by chance come to the same end in memory and on a server`, async () => {
  const all = makeUp(count, seed);
  const outside = makeUpOutside();
  const project = defineProject({
    processes: all.map(({ process: made }) => made),
    agents: all.flatMap(({ agents }) => agents()),
    connectors: { file: outside },
  });
  await using baton = await startTestProject(project, { address: await temporalAddress() });
  const seen = { decided: 0, landed: 0, failed: 0 };
  let following = 0;
  const work = async (): Promise<void> => {
    for (let index = following++; index < count; index = following++) {
      const made = all[index]!;
      const expected = await inMemory(made, index);
      const actual = await onServer(baton, outside, made, index);
      expect({ index, ...actual }).toEqual({ index, ...expected });
      seen.decided += expected.decided.length;
      seen.landed += expected.landed.length;
      seen.failed += expected.decided.filter((one) => one.startsWith('exception')).length;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  // Ends that nobody decided, nothing happened in and nothing failed in would prove little.
  expect(seen.decided).toBeGreaterThan(count);
  expect(seen.landed).toBeGreaterThan(count / 20);
  expect(seen.failed).toBeGreaterThan(count / 20);
});
