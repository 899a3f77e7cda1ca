import { describe, expect, it } from 'vitest';
import { detectCalendar, labelOf, numberOf } from '../../../agents/data-gathering/calendar.ts';
import { findUnit } from '../../../agents/data-gathering/find-unit.ts';
import { isMissing, parseNumber, sniffDecimalMark } from '../../../agents/data-gathering/parse-number.ts';
import { findDayOrder, parsePeriod } from '../../../agents/data-gathering/parse-period.ts';

const isoOf = (cell: string, order: 'dayFirst' | 'monthFirst' = 'dayFirst'): string | null => {
  const day = parsePeriod(cell, order);
  return day === null ? null : new Date(day * 86_400_000).toISOString().slice(0, 10);
};

describe('a number', () => {
  it.each([
    ['1234', '.', 1234],
    ['1,234,567.5', '.', 1_234_567.5],
    ['1.234.567,5', ',', 1_234_567.5],
    ['12,5', ',', 12.5],
    ["1'234.50", '.', 1234.5],
    ['1\u202f234,5', ',', 1234.5],
    ['-3', '.', -3],
    ['−3', '.', -3],
    ['(3.5)', '.', -3.5],
    ['$1,200', '.', 1200],
    ['-$5', '.', -5],
    ['45%', '.', 45],
    ['.5', '.', 0.5],
    ['1e3', '.', 1000],
    ['-0', '.', 0],
    ['HK$1,200.50', '.', 1200.5],
    ['NT$ 1,200', '.', 1200],
    ['USD 1,200', '.', 1200],
    ['1 234,50 €', ',', 1234.5],
    ['1.234 元', ',', 1234],
    ['CHF 1’234.50', '.', 1234.5],
    ['($1,200)', '.', -1200],
    ['1,200-', '.', -1200],
    ['-12,5%', ',', -12.5],
  ] as const)('is read from %j with the decimal mark %j', (cell, mark, value) => {
    expect(parseNumber(cell, mark)?.value).toBe(value);
  });

  it.each([
    '',
    '1,23',
    '12x',
    '1,2345',
    '1e999',
    'Infinity',
    '(3',
    '--3',
    '1.2.3',
    '0x10',
    '２',
    '(-3)',
    '-3-',
    '$',
    '1 23',
    'US 5',
  ])('is not read from %j', (cell) => {
    expect(parseNumber(cell, '.')).toBeNull();
  });

  it.each(['', 'NaN', 'n/a', 'NULL', '-', '..', 'NA'])('is missing where the cell says %j', (cell) => {
    expect(isMissing(cell)).toBe(true);
  });
});

describe('the decimal mark', () => {
  it.each([
    ['a fraction of one or two digits', ['12,5', '1.234'], ';', ','],
    ['both marks in one number', ['1,234.5', '2,000'], ';', '.'],
    ['several groups', ['1,234,567'], ';', '.'],
    ['a zero before it', ['0.123', '1.234'], ';', '.'],
    ['quoted commas between commas', ['1,234'], ',', '.'],
    ['dates beside it', ['31.12.2006', '7'], ';', '.'],
  ] as const)('is told by %s', (_, cells, delimiter, mark) => {
    expect(sniffDecimalMark(cells, delimiter)).toBe(mark);
  });

  it.each([
    [['1,234', '2,345'], ';'],
    [['1.234', '2.345'], ';'],
    [['1,234'], '\t'],
  ] as const)('stays open for %j', (cells, delimiter) => {
    expect(sniffDecimalMark(cells, delimiter)).toBeNull();
  });
});

