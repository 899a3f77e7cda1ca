import { proxyActivities } from '@temporalio/workflow';
import type { RawActivities } from './activities.ts';

const { agent } = proxyActivities<RawActivities>({ startToCloseTimeout: '1 minute' });

/** What a careful engineer writes by hand: agents one after another, an activity each. */
export async function rawChain(run: string, names: string[]): Promise<string> {
  let made = '';
  for (const name of names) made = await agent(run, name);
  return made;
}
