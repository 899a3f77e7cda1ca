import type { HolidayRegion } from './agent.ts';
import type { Regressors } from './regressors.ts';

/** Days that shops notice although offices are open. */
const observed = new Set([
  'Easter Sunday',
  'Day after Thanksgiving Day',
  "Valentine's Day",
  "Mother's Day",
  'Halloween',
  'Christmas Eve',
  "New Year's Eve",
]);

const day = 86_400_000;

/** The Monday of an ISO week such as 2015-W52, or the day itself. */
function firstDayOf(period: string): number {
  const week = /^(\d{4})-W(\d{2})$/.exec(period);
  if (!week) return Date.parse(`${period}T00:00:00Z`);
  const fourth = Date.UTC(Number(week[1]), 0, 4);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth + (7 * (Number(week[2]) - 1) - weekday) * day;
}

/** A holiday moved to a working day counts as the holiday that it stands for. */
function plainName(name: string): string {
  return name.replace(/\s*\((substitute|observed)[^)]*\)\s*$/i, '');
}

interface Holiday {
  /** Midnight, as if it were in UTC. */
  time: number;
  name: string;
}

/** By region and year: working out the lunar dates of one year takes longer than forecasting a series. */
const known = new Map<string, Holiday[]>();

/**
 * Where a region's holidays fall, by name, among periods that are days or ISO weeks. Null if `date-holidays`, which
 * knows them, is not installed.
 */
export async function locateHolidays(
  periods: string[],
  region: HolidayRegion,
): Promise<Regressors['holidays'] | null> {
  const calendars = await import('date-holidays').catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  });
  if (!calendars) return null;
  const starts = periods.map(firstDayOf);
  const isWeekly = periods[0]?.includes('W') ?? false;
  const positions = new Map(starts.map((start, index) => [start, index]));
  const named = new Map<string, number[]>();
  const last = new Date((starts.at(-1) ?? 0) + 7 * day).getUTCFullYear();
  for (let year = new Date(starts[0] ?? 0).getUTCFullYear(); year <= last; year++) {
    const key = `${region} ${year}`;
    const holidays = known.get(key) ?? listYear(new calendars.default(region, { languages: 'en' }), year);
    known.set(key, holidays);
    for (const { time, name } of holidays) {
      const monday = time - ((new Date(time).getUTCDay() + 6) % 7) * day;
      const at = positions.get(isWeekly ? monday : time);
      if (at !== undefined) named.set(name, [...(named.get(name) ?? []), at]);
    }
  }
  return [...named].map(([name, at]) => ({ name, at }));
}

function listYear(
  calendar: { getHolidays(year: number): { date: string; name: string; type: string }[] },
  year: number,
): Holiday[] {
  return calendar
    .getHolidays(year)
    .filter(({ name, type }) => type === 'public' || observed.has(name))
    .map(({ date, name }) => ({ time: Date.parse(`${date.slice(0, 10)}T00:00:00Z`), name: plainName(name) }));
}
