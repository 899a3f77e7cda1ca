import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities, AttemptTerms, RunAgentInput, TaskOutput } from '../contracts/messages.ts';
import type { LedgerHead } from '../contracts/ports.ts';

/** Asked for no single step, an attempt comes to its end. */
export interface Whole {
  runAgent(input: RunAgentInput): Promise<TaskOutput>;
}

/** What every activity of an attempt is started with. */
export function activityOptions({ task }: Pick<RunAgentInput, 'task'>, { timeout, tries }: AttemptTerms) {
  return {
    startToCloseTimeout: timeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    summary: task,
    retry: { maximumAttempts: tries, initialInterval: 200, backoffCoefficient: 2 },
  };
}

/** One attempt of a task by activities, in whichever workflow. Hangs directly on the SDK's promise where it is one. */
export function runAttempt(input: RunAgentInput, terms: AttemptTerms): Promise<TaskOutput> {
  const options = { ...activityOptions(input, terms), heartbeatTimeout: terms.heartbeat };
  return input.durability === 'step'
    ? runSteps(input, options)
    : proxyActivities<Whole>(options).runAgent(input);
}

/** Superstep after superstep, each an activity that says in the history which it is. */
async function runSteps(
  { book, ...input }: RunAgentInput,
  options: ActivityOptions & { summary: string },
): Promise<TaskOutput> {
  let after: number | undefined;
  let nodes = '';
  let carried = book && { book };
  let head: LedgerHead | null = null;
  for (let count = 1; ; count++) {
    const summary = `${options.summary}, step ${count}${nodes}`;
    const output = await proxyActivities<Activities>({ ...options, summary }).runAgent({
      ...input,
      ...carried,
      step: { after },
    });
    head = output.head ?? head;
    const { end } = output;
    if (end.kind !== 'stepped') return { ...output, end, head };
    after = end.step;
    nodes = `: ${end.next.join(', ')}`;
    carried = undefined;
  }
}
