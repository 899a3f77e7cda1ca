import { toFailure } from '../../contracts/failures.ts';

/** How a column's cells are kept in a workbook. Days are ISO texts, shares numbers of which 1 is the whole. */
export type Kind = 'text' | 'whole' | 'number' | 'money' | 'share' | 'day';
export type Cell = string | number | null;

/** A table to be written: all that a file of it holds, whichever kind of file it is. */
export interface Table {
  columns: readonly { header: string; kind: Kind }[];
  rows: readonly (readonly Cell[])[];
}

/** What spreadsheet programs take. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;

/** Throws `Agent.InvalidOutput` with row and column where a cell is not of its column's kind, or there is too much. */
export function checkTable({ columns, rows }: Table): void {
  if (rows.length >= MAX_ROWS || columns.length > MAX_COLUMNS) {
    throw refuse(
      `it has ${rows.length} rows and ${columns.length} columns; a sheet takes ${MAX_ROWS - 1} below its header, ` +
        `and ${MAX_COLUMNS}`,
    );
  }
  rows.forEach((cells, row) => {
    if (cells.length !== columns.length) {
      throw refuse(`row ${row + 1} has ${cells.length} cells for ${columns.length} columns`);
    }
    columns.forEach(({ header, kind }, at) => {
      const cell = cells[at] ?? null;
      if (cell === null || isOfKind(cell, kind)) return;
      throw refuse(`row ${row + 1}, column "${header}" holds ${JSON.stringify(cell)}, which is no ${kind}`);
    });
  });
}

/** Whether text would be taken for a formula by a program that opens it as a file of plain text. */
export function looksLikeFormula(text: string): boolean {
  return /^\s*[=+\-@\t\r]/.test(text);
}

function isOfKind(cell: string | number, kind: Kind): boolean {
  if (kind === 'text') return typeof cell === 'string';
  if (kind === 'day') return typeof cell === 'string' && isDay(cell);
  return Number.isFinite(cell) && (kind !== 'whole' || Number.isSafeInteger(cell));
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  // 31 February would be read as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function refuse(fault: string): Error {
  return toFailure('Agent.InvalidOutput', `The table can't be written: ${fault}.`);
}
