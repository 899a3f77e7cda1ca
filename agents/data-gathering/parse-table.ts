import { CsvError, parse } from 'csv-parse/sync';
import type { Options } from 'csv-parse/sync';
import { parseNumber } from './parse-number.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';

export interface Table {
  delimiter: string;
  header: string[];
  /** Cells as they stand in the file, trimmed. */
  rows: string[][];
  /** The line of the file that each row ends on. */
  lines: number[];
}

const DELIMITERS = [',', ';', '\t', '|'];
const MAX_COLUMNS = 1000;

/** Reads RFC 4180 text with `,` `;` tab or `|` between its cells; refuses ragged rows and doubtful headers by line. */
export function parseTable(source: string): Reading<Table> {
  // Excel writes this line to say which delimiter follows; it is no part of the data.
  const declared = /^sep=(.)\r?\n/i.exec(source)?.[1];
  const text = declared === undefined ? source : source.slice(source.indexOf('\n') + 1);
  const skipped = declared === undefined ? 0 : 1;
  const delimiter = declared ?? sniffDelimiter(text);
  const records = parseRecords(text, delimiter);
  if (!records.ok) return records;
  const [first, ...rest] = records.value;
  if (!first) return refuse('Data.Empty', 'The file holds no rows.');
  const header = readHeader(first.record, rest);
  if (!header.ok) return header;
  for (const { record, line } of rest) {
    if (record.length !== first.record.length) {
      return refuse(
        'Data.Malformed',
        `Line ${line + skipped} has ${record.length} cells; the header has ${first.record.length}.`,
      );
    }
  }
  if (rest.length === 0) return refuse('Data.Empty', 'The file has a header but no rows.');
  const { names, kept } = header.value;
  return {
    ok: true,
    value: {
      delimiter,
      header: names,
      rows: rest.map(({ record }) => kept.map((index) => record[index] ?? '')),
      lines: rest.map(({ line }) => line + skipped),
    },
  };
}

interface Line {
  record: string[];
  line: number;
}

function parseRecords(text: string, delimiter: string, options: Options = {}): Reading<Line[]> {
  try {
    const parsed = parse(text, {
      delimiter,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      ...options,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return { ok: true, value: parsed.map(({ record, info }) => ({ record, line: info.lines })) };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    return refuse('Data.Malformed', `The file breaks the rules of CSV: ${cause.message}.`);
  }
}

/** The delimiter that splits the most of the first rows into as many cells as the header. */
function sniffDelimiter(text: string): string {
  let best = { delimiter: ',', agreeing: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const sample = parseRecords(text, delimiter, { to: 50 });
    const width = sample.ok ? (sample.value[0]?.record.length ?? 0) : 0;
    if (!sample.ok || width < 2) continue;
    const agreeing = sample.value.filter(({ record }) => record.length === width).length;
    if (agreeing > best.agreeing || (agreeing === best.agreeing && width > best.width)) {
      best = { delimiter, agreeing, width };
    }
  }
  return best.delimiter;
}

function readHeader(cells: string[], rows: Line[]): Reading<{ names: string[]; kept: number[] }> {
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
    cell !== '' || rows.some(({ record }) => (record[index] ?? '') !== '') ? [index] : [],
  );
  const names = kept.map((index) => cells[index] || `column ${index + 1}`);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) {
    return refuse(
      'Data.Malformed',
      `The header names ${quote(names[twice] ?? '')} twice: give each column its own name.`,
    );
  }
  return { ok: true, value: { names, kept } };
}
