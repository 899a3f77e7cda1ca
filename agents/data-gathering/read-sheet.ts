import { SaxesParser } from 'saxes';
import type { Finding } from './agent.ts';
import { columnLetters } from './grid.ts';
import type { GridRecord } from './grid.ts';
import { MAX_COLUMNS } from './parse-table.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { isoOfSerial } from './settle-marks.ts';
import { messageOf } from './unpack.ts';

/** What the cells of a sheet refer to. */
export interface SheetContext {
  /** By number: texts that cells share. */
  strings: string[];
  /** By style number: how its numbers are shown. */
  shown: ('number' | 'date' | 'percent')[];
  epoch1904: boolean;
}

const MAX_CELLS = 1_000_000;
/** Of any workbook: the last row that its programs have. */
const MAX_ROWS = 1_048_576;

type Attributes = { [name: string]: string };

/** Hands each element to `open`, and its own text to `close`; names without prefix. Null, or what is wrong. */
export function walkXml(
  xml: string,
  handlers: {
    open: (name: string, attributes: Attributes) => void;
    close: (name: string, text: string) => void;
  },
): string | null {
  const parser = new SaxesParser();
  let text = '';
  let fault: string | null = null;
  const local = (name: string): string => name.slice(name.indexOf(':') + 1);
  parser.on('error', (error) => (fault ??= error.message));
  // Entities of a document's own could grow without bound; no program writes them into a workbook.
  parser.on('doctype', () => (fault ??= 'it declares a document type'));
  parser.on('opentag', ({ name, attributes }) => {
    text = '';
    handlers.open(local(name), attributes);
  });
  parser.on('text', (more) => (text += more));
  parser.on('cdata', (more) => (text += more));
  parser.on('closetag', ({ name }) => {
    handlers.close(local(name), text);
    text = '';
  });
  try {
    for (let at = 0; at < xml.length && fault === null; at += 65_536)
      parser.write(xml.slice(at, at + 65_536));
    if (fault === null) parser.close();
  } catch (cause) {
    fault ??= messageOf(cause);
  }
  return fault;
}

/** The rows of a sheet that hold anything: dates as ISO text, percentages with their sign, formulas as last computed. */
export function readSheet(
  xml: string,
  name: string,
  context: SheetContext,
): Reading<{ records: GridRecord[]; findings: Finding[] }> {
  const rows = new Map<number, string[]>();
  const merges: [number, number, number, number][] = [];
  const empty: string[] = [];
  let cell = { row: 0, column: 0, type: '', style: 0, formula: false, value: null as string | null };
  let row = 0;
  let next = 0;
  let cells = 0;
  const beyond: string[] = [];
  const fault = walkXml(xml, {
    open: (tag, attributes) => {
      if (tag === 'row') {
        row = Number(attributes['r'] ?? row + 1);
        next = 0;
      } else if (tag === 'c') {
        const at = positionOf(attributes['r'] ?? '');
        cell = {
          row: at?.row ?? row,
          column: at?.column ?? next,
          type: attributes['t'] ?? 'n',
          style: Number(attributes['s'] ?? 0),
          formula: false,
          value: null,
        };
        next = cell.column + 1;
      } else if (tag === 'f') cell.formula = true;
      else if (tag === 'mergeCell') {
        const [from, to] = (attributes['ref'] ?? '').split(':').map(positionOf);
        if (from && to) merges.push([from.row, from.column, to.row, to.column]);
      }
    },
    close: (tag, text) => {
      if (tag === 'v') cell.value = text;
      // Rich text comes in several runs.
      else if (tag === 't') cell.value = (cell.value ?? '') + text;
      else if (tag === 'c') {
        if (cell.formula && cell.value === null) empty.push(`${columnLetters(cell.column)}${cell.row}`);
        const shown = cell.value === null ? '' : showCell(cell.value, cell.type, cell.style, context);
        if (shown === '') return;
        cells += 1;
        if (cells > MAX_CELLS) beyond.push(`over ${MAX_CELLS} filled cells`);
        if (cell.column >= MAX_COLUMNS) beyond.push(`something in column ${cell.column + 1}`);
        if (!(cell.row >= 1 && cell.row <= MAX_ROWS)) beyond.push(`something in row ${cell.row}`);
        if (beyond.length > 0) return;
        const values = rows.get(cell.row) ?? [];
        rows.set(cell.row, values);
        values[cell.column] = shown;
      }
    },
  });
  if (fault !== null) return refuse('Data.Malformed', `The sheet ${quote(name)} is damaged: ${fault}.`);
  if (beyond.length > 0) return refuse('Data.TooLarge', `The sheet ${quote(name)} has ${beyond[0]}.`);
  fillMerged(rows, merges);
  const width = [...rows.values()].reduce((most, values) => Math.max(most, values.length), 0);
  const records = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([line, values]) => ({ line, cells: Array.from({ length: width }, (_, at) => values[at] ?? '') }));
  return { ok: true, value: { records, findings: noteFormulas(empty) } };
}

