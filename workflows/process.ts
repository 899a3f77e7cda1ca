import type { RunArguments, RunResult, TaskOutput } from '../contracts/messages.ts';
import type { WorkflowArguments } from '../contracts/starts.ts';
import { runIsolated } from './isolate.ts';
import { runWithin } from './run-within.ts';
import { startScheduled } from './scheduled-start.ts';

/** One run of any process. The default workflow, so that a run's workflow type is its process's name. */
export default function runProcess(...given: RunArguments): Promise<RunResult>;
/** Also what a schedule starts, and what an isolated attempt runs in. */
export default function runProcess(...given: WorkflowArguments): Promise<RunResult | TaskOutput>;
export default function runProcess(...given: WorkflowArguments): Promise<RunResult | TaskOutput> {
  const [start, act] = given;
  if (start.kind === 'scheduled') return startScheduled(start);
  return start.kind === 'task' ? runIsolated(start) : runWithin([start, act]);
}
