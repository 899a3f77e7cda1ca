import type { Finding } from './agent.ts';
import { findTable } from './find-table.ts';
import type { FoundTable } from './find-table.ts';
import type { Grid, GridRecord } from './grid.ts';
import { placeOf } from './grid.ts';
import { parseNumber } from './parse-number.ts';
import { readTextGrid } from './read-text-grid.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';

export interface Table {
  /** Of a text; null where cells need none. */
  delimiter: string | null;
  header: string[];
  /** By column, where a row below the header states them. */
  units: (string | null)[];
  /** Cells as they stand in the file, trimmed. */
  rows: string[][];
  /** The line of the file that each row ends on; of JSON the element, of a sheet the row. */
  lines: number[];
  /** Where each column stands in the file, from 1; of one that was joined from two, the first. */
  positions: number[];
  place: Grid['place'];
  sheet: string | null;
  findings: Finding[];
}

export const MAX_COLUMNS = 1000;

/** Reads delimited text as a table; refuses ragged rows and doubtful headers by line. */
export function parseTable(source: string): Reading<Table> {
  const grid = readTextGrid(source);
  return grid.ok ? tableOf(grid.value) : grid;
}

/** The table that lies in a grid, between what stands above and below it. */
export function tableOf(grid: Grid): Reading<Table> {
  const found = grid.headed ? headedTable(grid.records) : findTable(grid.records);
  if (!found) return refuse('Data.Empty', 'The file holds no rows.');
  const { body } = found;
  const header = readHeader(found.header, body);
  if (!header.ok) return header;
  for (const { cells, line } of body) {
    if (cells.length !== found.header.length) {
      const [extra] = cells.slice(found.header.length);
      const from =
        extra === undefined ? '' : `, from ${quote(extra)} in column ${found.header.length + 1} on`;
      const where = placeOf(grid, line);
      return refuse(
        'Data.Malformed',
        `${where.charAt(0).toUpperCase()}${where.slice(1)} has ${cells.length} cells; ` +
          `the header has ${found.header.length}${from}.`,
      );
    }
  }
  if (body.length === 0) return refuse('Data.Empty', 'The file has a header but no rows.');
  const { names, kept } = header.value;
  return {
    ok: true,
    value: {
      delimiter: grid.delimiter,
      header: names,
      units: kept.map((index) => found.units[index] ?? null),
      rows: body.map(({ cells }) => kept.map((index) => cells[index] ?? '')),
      lines: body.map(({ line }) => line),
      positions: kept.map((index) => index + 1),
      place: grid.place,
      sheet: grid.sheet,
      findings: [...grid.findings, ...found.findings],
    },
  };
}

function headedTable([header, ...body]: GridRecord[]): FoundTable | null {
  if (!header) return null;
  return { header: header.cells, units: header.cells.map(() => null), body, findings: [] };
}

function readHeader(cells: string[], rows: GridRecord[]): Reading<{ names: string[]; kept: number[] }> {
  if (cells.length < 2) {
    return refuse(
      'Data.Malformed',
      'The header has one cell: a table needs a period column and a value column.',
    );
  }
  if (cells.length > MAX_COLUMNS) {
    return refuse('Data.TooLarge', `The table has ${cells.length} columns; the limit is ${MAX_COLUMNS}.`);
  }
  if (cells.every((cell) => parseNumber(cell, '.') !== null || /^\d{4}\W/.test(cell))) {
    return refuse(
      'Data.Malformed',
      `The first line looks like data (${quote(cells.join(', '))}): add a header.`,
    );
  }
  // A delimiter at the end of every line makes a column without name or content.
  const kept = cells.flatMap((cell, index) =>
    cell !== '' || rows.some(({ cells: row }) => (row[index] ?? '') !== '') ? [index] : [],
  );
  const names = kept.map((index) => cells[index] || `column ${index + 1}`);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) {
    const name = names[twice] ?? '';
    const columns = kept.filter((_, at) => names[at] === name).map((index) => index + 1);
    return refuse(
      'Data.Malformed',
      `The header names ${quote(name)} twice, in columns ${columns.join(' and ')}: give each column its own name.`,
    );
  }
  return { ok: true, value: { names, kept } };
}
