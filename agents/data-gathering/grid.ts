import type { Finding } from './agent.ts';

export interface GridRecord {
  cells: string[];
  /** Where the record stands in its file: see `Grid.place`; of a text that spans lines, the last one. */
  line: number;
}

/** A file as rows of cells, before it is known which of them are header, units, data or footnotes. */
export interface Grid {
  /** What a record's `line` counts, from 1: lines of a text, elements of a JSON list, rows of a sheet. */
  place: 'line' | 'element' | 'row';
  /** Of a text; null where cells need none. */
  delimiter: string | null;
  sheet: string | null;
  /** Whether the first record is known to be the header. */
  headed: boolean;
  records: GridRecord[];
  findings: Finding[];
}

/** `line 12`, `element 3`, `row 7 of the sheet "2024"`. */
export function placeOf({ place, sheet }: Pick<Grid, 'place' | 'sheet'>, line: number): string {
  return `${place} ${line}${sheet === null ? '' : ` of the sheet "${sheet}"`}`;
}

/** The name that spreadsheets give a column, from 0: A, B, …, Z, AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}
