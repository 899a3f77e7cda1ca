import type { Table } from './table.ts';
import { checkTable, looksLikeFormula } from './table.ts';

/**
 * A table as CSV (RFC 4180, UTF-8). Text that spreadsheets would run as a formula is given an apostrophe. Throws
 * `Agent.InvalidOutput` for a cell that is not of its column's kind.
 */
export function writeCsv(table: Table): string {
  checkTable(table);
  return [table.columns.map(({ header }) => header), ...table.rows]
    .map((cells) => `${cells.map(writeCell).join(',')}\r\n`)
    .join('');
}

function writeCell(cell: string | number | null): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const plain = looksLikeFormula(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
