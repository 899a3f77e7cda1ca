import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import type {
  CalendarSpec,
  Client,
  ScheduleDescription,
  ScheduleHandle,
  ScheduleOverlapPolicy,
  ScheduleSpec,
} from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { toFailure } from '../contracts/failures.ts';
import { canonicalJson } from '../contracts/json.ts';
import type { ScheduledStart } from '../contracts/starts.ts';
import type { Process, ProcessInput } from '../contracts/process-types.ts';
import { toClientFailure } from './client-failure.ts';
import type { Means } from './look-up-run.ts';
import { readInput } from './reserve-run.ts';
import { readTrigger } from './scheduled-runs.ts';
import type { ScheduledRun } from './scheduled-runs.ts';

/** What happens when it is time and the run before is still under way. */
export type Overlap = 'skip' | 'buffer-one' | 'buffer-all' | 'cancel-other' | 'terminate-other' | 'allow-all';

/** When a schedule starts runs: by cron lines, at an interval, by calendars, or several of these. */
export interface ScheduleRequest {
  /** Its name. */
  id: string;
  /** Who creates it: the starter on record of its runs. */
  by: string;
  cron?: string[];
  /** Milliseconds, or such as '2 hours'. */
  every?: number | string;
  calendars?: CalendarSpec[];
  /** IANA name; UTC unless given. */
  timeZone?: string;
  /** Each start is moved by a random time up to this. */
  jitter?: number | string;
  /** How late a start may be made up for, after the server was away: '1 day' unless given. */
  catchUp?: number | string;
  /** 'skip' unless given. */
  overlap?: Overlap;
  paused?: boolean;
}

export interface ScheduleView {
  id: string;
  process: string;
  startedBy: string;
  /** When, as its creator wrote it. */
  when: string[];
  overlap: Overlap;
  /** Milliseconds. */
  catchUp: number;
  paused: boolean;
  note: string | null;
  next: string[];
  /** Starts that did not happen: the run before was under way, or it was too late to make up for them. */
  skipped: { overlap: number; late: number };
  /** Newest first. */
  runs: ScheduledRun[];
}

export interface ScheduleLine {
  id: string;
  process: string | null;
  startedBy: string | null;
  paused: boolean;
  next: string | null;
}

const overlapOf = (policy: Overlap): ScheduleOverlapPolicy =>
  policy.toUpperCase().replace('-', '_') as ScheduleOverlapPolicy;

/** Schedules of runs, as the server keeps them. */
export function createSchedules({ temporal, store, taskQueue }: Means, trusted: string[]) {
  const on = async <T>(id: string, work: (handle: ScheduleHandle) => Promise<T>): Promise<T> => {
    try {
      return await work(temporal.schedule.getHandle(id));
    } catch (error) {
      throw toScheduleFailure(error, id);
    }
  };

  return {
    /** Throws `Input.Invalid`, `Schedule.Invalid`, `Schedule.Exists`, `Server.Unreachable`. */
    async create<P extends Process>(
      process: P,
      input: ProcessInput<P>,
      request: ScheduleRequest,
    ): Promise<void> {
      const { id, by, overlap = 'skip', catchUp = '1 day', paused = false } = request;
      readInput(process, input);
      const spec = readSpec(request);
      const content = new Uint8Array(Buffer.from(canonicalJson(input)));
      const [kept] = await store.artifacts.put([
        { name: 'input', mediaType: 'application/json', content, facts: {} },
      ]);
      const start: ScheduledStart = {
        kind: 'scheduled',
        schedule: id,
        process: process.name,
        input: kept!.digest,
        startedBy: by,
        trusted,
        ends: overlap === 'terminate-other' ? 'cancel' : 'abandon',
      };
      try {
        await temporal.schedule.create({
          scheduleId: id,
          spec,
          action: {
            type: 'startWorkflow',
            workflowType: 'baton.schedule',
            workflowId: `schedule-${id}`,
            taskQueue,
            args: [start],
            staticSummary: `${id}: ${process.name}`,
          },
          policies: { overlap: overlapOf(overlap), catchupWindow: catchUp as Duration },
          state: { paused },
          memo: { process: process.name, startedBy: by, when: describeTimes(request) },
        });
      } catch (error) {
        throw toScheduleFailure(error, id);
      }
    },

    async list(): Promise<ScheduleLine[]> {
      try {
        const lines: ScheduleLine[] = [];
        for await (const { scheduleId, memo, state, info } of temporal.schedule.list()) {
          const { process = null, startedBy = null } = (memo ?? {}) as Partial<ScheduleLine>;
          if (process === null) continue;
          const next = info?.nextActionTimes[0]?.toISOString() ?? null;
          lines.push({ id: scheduleId, process, startedBy, paused: state.paused, next });
        }
        return lines.toSorted((a, b) => a.id.localeCompare(b.id));
      } catch (error) {
        throw toScheduleFailure(error, 'schedules');
      }
    },

    /** Throws `Schedule.Unknown`. */
    async show(id: string): Promise<ScheduleView> {
      return on(id, async (handle) => viewOf(temporal, await handle.describe()));
    },

    pause: async (id: string, note?: string) => on(id, async (handle) => handle.pause(note)),
    resume: async (id: string, note?: string) => on(id, async (handle) => handle.unpause(note)),
    /** Starts a run now, by the schedule's overlap policy. */
    runNow: async (id: string) =>
      // Left out, the SDK has a run started beside whatever is under way.
      on(id, async (handle) => handle.trigger((await handle.describe()).policies.overlap ?? 'SKIP')),
    /** Runs that it has started go on. */
    delete: async (id: string) => on(id, async (handle) => handle.delete()),
  };
}

