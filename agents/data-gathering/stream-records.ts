import type { Finding } from './agent.ts';
import { ENCODING_NAMES } from './detect-encoding.ts';
import type { Encoding } from './detect-encoding.ts';
import { findTable } from './find-table.ts';
import type { GridRecord } from './grid.ts';
import { readDialect } from './read-text-grid.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { RecordSplitter } from './split-records.ts';
import { openTextStream } from './stream-text.ts';
import type { TextSource } from './stream-text.ts';

export interface RecordStreamOptions {
  /** Of the file, where it can't be told or is told wrongly. */
  encoding?: Encoding;
  /** Columns whose cells are wanted; the cells of others are not even cut out. */
  columns: readonly string[];
  abortSignal?: AbortSignal;
}

export interface RecordStream {
  /** Where each wanted column stands, from 0. */
  positions: number[];
  /** Some of the first rows, all of their cells there. */
  sample: GridRecord[];
  dialect: { encoding: Encoding; confidence: number; delimiter: string };
  findings: Finding[];
  /** Rows with their cells by position, oldest line first; null, or what stopped it: `take` may refuse a row. */
  read: (take: TakeRow) => Promise<Reading<never> | null>;
  /** Complete once all was read. */
  source: () => { bytes: number; digest: string; rows: number; columns: number };
}

/** Takes one row and the line that it starts on; returns a refusal to stop there. */
export type TakeRow = (cells: readonly string[], line: number) => Reading<never> | null;

const SAMPLE_ROWS = 5000;
/** Below this an encoding has to be declared. */
const SURE = 0.65;

/** Opens delimited text of any size: its header is found in the first lines, its rows are handed on one by one. */
export async function openRecordStream(
  source: TextSource,
  { encoding, columns, abortSignal }: RecordStreamOptions,
): Promise<Reading<RecordStream>> {
  const opened = await openTextStream(source, encoding);
  if (!opened.ok) return opened;
  const text = opened.value;
  if (text.confidence < SURE) {
    return refuse(
      'Data.Malformed',
      `The file could be ${ENCODING_NAMES[text.encoding]} or another encoding: say which it is.`,
    );
  }
  const { delimiter, linesBefore } = readDialect(text.sample);
  const bare = !text.sample.includes('\n');
  const first = readSample(text.sample, delimiter, text.whole);
  if (!first.ok) return first;
  const found = findTable(first.value);
  const [top] = found?.body ?? [];
  if (!found || !top) return refuse('Data.Empty', 'The file holds no rows.');
  const positions: number[] = [];
  for (const column of columns) {
    const at = found.header.indexOf(column);
    if (at < 0) {
      const names = found.header.map((name) => quote(name)).join(', ');
      return refuse('Data.Malformed', `The file has no column ${quote(column)}; it has ${names}.`);
    }
    if (found.header.indexOf(column, at + 1) >= 0) {
      return refuse(
        'Data.Malformed',
        `The header names ${quote(column)} twice: give each column its own name.`,
      );
    }
    positions.push(at);
  }
  const { length: width } = found.header;
  let rows = 0;
  const read = async (take: TakeRow): Promise<Reading<never> | null> => {
    let fault: Reading<never> | null = null;
    // A short row that turns out not to be the end of the table is ragged, and refused.
    let short: { line: number; cells: number } | null = null;
    const wanted = found.header.map((_, at) => positions.includes(at));
    const splitter = new RecordSplitter({ delimiter, wanted, linesBefore }, (cells, line, endLine) => {
      if (endLine < top.line || fault) return;
      if (cells.length !== width) {
        short ??= { line, cells: cells.length };
        return;
      }
      if (short) {
        fault = refuseRagged(short, width);
        return;
      }
      rows += 1;
      fault = take(cells, line);
    });
    let skip = linesBefore;
    const stopped = await text.read(
      (piece) => {
        abortSignal?.throwIfAborted();
        const lined = bare ? piece.replaceAll('\r', '\n') : piece;
        // The line that only names the delimiter lies in the first piece.
        const content = skip > 0 ? lined.slice(lined.indexOf('\n') + 1) : lined;
        skip = 0;
        return splitter.push(content) ?? fault;
      },
      () => splitter.lines(),
    );
    return stopped ?? splitter.end() ?? fault ?? (short && endsRagged(short, width));
  };
  return {
    ok: true,
    value: {
      positions,
      sample: found.body,
      dialect: { encoding: text.encoding, confidence: text.confidence, delimiter },
      findings: found.findings.filter(({ kind }) => kind !== 'footer'),
      read,
      source: () => ({ ...text.source(), rows, columns: width }),
    },
  };
}

function readSample(text: string, delimiter: string, whole: boolean): Reading<GridRecord[]> {
  const { text: content, linesBefore } = readDialect(text);
  const records: GridRecord[] = [];
  const splitter = new RecordSplitter({ delimiter, linesBefore }, (cells, _line, endLine) => {
    if (records.length < SAMPLE_ROWS) records.push({ cells, line: endLine });
  });
  const fault = splitter.push(content) ?? (whole ? splitter.end() : null);
  return fault ?? { ok: true, value: records };
}

function refuseRagged({ line, cells }: { line: number; cells: number }, width: number): Reading<never> {
  return refuse('Data.Malformed', `Line ${line} has ${cells} cells; the header has ${width}.`);
}

/** One cell below the table is a note; several are a row that was cut off. */
function endsRagged(short: { line: number; cells: number }, width: number): Reading<never> | null {
  return short.cells > Math.max(1, Math.floor(width / 3)) ? refuseRagged(short, width) : null;
}
