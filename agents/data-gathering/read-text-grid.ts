import type { Grid, GridRecord } from './grid.ts';
import { MAX_LINE } from './decode-text.ts';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { RecordSplitter } from './split-records.ts';

const DELIMITERS = [',', ';', '\t', '|'];
const SAMPLE_RECORDS = 50;
const SAMPLE_CHARACTERS = 256 * 1024;

/** Splits delimited text into records, with the delimiter that it names or that most of its first lines agree on. */
export function readTextGrid(source: string): Reading<Grid> {
  const long = checkLines(source);
  if (long) return long;
  const { text, delimiter, linesBefore } = readDialect(source);
  const records: GridRecord[] = [];
  const splitter = new RecordSplitter({ delimiter, linesBefore }, (cells, _line, endLine) => {
    records.push({ cells, line: endLine });
  });
  const fault = splitter.push(text) ?? splitter.end();
  if (fault) return fault;
  return { ok: true, value: { place: 'line', delimiter, sheet: null, headed: false, records, findings: [] } };
}

/** Delimited text has no such lines, where JSON may well be a single one. */
function checkLines(text: string): Reading<never> | null {
  let start = 0;
  for (let line = 1; start <= text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > MAX_LINE) {
      return refuse('Data.TooLarge', `Line ${line} has ${end - start} characters; the limit is ${MAX_LINE}.`);
    }
    start = end + 1;
  }
  return null;
}

/** The delimiter of a text, and the text without the line that only names it, its lines ended by newlines. */
export function readDialect(source: string): { text: string; delimiter: string; linesBefore: number } {
  const lined = endLines(source);
  // Excel writes this line to say which delimiter follows; it is no part of the data.
  const declared = /^sep=(.)\r?\n/i.exec(lined)?.[1];
  if (declared === undefined) return { text: lined, delimiter: sniffDelimiter(lined), linesBefore: 0 };
  return { text: lined.slice(lined.indexOf('\n') + 1), delimiter: declared, linesBefore: 1 };
}

/** Old programs end lines with a carriage return alone. */
export function endLines(text: string): string {
  return text.includes('\n') ? text : text.replaceAll('\r', '\n');
}

/** The delimiter that splits the most of the first records into equally many cells. */
function sniffDelimiter(text: string): string {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  let best = { delimiter: ',', agreeing: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const widths: number[] = [];
    const splitter = new RecordSplitter({ delimiter }, (cells) => {
      if (widths.length < SAMPLE_RECORDS) widths.push(cells.length);
    });
    const fault = splitter.push(sample) ?? (sample.length === text.length ? splitter.end() : null);
    const width = commonest(widths);
    if (width < 2 || (fault && widths.length < SAMPLE_RECORDS)) continue;
    const agreeing = widths.filter((each) => each === width).length;
    if (agreeing > best.agreeing || (agreeing === best.agreeing && width > best.width)) {
      best = { delimiter, agreeing, width };
    }
  }
  return best.delimiter;
}

/** The number that occurs most; of several the first, 0 of none. */
export function commonest(numbers: number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  let best = 0;
  for (const [number, count] of counts) if (count > (counts.get(best) ?? 0)) best = number;
  return best;
}
