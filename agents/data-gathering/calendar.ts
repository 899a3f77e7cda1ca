import { weekdayOf } from './parse-period.ts';
import type { Day } from './parse-period.ts';

export type Frequency = 'yearly' | 'quarterly' | 'monthly' | 'weekly' | 'daily';

/** How the periods of a table follow one another; numbers them so that neighbours differ by one. */
export interface Calendar {
  frequency: Frequency;
  /** Periods after which a season comes round again. */
  season: number;
  /** Daily data that leaves out Saturdays and Sundays has no gap there. */
  weekdaysOnly: boolean;
  /** The weekday that weeks start on, 0 for Monday. */
  weekStart: number;
}

const SEASONS = { yearly: 1, quarterly: 4, monthly: 12, weekly: 52, daily: 7 };
const FREQUENCIES = ['yearly', 'quarterly', 'monthly', 'weekly', 'daily'] as const;

/** The coarsest frequency at which distinct days stay distinct periods, in step and at least half present; else null. */
export function detectCalendar(days: Day[]): Calendar | null {
  const distinct = [...new Set(days)].sort((a, b) => a - b);
  if (distinct.length < 3) return null;
  const weekdaysOnly = distinct.length >= 10 && distinct.every((day) => weekdayOf(day) < 5);
  const weekStart = weekdayOf(distinct[0] ?? 0);
  for (const frequency of FREQUENCIES) {
    const daily = frequency === 'daily' && weekdaysOnly;
    const calendar = { frequency, season: daily ? 5 : SEASONS[frequency], weekdaysOnly: daily, weekStart };
    const periods = distinct.map((day) => numberOf(day, calendar));
    const span = (periods.at(-1) ?? 0) - (periods[0] ?? 0) + 1;
    if (new Set(periods).size < periods.length || periods.length < span / 2) continue;
    if (isInStep(distinct, frequency)) return calendar;
  }
  return null;
}

/** Whether nine periods of ten start at the same place in the calendar, as those of a true series do. */
function isInStep(days: Day[], frequency: Frequency): boolean {
  const places = new Map<number, number>();
  for (const day of days) {
    const month = new Date(day * 86_400_000).getUTCMonth();
    const place = { yearly: month, quarterly: month % 3, monthly: 0, weekly: weekdayOf(day), daily: 0 }[
      frequency
    ];
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  return Math.max(...places.values()) >= days.length * 0.9;
}

export function numberOf(day: Day, calendar: Calendar): number {
  const date = new Date(day * 86_400_000);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  switch (calendar.frequency) {
    case 'yearly':
      return date.getUTCFullYear();
    case 'quarterly':
      return Math.floor(month / 3);
    case 'monthly':
      return month;
    case 'weekly':
      return Math.floor((day - firstWeekStart(calendar)) / 7);
    case 'daily':
      return calendar.weekdaysOnly ? Math.floor((day + 3) / 7) * 5 + Math.min(4, weekdayOf(day)) : day;
  }
}

/** `2006`, `2006-Q1`, `2006-01`, `2006-W01` (of the ISO week that holds the middle of the week), or `2006-01-31`. */
export function labelOf(period: number, calendar: Calendar): string {
  switch (calendar.frequency) {
    case 'yearly':
      return String(period);
    case 'quarterly':
      return `${Math.floor(period / 4)}-Q${(period % 4) + 1}`;
    case 'monthly':
      return `${Math.floor(period / 12)}-${String((period % 12) + 1).padStart(2, '0')}`;
    case 'weekly':
      return isoWeek(period * 7 + firstWeekStart(calendar) + 3);
    case 'daily':
      return isoDate(
        calendar.weekdaysOnly ? Math.floor(period / 5) * 7 - 3 + (((period % 5) + 5) % 5) : period,
      );
  }
}

function firstWeekStart(calendar: Calendar): Day {
  // Day -3 was a Monday.
  return calendar.weekStart - 3;
}

/** The ISO week of a day: that of its Thursday, counted from the first one of the year. */
function isoWeek(day: Day): string {
  const thursday = day - weekdayOf(day) + 3;
  const year = new Date(thursday * 86_400_000).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1) / 86_400_000) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

function isoDate(day: Day): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
