import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readRunFromLedger } from '../../../client/read-run.ts';
import type { Checkpoint } from '../../../contracts/checkpoint.ts';
import type { DecisionRequest } from '../../../client/create-client.ts';
import { personFor } from '../../../testing/script.ts';
import type { TestProject } from '../../../testing/start-test-project.ts';

export type Opened = { checkpoint: Checkpoint; digest: string };

/** The checkpoint of this name once it is open, and another than the one before. */
export async function openedAnew(
  baton: TestProject,
  run: string,
  name: string,
  before?: Opened,
): Promise<Opened> {
  for (;;) {
    const { open } = await baton.client.state(run);
    const found = open.find(
      ({ checkpoint, digest }) => checkpoint.name === name && digest !== before?.digest,
    );
    if (found) return found;
    await sleep(20);
  }
}

/** Decides what is open under this name, as a person who may. */
export async function decideAt(
  baton: TestProject,
  run: string,
  { checkpoint, digest }: Opened,
  decision: Omit<DecisionRequest, 'checkpoint' | 'digest'>,
): Promise<void> {
  await baton.client.decide(run, { ...decision, checkpoint: checkpoint.id, digest }, personFor(checkpoint));
}

/** The ledger alone says the same of the run as its workflow; waits until what rides along has arrived. */
export async function expectLedgerAgrees(baton: TestProject, run: string): Promise<void> {
  const agrees = async (): Promise<boolean> => {
    const { state, open } = await baton.client.state(run);
    return isDeepStrictEqual(await ledgerSays(baton, run), { state, open });
  };
  for (let tries = 0; tries < 200 && !(await agrees()); tries++) await sleep(20);
  const { state, open } = await baton.client.state(run);
  expect(await ledgerSays(baton, run)).toEqual({ state, open });
}

async function ledgerSays({ store }: TestProject, run: string): Promise<object> {
  const { state, open } = await readRunFromLedger(store, run);
  return { state, open };
}
