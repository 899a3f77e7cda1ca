/** Days since 1970-01-01 of the first day of a period. */
export type Day = number;
export type DayOrder = 'dayFirst' | 'monthFirst';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(?<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const YEAR = '(?<year>(?:1[5-9]|20|21)\\d\\d)';
const MIDNIGHT = '(?:[T ]00:00(?::00(?:\\.0+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?';

const SHAPES = [
  `${YEAR}`,
  `${YEAR}年`,
  `${YEAR}[-/. ]?Q(?<quarter>[1-4])`,
  `Q(?<quarter>[1-4])[-/. ]?${YEAR}`,
  `${YEAR}年第?(?<quarter>[1-4])季度?`,
  `${YEAR}-?W(?<week>\\d\\d)`,
  `${YEAR}[-/.](?<month>\\d{1,2})`,
  `${YEAR}M?(?<month>\\d\\d)`,
  `${YEAR}年(?<month>\\d{1,2})月`,
  `${MONTH}[- ,]*${YEAR}`,
  `${YEAR}[- ]${MONTH}`,
  `${MONTH}[- ](?<short>\\d\\d)`,
  `${YEAR}[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})${MIDNIGHT}`,
  `${YEAR}(?<month>\\d\\d)(?<day>\\d\\d)`,
  `${YEAR}年(?<month>\\d{1,2})月(?<day>\\d{1,2})日`,
  `${MONTH} (?<day>\\d{1,2}),? ${YEAR}`,
  `(?<day>\\d{1,2})[- ]${MONTH}[- ]${YEAR}`,
].map((shape) => new RegExp(`^${shape}$`, 'i'));

const NUMERIC = new RegExp(`^(?<first>\\d{1,2})(?<mark>[-/.])(?<second>\\d{1,2})\\k<mark>${YEAR}$`);

const PLAIN = /^-?\d+(?:\.\d{3,}|\.\d)?$/;

/** The first day of the period that a cell names, in ISO, English or Chinese writing; null where it names none. */
export function parsePeriod(cell: string, order: DayOrder): Day | null {
  const numeric = NUMERIC.exec(cell)?.groups;
  if (numeric) {
    const [first, second] = [Number(numeric['first']), Number(numeric['second'])];
    const dayFirst = order === 'dayFirst' || numeric['mark'] === '.';
    return dayOf(Number(numeric['year']), dayFirst ? second : first, dayFirst ? first : second);
  }
  // Most cells are plain numbers: tell them from 2006, 200601 and 20060131 before the shapes are tried.
  if (PLAIN.test(cell) && ![4, 6, 8].includes(cell.length)) return null;
  for (const shape of SHAPES) {
    const parts = shape.exec(cell)?.groups;
    if (parts) return dayOfParts(parts);
  }
  return null;
}

function dayOfParts(parts: Record<string, string | undefined>): Day | null {
  const { year, short, quarter, week, month, name, day } = parts;
  // Two digits read as POSIX reads them: 69 to 99 lie in the last century.
  const number = short === undefined ? Number(year) : Number(short) + (Number(short) >= 69 ? 1900 : 2000);
  if (quarter !== undefined) return dayOf(number, Number(quarter) * 3 - 2, 1);
  if (week !== undefined) return dayOfWeek(number, Number(week));
  const named = name === undefined ? Number(month ?? 1) : MONTHS.indexOf(name.toLowerCase()) + 1;
  return dayOf(number, named, Number(day ?? 1));
}

function dayOf(year: number, month: number, day: number): Day | null {
  const time = new Date(Date.UTC(year, month - 1, day));
  return time.getUTCMonth() === month - 1 && time.getUTCDate() === day ? time.getTime() / 86_400_000 : null;
}

/** ISO 8601: week 1 holds the year's first Thursday; weeks start on Monday. */
function dayOfWeek(year: number, week: number): Day | null {
  const fourth = dayOf(year, 1, 4) ?? 0;
  const monday = fourth - weekdayOf(fourth);
  const day = monday + (week - 1) * 7;
  return week >= 1 && new Date((day + 3) * 86_400_000).getUTCFullYear() === year ? day : null;
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Whether cells such as 03/04/2006 name the day or the month first; null where they leave it open. */
export function sniffDayOrder(cells: string[]): DayOrder | null {
  const numeric = cells.flatMap((cell) => {
    if (cell.length > 10 || (!cell.includes('/') && !cell.includes('-'))) return [];
    const parts = NUMERIC.exec(cell)?.groups;
    return parts && parts['mark'] !== '.' ? [parts] : [];
  });
  if (numeric.some((parts) => Number(parts['first']) > 12)) return 'dayFirst';
  if (numeric.some((parts) => Number(parts['second']) > 12)) return 'monthFirst';
  return numeric.length === 0 ? 'dayFirst' : null;
}
