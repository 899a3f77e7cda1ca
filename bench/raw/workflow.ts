import {
  ApplicationFailure,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { RawActivities } from './activities.ts';

const { agent, openApproval, lastStep } = proxyActivities<RawActivities>({ startToCloseTimeout: '1 minute' });
const decide = defineUpdate<string, [string]>('decide');

/** What a careful engineer writes by hand: three agents side by side, an approval, a last step. */
export async function rawProcess(): Promise<string> {
  const { workflowId } = workflowInfo();
  let decision: string | undefined;
  let open = false;
  setHandler(
    decide,
    (verb) => {
      decision = verb;
      return 'ok';
    },
    {
      validator(verb) {
        if (!open) throw ApplicationFailure.nonRetryable('Nothing is asked now.', 'NotOpen');
        if (verb !== 'approve' && verb !== 'reject')
          throw ApplicationFailure.nonRetryable('Approve or reject.', 'Invalid');
      },
    },
  );
  const made = await Promise.all(['a', 'b', 'c'].map(async (name) => agent(workflowId, name)));
  open = true;
  await openApproval(workflowId, made);
  await condition(() => decision !== undefined);
  if (decision === 'reject') return 'rejected';
  return lastStep(workflowId, made);
}
