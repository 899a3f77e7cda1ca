import type { Finding } from './agent.ts';
import { labelOf, numberOf } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import type { Encoding } from './detect-encoding.ts';
import type { GroupPlan } from './group-plan.ts';
import { GroupedCells } from './grouped-cells.ts';
import { isMissing } from './parse-number.ts';
import { calendarOf, readLedger } from './read-ledger.ts';
import type { TakeLedgerRow } from './read-ledger.ts';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { detach } from './reversals.ts';
import type { LedgerMarks } from './settle-ledger.ts';
import type { TextSource } from './stream-text.ts';

/** Sums of a ledger by group and period; periods follow one another without a gap, zero where no row was counted. */
export interface GroupedLedger {
  source: { bytes: number; digest: string; rows: number; columns: number };
  dialect: { encoding: Encoding; confidence: number; delimiter: string };
  frequency: Calendar['frequency'];
  periods: string[];
  /** Whether the first row falls on the first day of the first period, and the last one on the last of the last. */
  complete: { first: boolean; last: boolean };
  /** Largest first, by the sum of the first measure; no more than were asked for. */
  groups: Group[];
  /** What the groups that were not asked for come to, by measure and period. */
  others: { groups: number; values: { [measure: string]: number[] } };
  /** Rows that were counted in; the findings say what became of the others. */
  counted: number;
  findings: Finding[];
}

export interface Group {
  key: string[];
  label: string | null;
  /** By measure, as many as there are periods. */
  values: { [measure: string]: number[] };
  /** Where each period's figure comes from: rows added up, and between which lines of the file they stand. */
  origin: { rows: number[]; firstLine: (number | null)[]; lastLine: (number | null)[] };
}

export interface GroupOptions {
  /** How many groups to give in full; all unless given. */
  largest?: number;
  abortSignal?: AbortSignal;
}

interface GroupState {
  key: string[];
  label: string | null;
  labels: number;
  isTotal: boolean;
  cells: Map<number, number>;
  period: number;
  cell: number;
}

/** Cells of the result, one for each period in which a group has a row. */
export const MAX_GROUP_CELLS = 2_000_000;
const MAX_GROUPS = 500_000;
const LABELS = 5;
const TOTAL = /^(?:(?:grand |sub-?)?totals?|合[計计]|總計|总计|小[計计]|합계)$/i;

/** Adds up a ledger of any size by period and key while it is read. */
export async function groupRows(
  source: TextSource,
  plan: GroupPlan,
  { largest, abortSignal }: GroupOptions = {},
): Promise<Reading<GroupedLedger>> {
  const calendar = calendarOf(plan);
  const measures = Object.keys(plan.measures);
  const cells = new GroupedCells(measures.length);
  const groups = new Map<string, GroupState>();
  const span = { firstDay: Infinity, lastDay: -Infinity, totals: 0, totalLine: 0 };
  const read = await readLedger(
    source,
    plan,
    (marks) => createTaker(plan, marks, groups, cells, span),
    abortSignal,
  );
  if (!read.ok) return read;
  const { source: file, dialect, findings, counted } = read.value;
  if (counted === 0 || groups.size === 0)
    return refuse('Data.Unfit', 'No row of the file is left to be counted.');
  const first = numberOf(span.firstDay, calendar);
  const length = numberOf(span.lastDay, calendar) - first + 1;
  const periods = Array.from({ length }, (_, at) => labelOf(first + at, calendar));
  const complete = {
    first: numberOf(span.firstDay - 1, calendar) < first,
    last: numberOf(span.lastDay + 1, calendar) > numberOf(span.lastDay, calendar),
  };
  const ranked = [...groups.values()]
    .filter(({ isTotal }) => !isTotal)
    .map((group) => ({ group, total: sumOf(group, cells) }))
    .sort((a, b) => b.total - a.total || (a.group.key.join('\u001f') < b.group.key.join('\u001f') ? -1 : 1));
  const shown = ranked.slice(0, largest ?? ranked.length);
  const rest = ranked.slice(shown.length);
  const others = Object.fromEntries(measures.map((name) => [name, periods.map(() => 0)]));
  for (const { group } of rest) {
    for (const [period, cell] of group.cells) {
      measures.forEach((name, at) => (others[name]![period - first]! += cells.sumOf(cell, at)));
    }
  }
  return {
    ok: true,
    value: {
      source: file,
      dialect,
      frequency: calendar.frequency,
      periods,
      complete,
      groups: shown.map(({ group }) => readGroup(group, cells, measures, first, length)),
      others: { groups: rest.length, values: others },
      counted: counted - span.totals,
      findings: [...findings, ...noteSpan(periods, complete, ranked, first), ...noteTotals(span)],
    },
  };
}

