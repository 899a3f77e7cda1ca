import type { SeriesTable } from '../data-gathering/agent.ts';

const day = 86_400_000;

function isoDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The Thursday of an ISO week, which lies in the year that the week counts to. */
function thursdayOf(year: number, week: number): number {
  const fourthOfJanuary = Date.UTC(year, 0, 4);
  const weekday = (new Date(fourthOfJanuary).getUTCDay() + 6) % 7;
  return fourthOfJanuary + (3 - weekday + 7 * (week - 1)) * day;
}

function labelWeek(thursday: number): string {
  const year = new Date(thursday).getUTCFullYear();
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * day));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The day `steps` after another, Saturdays and Sundays left out if the table has none. */
function addDays(start: number, steps: number, weekdaysOnly: boolean): number {
  if (!weekdaysOnly) return start + steps * day;
  let time = start;
  for (let left = steps; left > 0;) {
    time += day;
    if (![0, 6].includes(new Date(time).getUTCDay())) left--;
  }
  return time;
}

/** The periods that follow the table's last one, written as the table writes them. */
export function nextPeriods(
  table: Pick<SeriesTable, 'frequency' | 'season' | 'periods'>,
  count: number,
): string[] {
  const last = table.periods.at(-1) ?? '';
  const [year = Number.NaN, second = 1] = (last.match(/\d+/g) ?? []).map(Number);
  const label = (step: number): string => {
    switch (table.frequency) {
      case 'yearly':
        return String(year + step);
      case 'quarterly': {
        const quarter = year * 4 + second - 1 + step;
        return `${Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`;
      }
      case 'monthly': {
        const month = year * 12 + second - 1 + step;
        return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
      }
      case 'weekly':
        return labelWeek(thursdayOf(year, second) + step * 7 * day);
      case 'daily':
        // Five days to a season is how a table of working days says so.
        return isoDate(addDays(Date.parse(last), step, table.season === 5));
    }
  };
  return Array.from({ length: count }, (_, index) => label(index + 1));
}
