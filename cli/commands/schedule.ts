import { readInput } from '../../client/reserve-run.ts';
import type { Overlap, ScheduleView } from '../../client/schedules.ts';
import { withClient } from '../connect.ts';
import { commandLine } from '../how-to-call.ts';
import { paint, print, printJson, printTable, readableDuration, readableMoment } from '../output.ts';
import { findProcess, readJson, readJsonObject } from '../read-input.ts';
import { printSection } from '../sections.ts';
import { loadProject, readPerson } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { UsageError } from '../exit-codes.ts';

export interface ScheduleOptions {
  input: string;
  by?: string;
  cron?: string[];
  every?: string;
  calendar?: string[];
  timeZone?: string;
  jitter?: string;
  catchUp?: string;
  overlap: Overlap;
  paused?: boolean;
}

export async function createSchedule(
  settings: Settings,
  id: string,
  name: string,
  options: ScheduleOptions,
): Promise<void> {
  const { project } = await loadProject(settings);
  const definition = findProcess(project, name);
  const input = readJsonObject(options.input, '--input');
  readInput(definition, input);
  const { cron = [], every, timeZone, jitter, catchUp, overlap, paused = false } = options;
  const calendars = (options.calendar ?? []).map(readCalendar);
  await withClient(settings, async ({ client }) => {
    const { id: by } = readPerson(options.by === undefined ? {} : { as: options.by });
    await client.schedules.create(definition, input, {
      id,
      by,
      cron,
      calendars,
      overlap,
      paused,
      ...(every !== undefined && { every }),
      ...(timeZone !== undefined && { timeZone }),
      ...(jitter !== undefined && { jitter }),
      ...(catchUp !== undefined && { catchUp }),
    });
    const view = await client.schedules.show(id);
    const first = view.next[0];
    print(`${paint('bold', id)} starts ${name}${first ? `, first at ${readableMoment(first)}` : ''}`);
    print(`  ${commandLine(settings, 'schedule', 'show', id)}`);
    if (settings.json) printJson(view);
  });
}

export async function listSchedules(settings: Settings): Promise<void> {
  await withClient(settings, async ({ client }) => {
    const lines = await client.schedules.list();
    if (settings.json) return printJson(lines);
    if (lines.length === 0) return print('There are no schedules.');
    printTable([
      ['SCHEDULE', 'PROCESS', 'BY', 'NEXT'],
      ...lines.map(({ id, process, startedBy, paused, next }) => [
        id,
        process ?? '-',
        startedBy ?? '-',
        paused ? 'paused' : next === null ? '-' : readableMoment(next),
      ]),
    ]);
  });
}

export async function showSchedule(settings: Settings, id: string): Promise<void> {
  await withClient(settings, async ({ client }) => {
    const view = await client.schedules.show(id);
    if (settings.json) printJson(view);
    else printSchedule(view);
  });
}

function printSchedule(view: ScheduleView): void {
  const { id, process, startedBy, when, overlap, catchUp, paused, note, next, skipped, runs } = view;
  print(`${paint('bold', id)}  starts ${process}, on record as ${startedBy}${paused ? ', paused' : ''}`);
  if (note) print(`  ${note}`);
  printSection('When', [
    ...when,
    `while one is under way: ${overlap}`,
    `made up for within ${readableDuration(catchUp)}`,
  ]);
  printSection('Next', paused ? [] : next.slice(0, 5).map(readableMoment));
  printSection('Did not start', [
    ...(skipped.overlap > 0 ? [`${skipped.overlap} because the one before was under way`] : []),
    ...(skipped.late > 0 ? [`${skipped.late} because it was too late to make up for them`] : []),
  ]);
  printSection(
    'Runs',
    runs.map(({ scheduledAt, run, status, failure }) => {
      const why = failure ? `: ${failure.message} (${failure.type})` : '';
      return `${readableMoment(scheduledAt)}  ${run ?? 'no run'}  ${status}${why}`;
    }),
  );
}

/** What is done to a schedule that is there. */
export async function changeSchedule(
  settings: Settings,
  id: string,
  verb: 'pause' | 'resume' | 'runNow' | 'delete',
  note?: string,
): Promise<void> {
  const done = { pause: 'paused', resume: 'resumed', runNow: 'told to start a run now', delete: 'deleted' };
  await withClient(settings, async ({ client }) => {
    await client.schedules[verb](id, note);
    print(`${id}: ${done[verb]}`);
    if (settings.json) printJson({ id, done: verb });
  });
}

function readCalendar(given: string): object {
  const calendar = readJson(given, '--calendar');
  if (calendar && typeof calendar === 'object' && !Array.isArray(calendar)) return calendar;
  throw new UsageError('--calendar has to be a JSON object, such as \'{"dayOfMonth": 1, "hour": 9}\'.');
}
