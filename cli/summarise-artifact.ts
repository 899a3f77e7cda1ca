import type { Json, JsonObject } from '../contracts/json.ts';
import { formatTable } from './output.ts';

const rowsAtMost = 30;
const cellAtMost = 28;
const lineAtMost = 110;

/** An artifact in a few lines for a terminal: its plain members, and each list as a table. Long texts are left out. */
export function summariseArtifact(value: Json): string[] {
  if (!isObject(value)) return [cell(value)];
  const plain = Object.entries(value).filter(([, member]) => isShort(member));
  const lists = Object.entries(value).flatMap(([name, member]): [string, JsonObject[]][] =>
    Array.isArray(member) && member.length > 0 && member.every(isObject) ? [[name, member]] : [],
  );
  return [
    ...(plain.length > 0 ? [plain.map(([name, member]) => `${name} ${cell(member)}`).join(', ')] : []),
    ...lists.flatMap(([name, rows]) => ['', `${name} (${rows.length})`, ...tableOf(rows)]),
  ];
}

function tableOf(rows: JsonObject[]): string[] {
  const columns = [...new Set(rows.flatMap(Object.keys))]
    .filter((column) => saysSomething(column, rows))
    .sort((one, other) => rankOf(one, rows) - rankOf(other, rows));
  const shown = rows.slice(0, rowsAtMost).map((row) => columns.map((column) => cell(row[column] ?? null)));
  const fitting = columnsThatFit([columns, ...shown]);
  const table = formatTable([columns, ...shown].map((row) => row.slice(0, fitting)));
  return [...table, ...(rows.length > rowsAtMost ? [`… and ${rows.length - rowsAtMost} more`] : [])];
}

/** Short in every row, and not the same in all of them, nor the id in other letters. */
function saysSomething(column: string, rows: JsonObject[]): boolean {
  const cells = rows.map((row) => row[column] ?? null);
  if (!cells.every((one) => one === null || isShort(one) || isSeries(one))) return false;
  if (column === 'label' && rows.every(({ id, label }) => isLike(id, label))) return false;
  return rows.length === 1 || new Set(cells.map((one) => JSON.stringify(one))).size > 1;
}

function isLike(one: Json | undefined, other: Json | undefined): boolean {
  const plain = (value: Json | undefined): string =>
    JSON.stringify(value ?? '')
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' ');
  return plain(one) === plain(other);
}

/** The id first, then short words and figures, then series (bounds of another, such as `lower80`, after it), then texts. */
function rankOf(column: string, rows: JsonObject[]): number {
  if (column === 'id') return 0;
  if (rows.some((row) => cell(row[column] ?? null).length >= cellAtMost && column !== 'label')) return 5;
  if (!rows.some((row) => isSeries(row[column] ?? null))) return column === 'label' ? 1 : 2;
  return /\d$/.test(column) ? 4 : 3;
}

function columnsThatFit(rows: string[][]): number {
  let width = 0;
  const [first = []] = rows;
  for (const index of first.keys()) {
    width += Math.max(...rows.map((row) => row[index]!.length)) + 2;
    if (width > lineAtMost) return Math.max(1, index);
  }
  return first.length;
}

function cell(value: Json): string {
  const text = isSeries(value)
    ? `${number(value[0]!)} … ${number(value.at(-1)!)}`
    : typeof value === 'number'
      ? number(value)
      : value === null
        ? '-'
        : typeof value === 'string'
          ? value
          : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > cellAtMost ? `${line.slice(0, cellAtMost - 1)}…` : line;
}

const number = (value: number): string => String(Number(value.toPrecision(5)));
const isSeries = (value: Json): value is number[] =>
  Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === 'number');
const isShort = (value: Json): boolean =>
  (typeof value === 'string' && value.length < 200) ||
  typeof value === 'number' ||
  typeof value === 'boolean';
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
