import type { JsonObject } from '../contracts/json.ts';
import type { ReservedStart, ReserveScheduledInput } from '../contracts/starts.ts';
import type { Dependencies } from './dependencies.ts';

/** Reserves the run of one time of a schedule; however often it is tried, it is one run. */
export async function reserveScheduled(
  { store, reserve }: Dependencies,
  { schedule, time, process, input, startedBy, trusted }: ReserveScheduledInput,
): Promise<ReservedStart> {
  const { content } = await store.artifacts.get(input);
  return reserve(process, JSON.parse(Buffer.from(content).toString()) as JsonObject, {
    key: `${schedule}@${time}`,
    by: startedBy,
    trusted,
  });
}
