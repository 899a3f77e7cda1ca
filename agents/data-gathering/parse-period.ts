/** Days since 1970-01-01 of the first day of a period. */
export type Day = number;
export type DayOrder = 'dayFirst' | 'monthFirst';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(?<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const YEAR = '(?<year>(?:1[5-9]|20|21)\\d\\d)';
const MIDNIGHT = '(?:[T ]00:00(?::00(?:\\.0+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?';
/** Years counted from the founding of a state or the start of a reign; 元年 is the first. */
const ERAS: { [era: string]: number } = { 民國: 1911, 民国: 1911, 令和: 2018, 平成: 1988, 昭和: 1925 };
const ERA_YEAR = `(?:(?<era>${Object.keys(ERAS).join('|')}) ?(?<reign>\\d{1,3}|元)|(?<minguo>1\\d\\d)) ?年`;
const COUNT = '(?<counted>[一二三四1-4])';

const SHAPES = [
  `${YEAR}`,
  `${YEAR}年`,
  `${YEAR}[-/. ]?Q(?<quarter>[1-4])`,
  `Q(?<quarter>[1-4])[-/. ]?${YEAR}`,
  `(?<quarter>[1-4])Q[-/. ]?${YEAR}`,
  `(?<quarter>[1-4])Q[-/. ]?(?<short>\\d\\d)`,
  `${YEAR}年 ?第?${COUNT}季度?`,
  `${YEAR}-?W(?<week>\\d\\d)`,
  `(?:W|Week )(?<week>\\d{1,2})[-/, ]{1,2}${YEAR}`,
  `${YEAR}年 ?第?(?<week>\\d{1,2})[週周]`,
  `${YEAR}[-/.](?<month>\\d{1,2})`,
  `${YEAR}M?(?<month>\\d\\d)`,
  `${YEAR}年 ?(?<month>\\d{1,2}) ?月份?`,
  `${MONTH}[- ,]*${YEAR}`,
  `${YEAR}[- ]${MONTH}`,
  `${MONTH}[- ](?<short>\\d\\d)`,
  `${YEAR}[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})${MIDNIGHT}`,
  `${YEAR}(?<month>\\d\\d)(?<day>\\d\\d)`,
  `${YEAR}年 ?(?<month>\\d{1,2}) ?月 ?(?<day>\\d{1,2}) ?日`,
  `${MONTH} (?<day>\\d{1,2}),? ${YEAR}`,
  `(?<day>\\d{1,2})[- ]${MONTH}[- ]${YEAR}`,
  `(?<day>\\d{1,2})[- ]${MONTH}[- ](?<short>\\d\\d)`,
  ERA_YEAR,
  `${ERA_YEAR} ?(?<month>\\d{1,2}) ?月份?`,
  `${ERA_YEAR} ?(?<month>\\d{1,2}) ?月 ?(?<day>\\d{1,2}) ?日`,
  `${ERA_YEAR} ?第?${COUNT}季度?`,
  `(?<minguo>1\\d\\d)[-/.](?<month>\\d{1,2})[-/.](?<day>\\d{1,2})`,
  `(?<minguo>1\\d\\d)/(?<month>\\d{1,2})`,
].map((shape) => new RegExp(`^${shape}$`, 'i'));

const NUMERIC = new RegExp(
  `^(?<first>\\d{1,2})(?<mark>[-/.])(?<second>\\d{1,2})\\k<mark>(?:${YEAR}|(?<short>\\d\\d))$`,
);

const PLAIN = /^-?\d+(?:\.\d{3,}|\.\d)?$/;

/** The first day of the period that a cell names, in ISO, English or Chinese writing; null where it names none. */
export function parsePeriod(cell: string, order: DayOrder): Day | null {
  // Most cells are plain numbers or words: tell them from 2006, 200601 and 20060131 before the shapes are tried.
  if (PLAIN.test(cell) ? ![4, 6, 8].includes(cell.length) : !/\d|元年/.test(cell)) return null;
  const numeric = NUMERIC.exec(cell)?.groups;
  if (numeric) {
    const [first, second] = [Number(numeric['first']), Number(numeric['second'])];
    const dayFirst = order === 'dayFirst' || numeric['mark'] === '.';
    return dayOf(yearOf(numeric), dayFirst ? second : first, dayFirst ? first : second);
  }
  for (const shape of SHAPES) {
    const parts = shape.exec(cell)?.groups;
    if (parts) return dayOfParts(parts);
  }
  return null;
}

/** Whether a cell counts its years from the founding of a state or the start of a reign. */
export function isEraPeriod(cell: string): boolean {
  return (
    (/^1\d\d[-/.年]/.test(cell) || /^(?:民[國国]|令和|平成|昭和)/.test(cell)) &&
    parsePeriod(cell, 'dayFirst') !== null
  );
}

function dayOfParts(parts: Record<string, string | undefined>): Day | null {
  const { quarter, counted, week, month, name, day } = parts;
  const year = yearOf(parts);
  const place = quarter ?? (counted === undefined ? undefined : '一二三四'.indexOf(counted) + 1 || counted);
  if (place !== undefined) return dayOf(year, Number(place) * 3 - 2, 1);
  if (week !== undefined) return dayOfWeek(year, Number(week));
  const named = name === undefined ? Number(month ?? 1) : MONTHS.indexOf(name.toLowerCase()) + 1;
  return dayOf(year, named, Number(day ?? 1));
}

function yearOf({ year, short, era, reign, minguo }: Record<string, string | undefined>): number {
  if (era !== undefined) return (ERAS[era] ?? 0) + (reign === '元' ? 1 : Number(reign));
  if (minguo !== undefined) return 1911 + Number(minguo);
  // Two digits read as POSIX reads them: 69 to 99 lie in the last century.
  return short === undefined ? Number(year) : Number(short) + (Number(short) >= 69 ? 1900 : 2000);
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

/** How cells such as 03/04/2006 are ordered, and where that was told. */
export interface DayOrderEvidence {
  /** Null where the cells leave it open. */
  order: DayOrder | null;
  /** Positions of a cell that only fits each order; both are set where the cells contradict each other. */
  dayFirst: number | null;
  monthFirst: number | null;
}

export function findDayOrder(cells: string[]): DayOrderEvidence {
  const evidence: DayOrderEvidence = { order: null, dayFirst: null, monthFirst: null };
  let open = false;
  cells.forEach((cell, at) => {
    if (cell.length > 10 || (!cell.includes('/') && !cell.includes('-'))) return;
    const parts = NUMERIC.exec(cell)?.groups;
    if (!parts || parts['mark'] === '.') return;
    open = true;
    if (Number(parts['first']) > 12) evidence.dayFirst ??= at;
    else if (Number(parts['second']) > 12) evidence.monthFirst ??= at;
  });
  if (evidence.dayFirst !== null) evidence.order = 'dayFirst';
  else if (evidence.monthFirst !== null) evidence.order = 'monthFirst';
  else if (!open) evidence.order = 'dayFirst';
  return evidence;
}