function positionOf(reference: string): { row: number; column: number } | null {
  const parts = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference);
  if (!parts) return null;
  const [, letters = '', row] = parts;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return { row: Number(row), column: column - 1 };
}

function showCell(value: string, type: string, style: number, context: SheetContext): string {
  switch (type) {
    case 's':
      return readText(context.strings[Number(value)] ?? '');
    case 'b':
      return value === '1' ? 'true' : 'false';
    case 'd':
      return value.replace(/T00:00:00(?:\.0+)?Z?$/, '');
    case 'n':
      return showNumber(value, context.shown[style] ?? 'number', context.epoch1904);
    default:
      return readText(value);
  }
}

/** Characters that XML can't hold stand in workbooks as `_x0007_`. */
function readText(text: string): string {
  return text
    .replaceAll(/_x([\dA-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .trim();
}

function showNumber(value: string, shown: 'number' | 'date' | 'percent', epoch1904: boolean): string {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value.trim();
  if (shown === 'percent') return `${Number((number * 100).toPrecision(12))}%`;
  // A serial below one is a time of day.
  if (shown !== 'date' || number < 1 || number > 2_958_466) return value.trim();
  const seconds = Math.round((number % 1) * 86_400);
  const day = isoOfSerial(number, epoch1904);
  return seconds === 0 ? day : `${day} ${new Date(seconds * 1000).toISOString().slice(11, 19)}`;
}

/**
 * Text that spans cells stands in each of them, so that a header over several columns names all, and a label beside
 * several rows stands in all. A title over the whole row stays where it is, and so does a number: it counts once.
 */
function fillMerged(rows: Map<number, string[]>, merges: [number, number, number, number][]): void {
  const held = new Map([...rows].map(([row, values]) => [row, values.filter((value) => value).length]));
  const width = [...rows.values()].reduce((most, values) => Math.max(most, values.length), 0);
  for (const [top, left, bottom, right] of merges) {
    const value = rows.get(top)?.[left];
    if (value === undefined || /^[-+]?[\d.,]+%?$/.test(value)) continue;
    if (right > left && (held.get(top) ?? 0) < 2) continue;
    // A merge may claim a million rows: only those that exist are touched.
    for (const [row, values] of rows) {
      if (row < top || row > bottom) continue;
      for (let column = left; column <= Math.min(right, width - 1); column += 1) values[column] ??= value;
    }
  }
}

function noteFormulas(cells: string[]): Finding[] {
  const [first] = cells;
  if (first === undefined) return [];
  const message =
    cells.length === 1
      ? `The formula in ${first} was saved without its result: counted as missing.`
      : `${cells.length} formulas, the first in ${first}, were saved without their results: counted as missing.`;
  return [{ kind: 'formula-without-value', severity: 'warning', message, repaired: false }];
}
