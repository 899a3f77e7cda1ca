import type { Finding } from './agent.ts';
import { detectCalendar } from './calendar.ts';
import type { Answers, Problem } from './frame.ts';
import { placeOf } from './grid.ts';
import { sniffDecimalMark } from './parse-number.ts';
import type { DecimalMark } from './parse-number.ts';
import { findDayOrder, isEraPeriod, parsePeriod } from './parse-period.ts';
import type { DayOrder } from './parse-period.ts';
import type { Table } from './parse-table.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';

/** How a table's numbers and dates are written; questions where its cells leave that open. */
export type Marks = { mark: DecimalMark; order: DayOrder } | { questions: Problem[] };

/** Settles what only all cells together can tell; refuses a column of dates that contradicts itself, by line. */
export function settleMarks(table: Table, answers: Answers): Reading<Marks> {
  const found = dayOrderOf(table);
  if (!found.ok) return found;
  const mark = sniffDecimalMark(cellsOf(table), table.delimiter) ?? answers['decimal-mark'];
  const order = found.value ?? answers['day-order'];
  const questions = [...(mark ? [] : [askMark()]), ...(order ? [] : [askOrder(table)])];
  if (questions.length > 0) return { ok: true, value: { questions } };
  return {
    ok: true,
    value: { mark: mark === ',' ? ',' : '.', order: order === 'monthFirst' ? 'monthFirst' : 'dayFirst' },
  };
}

function* cellsOf(table: Table): Generator<string> {
  for (const row of table.rows) yield* row;
}

/** By days past the twelfth, else by the one order in which the dates follow a calendar; null where both would do. */
function dayOrderOf(table: Table): Reading<DayOrder | null> {
  for (const index of table.header.keys()) {
    const cells = table.rows.map((row) => row[index] ?? '');
    const { order, dayFirst, monthFirst } = findDayOrder(cells);
    if (dayFirst !== null && monthFirst !== null) {
      const name = quote(table.header[index] ?? '');
      const [one, other] = [dayFirst, monthFirst].map(
        (row) => `${quote(cells[row] ?? '')} in ${placeOf(table, table.lines[row] ?? 0)}`,
      );
      return refuse(
        'Data.Malformed',
        `The dates in column ${name} contradict each other: ${one} puts the day first, ${other} the month.`,
      );
    }
    if (order === 'monthFirst' || dayFirst !== null) return { ok: true, value: order };
    if (order === 'dayFirst') continue;
    const fitting = (['dayFirst', 'monthFirst'] as const).filter(
      (candidate) => detectCalendar(cells.flatMap((cell) => parsePeriod(cell, candidate) ?? [])) !== null,
    );
    return { ok: true, value: fitting.length === 1 ? (fitting[0] ?? null) : null };
  }
  return { ok: true, value: 'dayFirst' };
}

function askMark(): Problem {
  return {
    id: 'decimal-mark',
    kind: 'decimal-mark',
    message:
      'Numbers such as 1,234 or 1.234 can be read in two ways here: which mark parts whole from fraction?',
    repair: null,
    options: [
      { id: '.', label: 'The point: 1.234 is a little more than one' },
      { id: ',', label: 'The comma: 1,234 is a little more than one' },
    ],
    columns: [],
    span: null,
  };
}

function askOrder(table: Table): Problem {
  const sample = table.rows.flat().find((cell) => findDayOrder([cell]).order === null) ?? '';
  return {
    id: 'day-order',
    kind: 'day-order',
    message: `Dates such as ${quote(sample)} can be read in two ways here: which comes first?`,
    repair: null,
    options: [
      { id: 'dayFirst', label: 'The day' },
      { id: 'monthFirst', label: 'The month' },
    ],
    columns: [],
    span: null,
  };
}

const SERIAL = /^[1-7]\d{4}(?:\.0+)?$/;
const DATE_NAME = /date|day|period|month|week|time|日期|日付|月份|期間|时间|時間/i;
/** The day that spreadsheets count from, since they take 1900 for a leap year. */
const SERIAL_ZERO = -25_569;

/** The table with the serial numbers of a spreadsheet's days written as dates, in columns whose name says dates. */
export function writeSerialsAsDates(table: Table): { table: Table; findings: Finding[] } {
  const findings: Finding[] = [];
  let rows = table.rows;
  table.header.forEach((name, index) => {
    const cells = table.rows.map((row) => row[index] ?? '');
    if (!DATE_NAME.test(name) || cells.length < 3 || !cells.every((cell) => SERIAL.test(cell))) return;
    const dates = cells.map((cell) => isoOfSerial(Number(cell)));
    if (detectCalendar(cells.map((cell) => Number(cell) + SERIAL_ZERO)) === null) return;
    rows = rows.map((row, at) => row.with(index, dates[at] ?? ''));
    findings.push({
      kind: 'excel-serials',
      severity: 'note',
      column: name,
      message: `Numbers such as ${cells[0]} were read as a spreadsheet's days: ${dates[0]}, counted from 1900.`,
      repaired: true,
    });
  });
  return { table: findings.length === 0 ? table : { ...table, rows }, findings };
}

/** ISO date of the serial number of a day; `epoch1904` where the workbook counts from 1904. */
export function isoOfSerial(serial: number, epoch1904 = false): string {
  const day = Math.floor(serial) + SERIAL_ZERO + (epoch1904 ? 1462 : 0);
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Says that years of an era were read as years of our calendar. */
export function noteEras(column: string, cells: string[]): Finding[] {
  const sample = cells.find((cell) => cell !== '');
  if (sample === undefined || !isEraPeriod(sample)) return [];
  const year = new Date((parsePeriod(sample, 'dayFirst') ?? 0) * 86_400_000).getUTCFullYear();
  return [
    {
      kind: 'era-years',
      severity: 'note',
      column,
      message: `Years of an era were read as years of the common calendar: ${quote(sample)} as ${year}.`,
      repaired: true,
    },
  ];
}