describe('a period', () => {
  it.each([
    ['2006', '2006-01-01'],
    ['2006-Q3', '2006-07-01'],
    ['Q3 2006', '2006-07-01'],
    ['2006-07', '2006-07-01'],
    ['2006/7', '2006-07-01'],
    ['200607', '2006-07-01'],
    ['2006M07', '2006-07-01'],
    ['Jul 2006', '2006-07-01'],
    ['July 2006', '2006-07-01'],
    ['Jul-06', '2006-07-01'],
    ['Jan 1 2000', '2000-01-01'],
    ['January 31, 2000', '2000-01-31'],
    ['31 Jan 2000', '2000-01-31'],
    ['2006-07-15', '2006-07-15'],
    ['2006-07-15T00:00:00Z', '2006-07-15'],
    ['20060715', '2006-07-15'],
    ['15.07.2006', '2006-07-15'],
    ['2006年7月', '2006-07-01'],
    ['2006年7月15日', '2006-07-15'],
    ['2006年第3季度', '2006-07-01'],
    ['2009-W53', '2009-12-28'],
    ['2015-W01', '2014-12-29'],
    ['2024年第5週', '2024-01-29'],
    ['Week 5, 2024', '2024-01-29'],
    ['3Q24', '2024-07-01'],
    ['Q3/2024', '2024-07-01'],
    ['2024年第三季', '2024-07-01'],
    ['2024年5月份', '2024-05-01'],
    ['民國113年5月', '2024-05-01'],
    ['民國 113 年 5 月 20 日', '2024-05-20'],
    ['113年5月', '2024-05-01'],
    ['113/05/20', '2024-05-20'],
    ['113/05', '2024-05-01'],
    ['民國元年', '1912-01-01'],
    ['113年第2季', '2024-04-01'],
    ['令和6年5月', '2024-05-01'],
    ['平成31年4月30日', '2019-04-30'],
    ['15.07.06', '2006-07-15'],
    ['15-Jul-06', '2006-07-15'],
  ])('is read from %j', (cell, day) => {
    expect(isoOf(cell)).toBe(day);
  });

  it.each([
    '2006-13',
    '2006-02-30',
    '2006-Q5',
    '2010-W53',
    '2006-07-15T13:00',
    'total',
    '12',
    '113',
    '113年13月',
    '113/13',
    '5Q24',
    '1234567',
    '',
  ])('is not read from %j', (cell) => {
    expect(isoOf(cell)).toBeNull();
  });

  it('is read by the order of day and month, which days past the twelfth tell', () => {
    expect(isoOf('03/04/2006', 'dayFirst')).toBe('2006-04-03');
    expect(isoOf('03/04/2006', 'monthFirst')).toBe('2006-03-04');
    expect(findDayOrder(['03/04/2006', '13/04/2006']).order).toBe('dayFirst');
    expect(findDayOrder(['03/04/2006', '04/13/2006']).order).toBe('monthFirst');
    expect(findDayOrder(['03/04/2006']).order).toBeNull();
    expect(findDayOrder(['13/04/2006', '', '04/13/2006'])).toMatchObject({ dayFirst: 0, monthFirst: 2 });
    expect(findDayOrder(['2006-03-04']).order).toBe('dayFirst');
  });
});

describe('a calendar', () => {
  const calendarOf = (cells: string[]) =>
    detectCalendar(cells.map((cell) => parsePeriod(cell, 'dayFirst') ?? Number.NaN));
  const daysFrom = (start: string, step: number, count: number): string[] =>
    Array.from({ length: count }, (_, at) =>
      new Date(Date.parse(start) + at * step * 86_400_000).toISOString().slice(0, 10),
    );

  it.each([
    ['years', ['2001-01-01', '2002-01-01', '2004-01-01'], 'yearly', 1, '2004'],
    ['quarters', ['2006-03-31', '2006-06-30', '2006-09-30', '2006-12-31'], 'quarterly', 4, '2006-Q4'],
    ['months by their last day', ['2006-01-31', '2006-02-28', '2006-03-31'], 'monthly', 12, '2006-03'],
    ['weeks', daysFrom('2006-01-02', 7, 60), 'weekly', 52, '2007-W08'],
    ['weeks that start on Sunday', daysFrom('2006-01-01', 7, 60), 'weekly', 52, '2007-W08'],
    ['days', daysFrom('2006-01-01', 1, 40), 'daily', 7, '2006-02-09'],
  ])('is found for %s', (_, cells, frequency, season, last) => {
    const calendar = calendarOf(cells);
    expect(calendar).toMatchObject({ frequency, season });
    const day = parsePeriod(cells.at(-1) ?? '', 'dayFirst') ?? 0;
    expect(calendar && labelOf(numberOf(day, calendar), calendar)).toBe(last);
  });

  it('has no gap at weekends where the days leave all of them out', () => {
    const days = daysFrom('2006-01-02', 1, 28).filter((_, at) => at % 7 < 5);
    const calendar = calendarOf(days);
    expect(calendar).toMatchObject({ frequency: 'daily', season: 5, weekdaysOnly: true });
    if (!calendar) return;
    const numbers = days.map((cell) => numberOf(parsePeriod(cell, 'dayFirst') ?? 0, calendar));
    expect(numbers.every((number, at) => at === 0 || number === (numbers[at - 1] ?? 0) + 1)).toBe(true);
    expect(numbers.map((number) => labelOf(number, calendar))).toEqual(days);
  });

  it('is not found for days scattered over years, nor for fewer than three', () => {
    expect(calendarOf(['2001-01-05', '2003-07-11', '2009-02-23', '2009-03-01'])).toBeNull();
    expect(calendarOf(['2001-01', '2001-02'])).toBeNull();
  });
});

describe('a unit', () => {
  it.each([
    ['jobs (thousands of persons)', 'thousands of persons'],
    ['sales [EUR]', 'EUR'],
    ['销售额（万元）', '万元'],
    ['revenue_usd', 'usd'],
    ['growth %', '%'],
  ])('is the one that the header %j states', (header, unit) => {
    expect(findUnit(header)).toBe(unit);
  });

  it.each(['nonfarm', 'CO2 (adjusted)', 'Mass movement (dry)', 'temp_max'])('is unknown for %j', (header) => {
    expect(findUnit(header)).toBeNull();
  });
});