function readSpec({ id, cron = [], every, calendars = [], timeZone, jitter }: ScheduleRequest): ScheduleSpec {
  if (cron.length === 0 && every === undefined && calendars.length === 0)
    throw invalid(id, 'it says nothing of when: no cron line, no interval, no calendar');
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(id))
    throw invalid(id, 'its name needs 1 to 100 letters, digits, dots, underscores or hyphens');
  return {
    cronExpressions: cron,
    calendars,
    ...(every !== undefined && { intervals: [{ every: every as Duration }] }),
    ...(timeZone !== undefined && { timezone: timeZone }),
    ...(jitter !== undefined && { jitter: jitter as Duration }),
  };
}

function describeTimes({ cron = [], every, calendars = [], timeZone, jitter }: ScheduleRequest): string[] {
  return [
    ...cron.map((line) => `cron ${line}`),
    ...(every === undefined ? [] : [`every ${typeof every === 'number' ? `${every} ms` : every}`]),
    ...calendars.map((calendar) => `calendar ${JSON.stringify(calendar)}`),
    `time zone ${timeZone ?? 'UTC'}`,
    ...(jitter === undefined ? [] : [`moved by up to ${jitter}`]),
  ];
}

async function viewOf(temporal: Client, description: ScheduleDescription): Promise<ScheduleView> {
  const { scheduleId, policies, state, info, memo } = description;
  const { process = '', startedBy = '', when = [] } = (memo ?? {}) as Partial<ScheduleView>;
  const runs = await Promise.all(
    info.recentActions
      .toReversed()
      .map(async ({ scheduledAt, action: { workflow } }) =>
        readTrigger(temporal, { ...workflow, scheduledAt: scheduledAt.toISOString() }),
      ),
  );
  return {
    id: scheduleId,
    process,
    startedBy,
    when,
    overlap: (policies.overlap ?? 'SKIP').toLowerCase().replace('_', '-') as Overlap,
    catchUp: policies.catchupWindow,
    paused: state.paused,
    note: state.note ?? null,
    next: info.nextActionTimes.map((time) => time.toISOString()),
    skipped: { overlap: info.numActionsSkippedOverlap, late: info.numActionsMissedCatchupWindow },
    runs,
  };
}

function invalid(id: string, why: string): Error {
  return toFailure('Schedule.Invalid', `The schedule ${id}: ${why}.`, { name: id });
}

function toScheduleFailure(error: unknown, id: string): Error {
  if (error instanceof ScheduleAlreadyRunning)
    return toFailure('Schedule.Exists', `There is a schedule ${id} already.`, { name: id });
  if (error instanceof ScheduleNotFoundError)
    return toFailure('Schedule.Unknown', `There is no schedule ${id}.`, { name: id });
  // What the server says of a cron line or a time zone, and the SDK of a length of time or a calendar.
  if (error instanceof TypeError || error instanceof RangeError)
    return invalid(id, error.message.replace(/\.$/, ''));
  return toClientFailure(error, id);
}
