import type { RunResult } from '../contracts/messages.ts';
import type { ScheduledStart, WorkflowArguments } from '../contracts/starts.ts';
import { runWithin } from './run-within.ts';
import { startScheduled } from './scheduled-start.ts';

/** One run of any process. The default workflow, so that a run's workflow type is its process's name. */
export default function runProcess(...given: WorkflowArguments): Promise<RunResult> {
  return isScheduled(given) ? startScheduled(given[0]) : runWithin(given);
}

const isScheduled = (given: WorkflowArguments): given is [ScheduledStart] => given[0].kind === 'scheduled';
