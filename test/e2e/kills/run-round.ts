import { setTimeout as sleep } from 'node:timers/promises';
import type { RunResult } from '../../../contracts/messages.ts';
import type { Receiver } from '../kill/receiver.ts';
import { startTrial } from '../kill/trial.ts';
import type { Trial, TrialOptions } from '../kill/trial.ts';
import type { WorkerProcess } from '../kill/worker-process.ts';
import type { KillPlan, Round } from './plan.ts';

/** What is run, and what has to hold once it has ended. */
export interface Subject extends Pick<TrialOptions, 'process' | 'input'> {
  expectWhole(trial: Trial, result: RunResult, receiver: Receiver): Promise<void>;
}

export interface Place {
  address: string;
  receiver: Receiver;
  survivor: WorkerProcess;
  processes: { [process in KillPlan['process']]: Subject };
  /** Kills the server and starts it again, at the same address. */
  replaceServer(): Promise<void>;
}

export interface RoundEnd {
  workers: number;
  servers: number;
  broken: { plan: KillPlan; error: unknown }[];
}

/** A cap on what hangs: no run takes this long, whoever dies. */
const patience = 600_000;

/** Runs all plans at once, and tells which runs lost something or did it twice. */
export async function runRound({ plans, serverDies }: Round, place: Place): Promise<RoundEnd> {
  const started = await Promise.allSettled(plans.map(async (plan) => begin(plan, place)));
  const restarted = (async (): Promise<void> => {
    if (serverDies === undefined) return;
    await sleep(serverDies);
    await place.replaceServer();
  })();
  const ended = await Promise.allSettled(
    started.map(async (one, index) => {
      if (one.status === 'rejected') throw one.reason;
      await using trial = one.value;
      await finish(trial, plans[index]!, place, restarted);
      return trial.deaths;
    }),
  );
  await restarted;
  return {
    workers: ended.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0),
    servers: serverDies === undefined ? 0 : 1,
    broken: ended.flatMap((one, index) =>
      one.status === 'rejected' ? [{ plan: plans[index]!, error: one.reason as unknown }] : [],
    ),
  };
}

async function begin(plan: KillPlan, { address, receiver, survivor, processes }: Place): Promise<Trial> {
  return startTrial({
    address,
    receiver,
    survivor,
    ...processes[plan.process],
    failpoints: plan.failpoints.map((failpoint) => ({ ...failpoint, how: 'kill' as const })),
    async decide(_row, trial) {
      if (trial.decided.length !== plan.waiting || trial.deaths > 0) return undefined;
      await untilWaiting(trial);
      await trial.worker.kill();
      return undefined;
    },
  });
}

/** However often the server can't be asked meanwhile. */
async function untilWaiting(trial: Trial): Promise<void> {
  for (;;) {
    try {
      return await trial.untilWaiting();
    } catch {
      await sleep(200);
    }
  }
}

async function finish(trial: Trial, plan: KillPlan, place: Place, restarted: Promise<void>): Promise<void> {
  const over = new AbortController();
  const { worker: first } = trial;
  const killAt = async (moment: number): Promise<void> => {
    const isTime = await sleep(moment, true, { signal: over.signal }).catch(() => false);
    if (isTime) await first.kill();
  };
  const cap = async (): Promise<never> => {
    await sleep(patience, undefined, { signal: over.signal, ref: false });
    throw new Error(`It did not end within ${patience / 60_000} minutes.`);
  };
  const capped = cap();
  capped.catch(() => {});
  try {
    const ending = trial.finish();
    const killing = plan.moment === undefined ? undefined : killAt(plan.moment);
    const result = await Promise.race([ending, capped]);
    over.abort();
    await killing;
    // What is asked of the server below has nobody who would ask again.
    await restarted;
    await place.processes[plan.process].expectWhole(trial, result, place.receiver);
  } finally {
    over.abort();
  }
}
