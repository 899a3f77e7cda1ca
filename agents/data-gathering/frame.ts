import type { Calendar } from './calendar.ts';
import type { Grid } from './grid.ts';

export interface FrameColumn {
  name: string;
  unit: string | null;
  /** Digits after the decimal mark, as written. */
  decimals: number;
  /** By row; null where nothing was observed or filled in. */
  values: (number | null)[];
  /** Periods whose value was filled in, not observed. */
  filled: number[];
  /** The column of the file that the values come from. */
  source?: { column: string; position: number };
  /** By row, where it differs from the frame's: several columns of a long table come from one column of the file. */
  lines?: (number | null)[];
}

/** A table as numbers by period, as far as it was read: maybe unsorted, with duplicates and gaps. */
export interface Frame {
  calendar: Calendar;
  periods: number[];
  /** The file's line by row; null where a row was put in for a missing period. */
  lines: (number | null)[];
  columns: FrameColumn[];
  /** The column of a long table whose values became columns: a period may lack a row because nothing was counted. */
  key: string | null;
  /** What `lines` counts, and the sheet that it is counted in. */
  place?: Grid['place'];
  sheet?: string | null;
  /** Periods that had several rows, and the lines of those that the values come from. */
  merged?: { period: number; lines: number[] }[];
}

export interface LeftOut {
  column: string;
  reason: string;
}

/** What stands between a table and its series: mended by a named repair, or put to a person. */
export interface Problem {
  /** Stable while the same thing is wrong, so that an answer finds it again. */
  id: string;
  kind: string;
  message: string;
  /** Null where a person has to choose one of `options`. */
  repair: string | null;
  options: Option[];
  columns: string[];
  /** First and last period that it is about. */
  span: [number, number] | null;
}

export interface Option {
  id: string;
  label: string;
}

/** A person's choices by problem id. */
export type Answers = { [problem: string]: string };

/** Values where a row was observed: what was filled in counts as missing. */
export function observedValues(frame: Frame, column: FrameColumn): (number | null)[] {
  if (column.filled.length === 0) return column.values;
  const filled = new Set(column.filled);
  return column.values.map((value, row) => (filled.has(frame.periods[row] ?? Number.NaN) ? null : value));
}
