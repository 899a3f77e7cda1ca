import { findUnit } from './find-unit.ts';
import { isMissing, parseNumber } from './parse-number.ts';
import type { DecimalMark } from './parse-number.ts';
import { parsePeriod } from './parse-period.ts';
import type { DayOrder } from './parse-period.ts';
import type { Table } from './parse-table.ts';

export interface ColumnProfile {
  name: string;
  type: 'number' | 'constant' | 'period' | 'boolean' | 'text' | 'empty';
  /** Rows without a value, those whose cell could not be read included. */
  missing: number;
  distinct: number;
  unit: string | null;
  unitFrom: 'header' | 'row' | 'cells' | null;
  /** Units that its cells state, where they differ. */
  mixedUnits: string[];
  decimals: number;
  /** Cells with thousands separators. */
  grouped: number;
  /** Rows whose cell writes no number in a column of numbers. */
  unreadable: number[];
}

/** What a column that mostly writes numbers may hold else and still be one. */
const READABLE = 0.9;
/** Cells of which one at least has to be a period before all are tried. */
const SAMPLE = 50;
const BOOLEAN = /^(true|false|yes|no|是|否)$/i;
const PERIOD_NAME = /year|date|period|month|quarter|week|time|day|年|月|季|週|周|日期|日付|期間|时间|時間/i;

export function profileColumns(table: Table, mark: DecimalMark, order: DayOrder): ColumnProfile[] {
  return table.header.map((name, index) => {
    const cells = table.rows.map((row) => row[index] ?? '');
    const present = cells.filter((cell) => !isMissing(cell));
    const numbers = cells.map((cell) => (isMissing(cell) ? null : parseNumber(cell, mark)));
    const read = numbers.filter((number) => number !== null);
    const distinct = new Set(present).size;
    const numeric = read.length > 0 && read.length >= present.length * READABLE;
    const profile: ColumnProfile = {
      name,
      type: 'text',
      missing: cells.length - (numeric ? read.length : present.length),
      distinct,
      unit: null,
      unitFrom: null,
      mixedUnits: [],
      decimals: 0,
      grouped: 0,
      unreadable: [],
    };
    if (present.length === 0) profile.type = 'empty';
    else if (readsAsPeriods(name, index, present, order)) profile.type = 'period';
    else if (present.every((cell) => BOOLEAN.test(cell))) profile.type = 'boolean';
    else if (numeric) {
      profile.type = new Set(read.map(({ value }) => value)).size === 1 ? 'constant' : 'number';
      const stated = [
        { unit: findUnit(name), from: 'header' as const },
        { unit: table.units[index] ?? null, from: 'row' as const },
        { unit: commonUnit(read), from: 'cells' as const },
      ].find(({ unit }) => unit !== null);
      profile.unit = stated?.unit ?? null;
      profile.unitFrom = stated?.from ?? null;
      const units = new Set(read.flatMap(({ unit }) => (unit === null ? [] : [unit])));
      if (units.has('%') && read.some(({ unit }) => unit === null)) units.add('none');
      profile.mixedUnits = units.size > 1 ? [...units] : [];
      profile.decimals = present.reduce((most, cell) => Math.max(most, decimalsOf(cell, mark)), 0);
      profile.grouped = read.filter(({ grouped }) => grouped).length;
      profile.unreadable = cells.flatMap((cell, row) =>
        !isMissing(cell) && numbers[row] === null ? [row] : [],
      );
    }
    return profile;
  });
}

/** Bare digits such as 2006 or 200601 are periods only where the header or the place of the column says so. */
function readsAsPeriods(name: string, index: number, present: string[], order: DayOrder): boolean {
  const first = present.slice(0, SAMPLE);
  if (first.every((cell) => parsePeriod(cell, order) === null)) return false;
  const read = present.filter((cell) => parsePeriod(cell, order) !== null);
  if (read.length < 3 || read.length < present.length * READABLE) return false;
  if (read.some((cell) => !/^\d+$/.test(cell))) return true;
  return PERIOD_NAME.test(name) || (index === 0 && new Set(read).size === read.length);
}

function commonUnit(read: { unit: string | null }[]): string | null {
  const [first] = read;
  return first && read.every(({ unit }) => unit === first.unit) ? first.unit : null;
}

function decimalsOf(cell: string, mark: DecimalMark): number {
  const fraction = cell.slice(cell.lastIndexOf(mark) + 1).replaceAll(/\D.*$/g, '');
  return cell.includes(mark) ? fraction.length : 0;
}
