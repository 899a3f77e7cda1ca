import type { Finding } from './agent.ts';
import { findUnit } from './find-unit.ts';
import type { GridRecord } from './grid.ts';
import { isMissing, parseNumber } from './parse-number.ts';
import { parsePeriod } from './parse-period.ts';
import { commonest } from './read-text-grid.ts';
import { quote } from './reading.ts';

/** Where in a grid the table lies. */
export interface FoundTable {
  header: string[];
  /** By column, of a row of units below the header. */
  units: (string | null)[];
  body: GridRecord[];
  findings: Finding[];
}

/** A header is sought among these. */
const FIRST = 40;
/** Rows of text above the data that may be its header, one below the other. */
const HEADER_ROWS = 4;

/** Parts a grid into what stands above its table, header, units, rows, and what stands below; null of an empty one. */
export function findTable(grid: GridRecord[]): FoundTable | null {
  const records = grid.filter(({ cells }) => filled(cells) > 0);
  const width = commonest(records.map(({ cells }) => cells.length));
  const start = Math.max(
    0,
    records.slice(0, FIRST).findIndex(({ cells }) => filled(cells) > Math.max(1, Math.floor(width / 2))),
  );
  if (records.length === 0) return null;
  const data = records.findIndex(({ cells }, index) => index >= start && isData(cells));
  const above = data <= start || data - start > HEADER_ROWS ? start + 1 : data;
  const { names, units, from, rows } = readHeaderRows(records, start, above);
  const { body, below } = cutFooter(records.slice(from + rows), width);
  const repeats = body.filter(({ cells }) => isSame(cells, records[from + rows - 1]?.cells ?? []));
  return {
    header: names,
    units,
    body: repeats.length === 0 ? body : body.filter((record) => !repeats.includes(record)),
    findings: [
      ...note('preamble', records.slice(0, from), 'above the header, and no part of the table'),
      ...note('footer', below, 'below the table, and no part of it'),
      ...note('repeated-header', repeats, 'the header once more'),
      ...noteUnits(units, names, records[from + rows - 1]),
    ],
  };
}

/** The rows of a header from the text above the data: groups over names, names, units. */
function readHeaderRows(
  records: GridRecord[],
  start: number,
  above: number,
): { names: string[]; units: (string | null)[]; from: number; rows: number } {
  let last = above - 1;
  const cellsAt = (row: number): string[] => records[row]?.cells ?? [];
  const below = cellsAt(last);
  // The row of units may be the first that `isData` passed over as text, or stand alone below a single header.
  const units = last > start ? unitsOf(below) : null;
  if (units) last -= 1;
  const names = cellsAt(last);
  const group = last > 0 ? cellsAt(last - 1) : [];
  const isGroup =
    last > 0 &&
    filled(group) >= 2 &&
    group.length === names.length &&
    (hasTwins(names) || (last > start && hasTwins(group)));
  const joined = isGroup ? joinNames(group, names) : names;
  const from = isGroup ? last - 1 : last;
  return {
    names: joined,
    units: units ?? joined.map(() => null),
    from,
    rows: above - from,
  };
}

/** A group stands over all names up to the next group. */
function joinNames(group: string[], names: string[]): string[] {
  let over = '';
  return names.map((name, index) => {
    over = group[index] || over;
    return [...new Set([over, name])].filter((part) => part !== '').join(' ');
  });
}

function unitsOf(cells: string[]): (string | null)[] | null {
  const units = cells.map((cell) => (cell === '' ? null : unitOf(cell)));
  const unknown = cells.filter((cell, index) => cell !== '' && units[index] === null).length;
  return units.some((unit) => unit !== null) && unknown === 0 ? units : null;
}

function unitOf(cell: string): string | null {
  const bracketed = /^[([（［](.{1,30})[)\]）］]$/.exec(cell)?.[1]?.trim();
  if (bracketed !== undefined) return bracketed;
  return findUnit(`(${cell})`) ?? (/^[$€£¥₩₹%‰]$/.test(cell) ? cell : null);
}

/** From the end, whatever is too short to be a row and names no period. */
function cutFooter(records: GridRecord[], width: number): { body: GridRecord[]; below: GridRecord[] } {
  let end = records.length;
  const most = Math.max(1, Math.floor(width / 3));
  while (end > 0) {
    const cells = records[end - 1]?.cells ?? [];
    const first = cells.find((cell) => cell !== '') ?? '';
    if (filled(cells) > most || isValue(first) || filled(cells) >= width) break;
    end -= 1;
  }
  return { body: records.slice(0, end), below: records.slice(end) };
}

function filled(cells: string[]): number {
  return cells.reduce((count, cell) => count + (cell === '' ? 0 : 1), 0);
}

function isData(cells: string[]): boolean {
  return cells.some(isValue);
}

function isValue(cell: string): boolean {
  if (cell === '') return false;
  return (
    parseNumber(cell, '.') !== null ||
    parseNumber(cell, ',') !== null ||
    parsePeriod(cell, 'dayFirst') !== null
  );
}

function hasTwins(names: string[]): boolean {
  const named = names.filter((name) => name !== '' && !isMissing(name));
  return new Set(named).size < named.length;
}

function isSame(cells: string[], others: string[]): boolean {
  return cells.length === others.length && cells.every((cell, index) => cell === others[index]);
}

function note(kind: string, records: GridRecord[], what: string): Finding[] {
  const [first] = records;
  if (!first) return [];
  const sample = quote(first.cells.filter((cell) => cell !== '').join(' '));
  const message =
    records.length === 1
      ? `${sample} was passed over: ${what}.`
      : `${records.length} rows, the first of them ${sample}, were passed over: ${what}.`;
  return [{ kind, severity: 'note', row: first.line, message, repaired: true }];
}

function noteUnits(units: (string | null)[], names: string[], row: GridRecord | undefined): Finding[] {
  const stated = units.flatMap((unit, index) => (unit === null ? [] : [`${names[index] ?? ''} in ${unit}`]));
  if (stated.length === 0 || !row) return [];
  const message = `A row below the header states units: ${quote(stated.join(', '))}.`;
  return [{ kind: 'units-row', severity: 'note', row: row.line, message, repaired: true }];
}
