import { namesOf } from './failpoints.ts';
import type { Failpoint } from './failpoints.ts';
import type { Receiver } from './receiver.ts';
import { startTrial } from './trial.ts';
import type { TrialOptions } from './trial.ts';

/** Each moment before and after an operation of a run that nobody kills, in the order in which they came. */
export async function discoverFailpoints(
  options: Omit<TrialOptions, 'failpoints'> & { receiver: Receiver },
): Promise<Failpoint[]> {
  await using trial = await startTrial(options);
  await trial.finish();
  const events = await options.receiver.events(trial.name);
  return events.flatMap((event) => {
    if (event.kind !== 'operation') return [];
    const { operation, nth, moment } = event;
    // What comes after an answer was encoded is its sending, which no one outside the SDK can tell from before.
    if (operation === 'answer' && moment === 'after') return [];
    return [{ operation, nth, moment }];
  });
}

/** The same moments by what is recorded: what comes together with what differs from run to run where tasks go side by side. */
export function byRecord(failpoints: Failpoint[]): Failpoint[] {
  const times = new Map<string, number>();
  return failpoints.flatMap(({ operation, moment, nth }) => {
    const [, ...recorded] = namesOf(operation);
    if (recorded.length === 0) return [{ operation, moment, nth }];
    return recorded.map((one) => {
      const counted = `${moment} ${one}`;
      const time = (times.get(counted) ?? 0) + 1;
      times.set(counted, time);
      return { operation: one, moment, nth: time };
    });
  });
}
