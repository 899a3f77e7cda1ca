import type { Finding } from './agent.ts';
import { numberOf } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { plannedColumns } from './group-plan.ts';
import type { GroupPlan } from './group-plan.ts';
import { DateCache, RowNumbers } from './ledger-cells.ts';
import { parsePeriod } from './parse-period.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { collectReversals } from './reversals.ts';
import { compileScreen, describeScreened } from './screen-rows.ts';
import type { Screened } from './screen-rows.ts';
import { dateOf, refuseOrder, settleLedger } from './settle-ledger.ts';
import type { LedgerMarks } from './settle-ledger.ts';
import { openRecordStream } from './stream-records.ts';
import type { RecordStream } from './stream-records.ts';
import type { TextSource } from './stream-text.ts';

/** A row that counts: `values` by measure is used again for the next one. */
export type TakeLedgerRow = (row: {
  day: number;
  period: number;
  cells: readonly string[];
  line: number;
  values: readonly number[];
}) => Reading<never> | null;

export interface LedgerReading {
  source: { bytes: number; digest: string; rows: number; columns: number };
  dialect: RecordStream['dialect'];
  /** Rows that were handed on. */
  counted: number;
  findings: Finding[];
}

/** What is wrong with single rows, counted. */
interface Tally {
  rows: number;
  firstLine: number;
  sample: string;
}

/** Rows without a period from which the wrong column must have been named. */
const MOSTLY = 0.5;

export function calendarOf({ period }: GroupPlan): Calendar {
  const season = { yearly: 1, quarterly: 4, monthly: 12, weekly: 52, daily: 7 }[period.every];
  return { frequency: period.every, season, weekdaysOnly: false, weekStart: 0 };
}

/**
 * Hands on the rows of a ledger that its plan leaves in, each with its period and measures, and counts the others by
 * what they are; memory holds a piece of the file, whatever its size.
 */
