import { sleep } from '@temporalio/workflow';
import type { RunResult, StartArguments } from '../../contracts/messages.ts';
import runProcess from '../../workflows/process.ts';

/** As if somebody had put a timer in front of a run: one command more, before all others. */
export default async function changedRun(start: StartArguments): Promise<RunResult> {
  await sleep(1);
  return runProcess(start);
}
