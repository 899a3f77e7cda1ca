import type { RunArguments, RunResult } from '../contracts/messages.ts';
import { runWithin } from './run-within.ts';

/** One run of any process. The default workflow, so that a run's workflow type is its process's name. */
export default function runProcess(...given: RunArguments): Promise<RunResult> {
  return runWithin(given);
}
