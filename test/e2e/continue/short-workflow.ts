import type { RunArguments, RunResult, TaskOutput } from '../../../contracts/messages.ts';
import type { IsolatedStart } from '../../../contracts/starts.ts';
import { runIsolated } from '../../../workflows/isolate.ts';
import { bounds } from '../../../workflows/seam.ts';
import { runWithin } from '../../../workflows/run-within.ts';

/** The process workflow, with executions of a few steps. */
export default function runProcess(
  ...given: RunArguments | [IsolatedStart]
): Promise<RunResult | TaskOutput> {
  const [start, act] = given;
  if (start.kind === 'task') return runIsolated(start);
  return runWithin([start, act], { ...bounds, soon: { ...bounds.soon, events: 16 }, hold: 1000 });
}
