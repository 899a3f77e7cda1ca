import { findTooDeep, MAX_JSON_DEPTH } from './find-json-depth.ts';
import { findJsonFault } from './find-json-fault.ts';
import type { Grid, GridRecord } from './grid.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';

type Row = { [key: string]: unknown };

/** Whether a text is meant as JSON: a list, an object, or one object a line. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*[[{\]])/.test(text);
}

/**
 * The rows of JSON: a list of objects, an object of equally long lists, a list of lists whose first is the header,
 * any of them one level down, or one object a line (NDJSON). Objects within a row are flattened one level: `a.b`.
 */
export function readJsonGrid(text: string): Reading<Grid> {
  const tooDeep = findTooDeep(text);
  if (tooDeep >= 0) {
    const { line, column } = placeIn(text, tooDeep);
    return refuse(
      'Data.TooLarge',
      `The file has more than ${MAX_JSON_DEPTH} levels of lists and objects, at line ${line}, column ${column}.`,
    );
  }
  const lines = isLines(text) ? readLines(text) : null;
  if (lines) return lines.ok ? gridOfRows(lines.value, 'line') : lines;
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return refuse('Data.Malformed', `The file is no JSON: ${whereOf(text)}.`);
  }
  const found = findRows(whole);
  if (!found.ok) return found;
  return gridOfRows(found.value, 'element');
}

interface PlacedRow {
  row: Row;
  at: number;
}

/** A second value after the first one's line: that is no JSON, but one value a line. */
function isLines(text: string): boolean {
  const [first, second] = text.split('\n', 50).filter((line) => line.trim() !== '');
  return first !== undefined && second !== undefined && isObject(parse(first)) && /^\s*\{/.test(second);
}

function readLines(text: string): Reading<PlacedRow[]> {
  const rows: PlacedRow[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return refuse('Data.Malformed', `Line ${index + 1} is no JSON: ${whereOf(line, false)}.`);
    }
    if (!isObject(value)) {
      return refuse('Data.Malformed', `Line ${index + 1} holds ${quote(line)}, no object with named values.`);
    }
    rows.push({ row: value, at: index + 1 });
  }
  return { ok: true, value: rows };
}

function findRows(whole: unknown): Reading<PlacedRow[]> {
  const direct = rowsOf(whole);
  if (direct) return direct;
  const inner = isObject(whole)
    ? Object.entries(whole).flatMap(([key, value]) => {
        const rows = rowsOf(value);
        return rows?.ok && rows.value.length > 0 ? [{ key, rows }] : [];
      })
    : [];
  const [only, other] = inner;
  if (only && !other) return only.rows;
  if (only && other) {
    return refuse(
      'Data.Malformed',
      `The file holds several tables (${inner.map(({ key }) => quote(key)).join(', ')}): give one.`,
    );
  }
  return Array.isArray(whole) && whole.length === 0
    ? refuse('Data.Empty', 'The file holds an empty list.')
    : refuse(
        'Data.Malformed',
        'The file holds no table: neither a list of objects nor an object of equally long lists.',
      );
}

/** Null of what is no table; refused where it begins like one and does not go on so. */
function rowsOf(value: unknown): Reading<PlacedRow[]> | null {
  if (Array.isArray(value)) return value.length === 0 ? null : rowsOfList(value as unknown[]);
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  const lists = entries.flatMap(([key, list]) =>
    Array.isArray(list) ? [{ key, list: list as unknown[] }] : [],
  );
  if (lists.length < 2 || lists.length < entries.length || lists.some(({ list }) => list.some(isStructure)))
    return null;
  const [first] = lists;
  const uneven = lists.find(({ list }) => list.length !== first?.list.length);
  if (first && uneven) {
    return refuse(
      'Data.Malformed',
      `The list ${quote(uneven.key)} has ${uneven.list.length} values; ${quote(first.key)} has ${first.list.length}.`,
    );
  }
  return {
    ok: true,
    value: (first?.list ?? []).map((_, at) => ({
      at: at + 1,
      row: Object.fromEntries(lists.map(({ key, list }) => [key, list[at]])),
    })),
  };
}

function rowsOfList(list: unknown[]): Reading<PlacedRow[]> | null {
  const [first] = list;
  if (isObject(first)) {
    const odd = list.findIndex((each) => !isObject(each));
    if (odd >= 0)
      return refuse('Data.Malformed', `Element ${odd + 1} of the list is no object, as the others are.`);
    return { ok: true, value: (list as Row[]).map((row, index) => ({ row, at: index + 1 })) };
  }
  if (!Array.isArray(first)) return null;
  const names = first.map(textOf);
  const odd = list.findIndex((each) => !Array.isArray(each) || each.length !== names.length);
  if (odd >= 0) {
    return refuse(
      'Data.Malformed',
      `Element ${odd + 1} of the list is no list of ${names.length}, as the first is.`,
    );
  }
  return {
    ok: true,
    value: (list.slice(1) as unknown[][]).map((values, index) => ({
      at: index + 2,
      row: Object.fromEntries(names.map((name, column) => [name, values[column]])),
    })),
  };
}

/** Keys in the order in which they first appear; a row without one has no value there. */
function gridOfRows(placed: PlacedRow[], place: 'line' | 'element'): Reading<Grid> {
  const columns = new Map<string, number>();
  const flattened = placed.map(({ row, at }) => {
    const cells = new Map<number, string>();
    for (const [key, value] of flatten(row)) {
      let column = columns.get(key);
      if (column === undefined) columns.set(key, (column = columns.size));
      cells.set(column, textOf(value));
    }
    return { cells, at };
  });
  const names = [...columns.keys()].map((name) => name.trim());
  const records: GridRecord[] = flattened.map(({ cells, at }) => ({
    line: at,
    cells: names.map((_, column) => cells.get(column) ?? ''),
  }));
  const grid: Grid = {
    place,
    delimiter: null,
    sheet: null,
    headed: true,
    records: [{ cells: names, line: 0 }, ...records],
    findings: [],
  };
  return { ok: true, value: grid };
}

function* flatten(row: Row): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(row)) {
    if (!isObject(value)) yield [key, value];
    else for (const [inner, each] of Object.entries(value)) yield [`${key}.${inner}`, each];
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return (
    typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
  ).trim();
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStructure(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where the text stops being JSON, by line and column. */
function whereOf(text: string, lines = true): string {
  const position = findJsonFault(text);
  const { line, column } = placeIn(text, position);
  const [found = ''] = text.slice(position, position + 12).split('\n');
  const place = lines ? `line ${line}, column ${column}` : `column ${column}`;
  return found === ''
    ? `it ends too soon, at ${place}`
    : `${quote(found)} at ${place} was not to be expected`;
}

function placeIn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') };
}