export async function readLedger(
  source: TextSource,
  plan: GroupPlan,
  prepare: (marks: LedgerMarks) => TakeLedgerRow,
  abortSignal?: AbortSignal,
): Promise<Reading<LedgerReading>> {
  const open = (columns: readonly string[]): Promise<Reading<RecordStream>> =>
    openRecordStream(source, {
      columns,
      ...(plan.encoding && { encoding: plan.encoding }),
      ...(abortSignal && { abortSignal }),
    });
  const opened = await open(plannedColumns(plan));
  if (!opened.ok) return opened;
  const stream = opened.value;
  const settled = settleLedger(plan, stream);
  if (!settled.ok) return settled;
  const reversals = await collectReversals(plan, open, settled.value);
  if (!reversals.ok) return reversals;
  const { mark, order, positionOf } = settled.value;
  const periodAt = positionOf(plan.period.column);
  const calendar = calendarOf(plan);
  const dates = new DateCache(order);
  const numbers = new RowNumbers(mark);
  const measures = Object.entries(plan.measures).map(([name, measure]) => ({
    name,
    at: 'sum' in measure ? positionOf(measure.sum) : -1,
    times: 'sum' in measure && measure.times !== undefined ? positionOf(measure.times) : -1,
  }));
  const screens = plan.screens.map((screen) => ({
    test: compileScreen(screen, positionOf),
    leavesOut: screen.treat === 'leaveOut',
    column: screen.when.length === 1 ? screen.when[0]?.column : undefined,
    found: {
      kind: screen.kind,
      treat: screen.treat,
      rows: 0,
      firstLine: 0,
      lastLine: 0,
      sums: Object.fromEntries(measures.map(({ name }) => [name, 0])),
    } satisfies Screened,
  }));
  const reversed: Screened = {
    kind: 'reversed',
    treat: 'leaveOut',
    rows: 0,
    firstLine: 0,
    lastLine: 0,
    sums: {},
  };
  const tallies = new Map<string, Tally>();
  const take = prepare(settled.value);
  const values = measures.map(() => 0);
  const row = { day: Number.NaN, period: 0, cells: [] as readonly string[], line: 0, values };
  let counted = 0;
  const fault = await stream.read((cells, line) => {
    const written = cells[periodAt] ?? '';
    const day = dates.dayOf(written);
    if (day === null) {
      const other = order === 'dayFirst' ? 'monthFirst' : 'dayFirst';
      if (parsePeriod(dateOf(written), other) !== null) return refuseOrder(plan, line, written, order);
      tally(tallies, 'row-without-period', line, written);
      return null;
    }
    numbers.start(cells);
    let unreadable = -1;
    for (let at = 0; at < measures.length; at += 1) {
      const measure = measures[at]!;
      const one = measure.at < 0 ? 1 : numbers.at(measure.at);
      const other = measure.times < 0 ? 1 : numbers.at(measure.times);
      if (one === null || other === null) unreadable = one === null ? measure.at : measure.times;
      values[at] = (one ?? 0) * (other ?? 0);
    }
    for (const { test, leavesOut, found } of screens) {
      if (!test(cells, numbers.read)) continue;
      countScreened(found, line, values, measures);
      if (leavesOut) return null;
    }
    if (unreadable >= 0) {
      tally(tallies, `unreadable-cell\0${unreadable}`, line, cells[unreadable] ?? '');
      return null;
    }
    if (reversals.value?.takesBack(cells, numbers.read, line)) {
      countScreened(reversed, line, values, measures);
      return null;
    }
    counted += 1;
    if (row.day !== day) row.period = numberOf(day, calendar);
    row.day = day;
    row.cells = cells;
    row.line = line;
    return take(row);
  });
  if (fault) return fault;
  const file = stream.source();
  const dateless = tallies.get('row-without-period');
  if (dateless && dateless.rows > file.rows * MOSTLY) {
    return refuse(
      'Data.Malformed',
      `${dateless.rows} of ${file.rows} rows have no period in column ${quote(plan.period.column)}, ` +
        `the first in line ${dateless.firstLine}: ${quote(dateless.sample)}.`,
    );
  }
  const findings: Finding[] = [
    ...stream.findings,
    ...[...tallies].map(([key, one]) => describeTally(key, one, plan, positionOf)),
    ...screens.flatMap(({ found, column }) =>
      found.rows === 0 ? [] : [describeScreened(found, file.rows, column)],
    ),
    ...(reversed.rows === 0 ? [] : [describeScreened(reversed, file.rows, plan.reversals?.amount)]),
  ];
  return { ok: true, value: { source: file, dialect: stream.dialect, counted, findings } };
}

function tally(tallies: Map<string, Tally>, key: string, line: number, sample: string): void {
  const one = tallies.get(key);
  if (one) one.rows += 1;
  else tallies.set(key, { rows: 1, firstLine: line, sample: quote(sample).slice(1, -1) });
}

function describeTally(
  key: string,
  { rows, firstLine, sample }: Tally,
  plan: GroupPlan,
  positionOf: (column: string) => number,
): Finding {
  const [kind = '', position] = key.split('\0');
  const column =
    position === undefined
      ? plan.period.column
      : (plannedColumns(plan).find((name) => positionOf(name) === Number(position)) ?? '');
  const what = position === undefined ? 'is no period' : 'is no number';
  return {
    kind,
    severity: 'warning',
    column,
    row: firstLine,
    count: rows,
    message: `${rows} rows were left out, the first in line ${firstLine}: ${quote(sample)} ${what}.`,
    repaired: true,
  };
}

function countScreened(
  found: Screened,
  line: number,
  values: readonly number[],
  measures: readonly { name: string }[],
): void {
  if (found.rows === 0) found.firstLine = line;
  found.rows += 1;
  found.lastLine = line;
  for (let at = 0; at < measures.length; at += 1) {
    const { name } = measures[at]!;
    found.sums[name] = (found.sums[name] ?? 0) + values[at]!;
  }
}
