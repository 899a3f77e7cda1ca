import type { Frame } from './frame.ts';
import type { Table } from './parse-table.ts';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';

const MAX_SERIES = 500;

/**
 * Turns a long table (one row for each period of each symbol, region, source) into one column for each series.
 * A table with one row a period stays as it is, and its `key` null.
 */
export function pivotTable(frame: Frame, table: Table, textColumns: string[]): Reading<Frame> {
  if (!repeatsPeriods(frame)) return { ok: true, value: frame };
  const keys = textColumns.filter((name) => {
    const index = table.header.indexOf(name);
    return isUnique(
      frame,
      table.rows.map((row) => row[index] ?? ''),
    );
  });
  const [key] = keys.sort((a, b) => distinctCells(table, a) - distinctCells(table, b));
  if (key === undefined) {
    return textColumns.length > 0 && mostlyRepeats(frame)
      ? refuse(
          'Data.Malformed',
          'Several rows share each period, and no one column of text tells them apart: give one row for each period.',
        )
      : { ok: true, value: frame };
  }
  const count = distinctCells(table, key) * frame.columns.length;
  if (count > MAX_SERIES) {
    return refuse('Data.TooLarge', `The table holds ${count} series; the limit is ${MAX_SERIES}.`);
  }
  return { ok: true, value: pivot(frame, table, key) };
}

function pivot(frame: Frame, table: Table, key: string): Frame {
  const index = table.header.indexOf(key);
  const names = [...new Set(table.rows.map((row) => row[index] ?? ''))];
  const periods = [...new Set(frame.periods)].sort((a, b) => a - b);
  const rowOf = new Map(periods.map((period, row) => [period, row]));
  const lines: (number | null)[] = periods.map(() => null);
  const columns = names.flatMap((name) =>
    frame.columns.map((column) => ({
      ...column,
      name: frame.columns.length === 1 ? name : `${name} ${column.name}`,
      values: periods.map((): number | null => null),
      lines: periods.map((): number | null => null),
    })),
  );
  const at = new Map(names.map((name, position) => [name, position * frame.columns.length]));
  table.rows.forEach((row, source) => {
    const target = rowOf.get(frame.periods[source] ?? 0) ?? 0;
    lines[target] ??= frame.lines[source] ?? null;
    frame.columns.forEach((column, offset) => {
      const made = columns[(at.get(row[index] ?? '') ?? 0) + offset];
      if (!made) return;
      made.values[target] = column.values[source] ?? null;
      made.lines[target] = frame.lines[source] ?? null;
    });
  });
  return { ...frame, periods, lines, columns, key };
}

function repeatsPeriods(frame: Frame): boolean {
  return new Set(frame.periods).size < frame.periods.length;
}

function mostlyRepeats(frame: Frame): boolean {
  return new Set(frame.periods).size < frame.periods.length * 0.9;
}

/** Whether period and cell together name a row, but for rows that say the same twice. */
function isUnique(frame: Frame, cells: string[]): boolean {
  const seen = new Map<string, string>();
  return cells.every((cell, row) => {
    const at = JSON.stringify([frame.periods[row], cell]);
    const content = JSON.stringify(frame.columns.map((column) => column.values[row] ?? null));
    const before = seen.get(at);
    seen.set(at, content);
    return cell !== '' && (before === undefined || before === content);
  });
}

function distinctCells(table: Table, name: string): number {
  const index = table.header.indexOf(name);
  return new Set(table.rows.map((row) => row[index])).size;
}
