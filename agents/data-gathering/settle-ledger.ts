import { findPersonalColumns } from './find-personal.ts';
import { plannedColumns } from './group-plan.ts';
import type { GroupPlan } from './group-plan.ts';
import { sniffDecimalMark } from './parse-number.ts';
import type { DecimalMark } from './parse-number.ts';
import { findDayOrder } from './parse-period.ts';
import type { DayOrder } from './parse-period.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { numericColumns } from './screen-rows.ts';
import type { RecordStream } from './stream-records.ts';

/** Rows by which columns about persons are told. */
const PERSONAL_SAMPLE = 500;

/** What can only be told from several rows at once. */
export interface LedgerMarks {
  mark: DecimalMark;
  order: DayOrder;
  positionOf: (column: string) => number;
}

/** Settles from the first rows how a ledger writes its numbers and dates; refuses what they leave open. */
export function settleLedger(
  plan: GroupPlan,
  { positions, sample, dialect }: RecordStream,
): Reading<LedgerMarks> {
  const columns = plannedColumns(plan);
  const positionOf = (column: string): number => positions[columns.indexOf(column)] ?? -1;
  const travelling = [...plan.keys, ...(plan.label === undefined ? [] : [plan.label])];
  const [personal] = findPersonalColumns({
    header: travelling,
    rows: sample
      .slice(0, PERSONAL_SAMPLE)
      .map(({ cells }) => travelling.map((column) => cells[positionOf(column)] ?? '')),
  }).filter(({ column }) => !plan.personal.includes(column));
  if (personal) {
    return refuse(
      'Data.Unfit',
      `The column ${quote(personal.column)} seems to hold data about persons (${personal.kind}): name it under ` +
        '`personal` in the plan if it may travel on, or group by another.',
    );
  }
  const cellsOf = (column: string): string[] => sample.map(({ cells }) => cells[positionOf(column)] ?? '');
  const measured = Object.values(plan.measures).flatMap((measure) =>
    'sum' in measure ? [measure.sum, measure.times ?? measure.sum] : [],
  );
  const numeric = [...new Set([...measured, ...numericColumns(plan.screens)])];
  const mark = plan.decimalMark ?? sniffDecimalMark(numeric.flatMap(cellsOf), dialect.delimiter);
  if (mark === null) {
    return refuse(
      'Data.Malformed',
      'Numbers such as 1,234 or 1.234 can be read in two ways here: say which decimal mark the file has.',
    );
  }
  const dates = cellsOf(plan.period.column).map(dateOf);
  const evidence = findDayOrder(dates);
  const order = plan.period.dayOrder ?? evidence.order;
  if (order === null) {
    const example = dates.find((cell) => findDayOrder([cell]).order === null) ?? '';
    return refuse(
      'Data.Malformed',
      `Dates such as ${quote(example)} in column ${quote(plan.period.column)} can be read in two ways: ` +
        'say whether the day or the month comes first.',
    );
  }
  return { ok: true, value: { mark, order, positionOf } };
}

/** A date that fits the other order only. */
export function refuseOrder(plan: GroupPlan, line: number, written: string, order: DayOrder): Reading<never> {
  const [first, other] = order === 'dayFirst' ? ['day', 'month'] : ['month', 'day'];
  return refuse(
    'Data.Malformed',
    `Line ${line}, column ${quote(plan.period.column)}: ${quote(written)} puts the ${other} first, ` +
      `where the rows before it put the ${first} first.`,
  );
}

/** A date without the time of day behind it. */
export function dateOf(cell: string): string {
  const end = /^\S+([ T])\d{1,2}:\d\d/.exec(cell);
  return end ? cell.slice(0, cell.indexOf(end[1] ?? ' ')) : cell;
}
