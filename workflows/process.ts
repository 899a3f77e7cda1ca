import type { RunResult, StartArguments } from '../contracts/messages.ts';
import { openKernel } from './kernel.ts';

/** One run of any process. The default workflow, so that a run's workflow type is its process's name. */
export default async function runProcess(start: StartArguments): Promise<RunResult> {
  const kernel = openKernel(start);
  while (await kernel.turn());
  return kernel.close();
}
