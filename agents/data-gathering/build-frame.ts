import type { Finding } from './agent.ts';
import { detectCalendar, numberOf } from './calendar.ts';
import type { Answers, Frame, FrameColumn, LeftOut, Problem } from './frame.ts';
import { joinPeriodColumns } from './join-period-columns.ts';
import { isMissing, parseNumber } from './parse-number.ts';
import type { DecimalMark } from './parse-number.ts';
import { parsePeriod } from './parse-period.ts';
import type { Day, DayOrder } from './parse-period.ts';
import type { Table } from './parse-table.ts';
import { pivotTable } from './pivot-table.ts';
import { profileColumns } from './profile-columns.ts';
import type { ColumnProfile } from './profile-columns.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { noteEras, settleMarks, writeSerialsAsDates } from './settle-marks.ts';

export interface Profiled {
  /** Null while `problems` has questions that the reading hangs on. */
  frame: Frame | null;
  columns: ColumnProfile[];
  problems: Problem[];
  findings: Finding[];
  leftOut: LeftOut[];
}

/** Cells named one by one in the findings before the rest is counted. */
const NAMED_CELLS = 20;

/** Reads a table as numbers by period; asks where cells can be read in two ways. */
export function buildFrame(source: Table, answers: Answers): Reading<Profiled> {
  const { table, findings } = writeSerialsAsDates(joinPeriodColumns(source));
  const marks = settleMarks(table, answers);
  if (!marks.ok) return marks;
  if ('questions' in marks.value) {
    const problems = marks.value.questions;
    return { ok: true, value: { frame: null, columns: [], problems, findings: [], leftOut: [] } };
  }
  const framed = frameOf(table, marks.value.mark, marks.value.order);
  if (!framed.ok) return framed;
  const { value } = framed;
  return { ok: true, value: { ...value, findings: [...source.findings, ...findings, ...value.findings] } };
}

function frameOf(whole: Table, mark: DecimalMark, order: DayOrder): Reading<Profiled> {
  const columns = profileColumns(whole, mark, order);
  const periodColumn = choosePeriodColumn(whole, columns);
  if (periodColumn < 0) {
    const across = whole.header.filter((name) => parsePeriod(name, order) !== null).length;
    return refuse(
      'Data.Malformed',
      across >= 3
        ? 'The periods run across the header: turn the table so that each row is one period.'
        : 'No column reads as dates or periods (such as 2006-01, 2006-Q1, Jan 2006): add one.',
    );
  }
  const { table, days, dropped } = dropRowsWithoutPeriod(whole, periodColumn, order);
  const calendar = detectCalendar(days);
  if (!calendar) {
    return refuse(
      'Data.Malformed',
      `The periods in ${quote(whole.header[periodColumn] ?? '')} follow no year, quarter, month, week or day, ` +
        'or fewer than three differ.',
    );
  }
  const others = columns.filter((_, index) => index !== periodColumn);
  const values = others.filter(isNumeric).map((column): FrameColumn => {
    const { name, unit, decimals } = column;
    const index = columns.indexOf(column);
    return {
      name,
      unit,
      decimals,
      values: table.rows.map((row) => valueOf(row[index] ?? '', mark)),
      filled: [],
      source: { column: name, position: table.positions[index] ?? index + 1 },
    };
  });
  const wide: Frame = {
    calendar,
    periods: days.map((day) => numberOf(day, calendar)),
    lines: table.lines,
    columns: values,
    key: null,
    place: table.place,
    sheet: table.sheet,
  };
  const texts = others.filter(({ type }) => type === 'text');
  const pivoted = pivotTable(
    wide,
    table,
    texts.map(({ name }) => name),
  );
  if (!pivoted.ok) return pivoted;
  const frame = pivoted.value;
  const { key } = frame;
  const written = table.rows.map((row) => row[periodColumn] ?? '');
  const findings = [
    ...noteEras(table.header[periodColumn] ?? '', written),
    ...dropped,
    ...findCells(whole, others),
  ];
  if (key !== null) {
    findings.push({
      kind: 'long-layout',
      severity: 'note',
      column: key,
      message: `Each row is one period of one ${key}: turned into one column for each of its values.`,
      repaired: true,
    });
  }
  const leftOut = others.flatMap((column) =>
    isNumeric(column) || column.name === key
      ? []
      : [{ column: column.name, reason: reasonOf(column, whole) }],
  );
  return { ok: true, value: { frame, columns, problems: [], findings, leftOut } };
}