function createTaker(
  plan: GroupPlan,
  { positionOf }: LedgerMarks,
  groups: Map<string, GroupState>,
  cells: GroupedCells,
  span: { firstDay: number; lastDay: number; totals: number; totalLine: number },
): TakeLedgerRow {
  const keyAt = plan.keys.map(positionOf);
  const labelAt = plan.label === undefined ? -1 : positionOf(plan.label);
  const [onlyAt = -1] = keyAt;
  return ({ day, period, cells: row, line, values }) => {
    const key = keyAt.length === 1 ? row[onlyAt]! : keyAt.map((at) => row[at]).join('\u001f');
    let group = groups.get(key);
    if (!group) {
      if (groups.size >= MAX_GROUPS) {
        return refuse('Data.TooLarge', `Line ${line} makes over ${MAX_GROUPS} groups; that is the limit.`);
      }
      const parts = keyAt.map((at) => detach(row[at] ?? ''));
      const isTotal = parts.some((part) => TOTAL.test(part));
      group = { key: parts, label: null, labels: 0, isTotal, cells: new Map(), period: Number.NaN, cell: -1 };
      groups.set(detach(key), group);
    }
    if (group.isTotal) {
      if (span.totals === 0) span.totalLine = line;
      span.totals += 1;
      return null;
    }
    if (labelAt >= 0 && group.labels < LABELS) readLabel(group, row[labelAt] ?? '');
    if (day < span.firstDay) span.firstDay = day;
    if (day > span.lastDay) span.lastDay = day;
    if (group.period !== period) {
      let cell = group.cells.get(period);
      if (cell === undefined) {
        if (cells.size >= MAX_GROUP_CELLS) {
          return refuse(
            'Data.TooLarge',
            `Line ${line} makes over ${MAX_GROUP_CELLS} figures of ${groups.size} groups: group by less, or by longer periods.`,
          );
        }
        cell = cells.add();
        group.cells.set(period, cell);
      }
      group.period = period;
      group.cell = cell;
    }
    cells.count(group.cell, line, values);
    return null;
  };
}

function readLabel(group: GroupState, cell: string): void {
  group.labels += 1;
  if (!isMissing(cell) && cell.length > (group.label?.length ?? 0)) group.label = detach(cell);
}

function sumOf(group: GroupState, cells: GroupedCells): number {
  let sum = 0;
  for (const cell of group.cells.values()) sum += cells.sumOf(cell, 0);
  return sum;
}

function readGroup(
  { key, label, cells: own }: GroupState,
  cells: GroupedCells,
  measures: string[],
  first: number,
  length: number,
): Group {
  const at = Array.from({ length }, (_, period) => own.get(first + period));
  const origins = at.map((cell) => (cell === undefined ? null : cells.originOf(cell)));
  return {
    key,
    label,
    values: Object.fromEntries(
      measures.map((name, measure) => [
        name,
        at.map((cell) => (cell === undefined ? 0 : cells.sumOf(cell, measure))),
      ]),
    ),
    origin: {
      rows: origins.map((origin) => origin?.rows ?? 0),
      firstLine: origins.map((origin) => origin?.firstLine ?? null),
      lastLine: origins.map((origin) => origin?.lastLine ?? null),
    },
  };
}

function noteSpan(
  periods: string[],
  complete: { first: boolean; last: boolean },
  ranked: { group: GroupState }[],
  first: number,
): Finding[] {
  const seen = new Set<number>();
  for (const { group } of ranked) for (const period of group.cells.keys()) seen.add(period - first);
  const empty = periods.filter((_, at) => !seen.has(at));
  const partial = [
    ...(complete.first ? [] : [`${periods[0]} begins before the first row`]),
    ...(complete.last ? [] : [`${periods.at(-1)} ends after the last row`]),
  ];
  return [
    ...(partial.length === 0
      ? []
      : [note('partial-period', partial.length, `${partial.join('; ')}: its figures are of a part only.`)]),
    ...(empty.length === 0
      ? []
      : [
          note(
            'empty-period',
            empty.length,
            `${empty.length} periods have no row at all, the first of them ${empty[0]}: counted as zero.`,
          ),
        ]),
  ];
}

function noteTotals({ totals, totalLine }: { totals: number; totalLine: number }): Finding[] {
  if (totals === 0) return [];
  const message = `${totals} rows are totals of others, the first in line ${totalLine}: left out.`;
  return [{ kind: 'total-row', severity: 'warning', row: totalLine, count: totals, message, repaired: true }];
}

function note(kind: string, count: number, message: string): Finding {
  return { kind, severity: 'warning', count, message, repaired: false };
}
