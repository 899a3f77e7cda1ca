import type { RunArguments, RunResult } from '../../../contracts/messages.ts';
import { bounds } from '../../../workflows/seam.ts';
import { runWithin } from '../../../workflows/run-within.ts';

/** The process workflow, with executions of a few steps. */
export default function runProcess(...given: RunArguments): Promise<RunResult> {
  return runWithin(given, { ...bounds, soon: { ...bounds.soon, events: 16 }, hold: 1000 });
}