function isNumeric({ type }: ColumnProfile): boolean {
  return type === 'number' || type === 'constant';
}

function valueOf(cell: string, mark: DecimalMark): number | null {
  return isMissing(cell) ? null : (parseNumber(cell, mark)?.value ?? null);
}

/** Words before bare digits, then distinct before repeated, then the order of the file. */
function choosePeriodColumn(table: Table, columns: ColumnProfile[]): number {
  const ranked = columns.flatMap((column, index) => {
    if (column.type !== 'period') return [];
    const bare = table.rows.every((row) => /^\d*$/.test(row[index] ?? ''));
    return [{ index, rank: (bare ? 2 : 0) + (column.distinct < table.rows.length ? 1 : 0) }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.index - b.index)[0]?.index ?? -1;
}

function dropRowsWithoutPeriod(
  table: Table,
  column: number,
  order: DayOrder,
): { table: Table; days: Day[]; dropped: Finding[] } {
  const days: Day[] = [];
  const kept: number[] = [];
  const dropped: Finding[] = [];
  table.rows.forEach((row, index) => {
    const day = parsePeriod(row[column] ?? '', order);
    if (day !== null) {
      days.push(day);
      kept.push(index);
      return;
    }
    dropped.push({
      kind: 'row-without-period',
      severity: 'warning',
      column: table.header[column] ?? '',
      row: table.lines[index] ?? 0,
      message: `The row was left out: ${quote(row[column] ?? '')} is no period.`,
      repaired: true,
    });
  });
  const rows = kept.map((index) => table.rows[index] ?? []);
  return { table: { ...table, rows, lines: kept.map((index) => table.lines[index] ?? 0) }, days, dropped };
}

function findCells(table: Table, columns: ColumnProfile[]): Finding[] {
  return columns.filter(isNumeric).flatMap((column) => {
    const index = table.header.indexOf(column.name);
    const findings: Finding[] = column.unreadable.slice(0, NAMED_CELLS).map((row) => ({
      kind: 'unreadable-cell',
      severity: 'warning',
      column: column.name,
      row: table.lines[row] ?? 0,
      message: `${quote(table.rows[row]?.[index] ?? '')} is no number: counted as missing.`,
      repaired: false,
    }));
    const rest = column.unreadable.length - findings.length;
    if (column.mixedUnits.length > 1) {
      findings.push({
        kind: 'mixed-units',
        severity: 'warning',
        column: column.name,
        message: `The cells state different units (${column.mixedUnits.join(', ')}): taken as they stand.`,
        repaired: false,
      });
    }
    if (rest > 0) {
      findings.push({
        kind: 'unreadable-cell',
        severity: 'warning',
        column: column.name,
        message: `${rest} more cells are no numbers: counted as missing.`,
        repaired: false,
      });
    }
    if (column.grouped > 0) {
      findings.push({
        kind: 'thousands-separator',
        severity: 'note',
        column: column.name,
        message: `${column.grouped} cells part their thousands: read as whole numbers.`,
        repaired: true,
      });
    }
    return findings;
  });
}

function reasonOf(column: ColumnProfile, table: Table): string {
  const index = table.header.indexOf(column.name);
  const sample = table.rows.map((row) => row[index] ?? '').find((cell) => !isMissing(cell)) ?? '';
  switch (column.type) {
    case 'empty':
      return 'holds no values';
    case 'boolean':
      return 'holds yes or no, not numbers';
    case 'period':
      return 'is a second column of periods';
    default:
      return `holds text, such as ${quote(sample)}`;
  }
}
