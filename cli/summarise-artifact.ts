import type { Json, JsonObject } from '../contracts/json.ts';
import { cutText, formatTable, widthOf } from './output.ts';

const rowsAtMost = 30;
/** Columns that a cell gets before all columns have their place. */
const cellAtFirst = 28;
const nameAtMost = 40;
const textAtLeast = 16;
const gap = 2;

/**
 * An artifact in a few lines of this width: its plain members, its lists of sentences, and each list of objects as a
 * table. Long texts are left out.
 */
export function summariseArtifact(value: Json, width = 110): string[] {
  if (!isObject(value)) return [cutText(textOf(value), width)];
  const members = Object.entries(value);
  const plain = members.flatMap(([name, member]) =>
    isObject(member) && Object.values(member).every(isShort)
      ? [`${name} (${wordsOf(member)})`]
      : isShort(member) || isSeries(member) || isSpan(member)
        ? [`${name} ${textOf(member)}`]
        : [],
  );
  return [
    ...fillLines(plain, width),
    ...members.flatMap(([name, member]) =>
      isSentences(member)
        ? ['', name, ...limitRows(member).flatMap((one) => wrapText(textOf(one), width))]
        : [],
    ),
    ...members.flatMap(([name, member]) => (isRows(member) ? ['', ...tableOf(name, member, width)] : [])),
  ];
}

/** `parts` with commas between them, on as few lines as hold them. */
function fillLines(parts: string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const joined = `${lines.at(-1) ?? ''}, ${part}`;
    if (lines.length > 0 && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(cutText(part, width));
  }
  return lines;
}

/** A sentence as an item of a list, broken at blanks. */
function wrapText(text: string, width: number): string[] {
  const lines = ['-'];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)!} ${word}`;
    if (widthOf(longer) <= width || lines.at(-1)!.trim() === '') lines[lines.length - 1] = longer;
    else lines.push(`  ${word}`);
  }
  return lines.map((line) => cutText(line, width));
}

/** What is the same in all rows stands in the heading, so that no column says it again and again. */
function tableOf(name: string, given: JsonObject[], width: number): string[] {
  const rows = given.map(flatten);
  const known = [...new Set(rows.flatMap(Object.keys))].filter((column) => saysSomething(column, rows));
  const same = known.filter((column) => isSame(column, rows));
  const columns = known
    .filter((column) => !same.includes(column))
    .map((column) => ({ column, rank: rankOf(column, rows), width: widest(column, rows) }))
    .sort((one, other) => one.rank - other.rank || (one.rank === 2 ? one.width - other.width : 0));
  const { shown, left } = layOut(columns, width);
  const table = formatTable(
    [null, ...rows.slice(0, rowsAtMost)].map((row) =>
      shown.map((one) => cutText(row === null ? one.column : textOf(row[one.column] ?? null), one.width)),
    ),
  );
  const common = Object.fromEntries(same.map((column) => [column, rows[0]![column] ?? null]));
  return [
    cutText(`${name} (${rows.length})${same.length > 0 ? `, all with ${wordsOf(common)}` : ''}`, width),
    ...table,
    ...(rows.length > rowsAtMost ? [`… and ${rows.length - rowsAtMost} more`] : []),
    ...(left.length > 0 ? [cutText(`not shown: ${left.join(', ')}`, width)] : []),
  ];
}

const limitRows = (lines: string[]): string[] =>
  lines.length > rowsAtMost
    ? [...lines.slice(0, rowsAtMost), `… and ${lines.length - rowsAtMost} more`]
    : lines;

/** A row with the figures of its parts, such as `backtest`, beside its own. */
function flatten(row: JsonObject): JsonObject {
  const flat: JsonObject = {};
  for (const [name, member] of Object.entries(row))
    if (isObject(member) && Object.values(member).every((one) => one === null || isShort(one)))
      for (const [inner, value] of Object.entries(member))
        flat[Object.hasOwn(row, inner) ? `${name}.${inner}` : inner] = value;
    else flat[name] = member;
  return flat;
}

/** Short in every row, and not the id in other letters. */
function saysSomething(column: string, rows: JsonObject[]): boolean {
  const cells = rows.map((row) => row[column] ?? null);
  if (!cells.every((one) => one === null || isShort(one) || isSeries(one) || isSpan(one))) return false;
  return !(column === 'label' && rows.every(({ id, label }) => isLike(id, label)));
}

const isSame = (column: string, rows: JsonObject[]): boolean =>
  rows.length > 1 && new Set(rows.map((row) => JSON.stringify(row[column] ?? null))).size === 1;

function isLike(one: Json | undefined, other: Json | undefined): boolean {
  const plain = (value: Json | undefined): string =>
    JSON.stringify(value ?? '')
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' ');
  return plain(one) === plain(other);
}

/** Names first, then short words and figures, then series (bounds of another, such as `lower80`, after it), then texts. */
function rankOf(column: string, rows: JsonObject[]): number {
  const cells = rows.map((row) => row[column] ?? null);
  if (column === 'id') return 0;
  if (!rows.some((row) => 'id' in row) && cells.every(isWord)) return 0;
  if (cells.some(isSpan)) return 5;
  if (cells.some(isSeries)) return /\d$/.test(column) ? 4 : 3;
  if (column === 'label') return 1;
  const longest = Math.max(...cells.map((one) => widthOf(textOf(one))));
  return longest >= cellAtFirst ? 5 : longest >= cellAtFirst / 2 ? 3 : 2;
}

const widest = (column: string, rows: JsonObject[]): number =>
  Math.max(widthOf(column), ...rows.slice(0, rowsAtMost).map((row) => widthOf(textOf(row[column] ?? null))));

interface Column {
  column: string;
  rank: number;
  /** What its longest cell needs. */
  width: number;
}

/** The columns that fit, each as wide as room is left for it, and the names of the others. */
function layOut(columns: Column[], room: number): { shown: Column[]; left: string[] } {
  const shown: Column[] = [];
  const left: string[] = [];
  let used = -gap;
  for (const column of columns) {
    const least = Math.min(column.width, column.rank === 0 ? nameAtMost : cellAtFirst);
    // A text that is cut shorter still tells something; half a figure misleads.
    const free = room - used - gap;
    const width = column.rank === 5 && free >= textAtLeast ? Math.min(least, free) : least;
    if (shown.length > 0 && used + gap + width > room) left.push(column.column);
    else {
      shown.push({ ...column, width });
      used += gap + width;
    }
  }
  for (const one of shown) {
    const wanted = columns.find(({ column }) => column === one.column)!.width;
    const more = Math.max(0, Math.min(wanted - one.width, room - used));
    one.width += more;
    used += more;
  }
  return { shown, left };
}

const wordsOf = (value: JsonObject): string =>
  Object.entries(value)
    .map(([name, member]) => `${name} ${textOf(member)}`)
    .join(', ');

/** A value on one line. */
function textOf(value: Json): string {
  const text = isSeries(value)
    ? `${number(value[0]!)} … ${number(value.at(-1)!)}`
    : isSpan(value)
      ? spanOf(value)
      : typeof value === 'number'
        ? number(value)
        : value === null
          ? '-'
          : typeof value === 'string'
            ? value
            : JSON.stringify(value);
  return text.replaceAll(/\s+/g, ' ');
}

/** All where they are few, else the first and the last, as of periods. */
function spanOf(words: string[]): string {
  const all = words.join(', ');
  return words.length <= 6 || words.some((word) => !/^\d/.test(word))
    ? all
    : `${words[0]} … ${words.at(-1)} (${words.length})`;
}

const number = (value: number): string => String(Number(value.toPrecision(5)));
const isSeries = (value: Json): value is number[] =>
  Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === 'number');
const isWord = (value: Json): value is string => typeof value === 'string' && /^\S{1,40}$/.test(value);
/** Words without blanks, such as periods or ids. */
const isSpan = (value: Json): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isWord);
const isSentences = (value: Json): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string') && !isSpan(value);
const isRows = (value: Json): value is JsonObject[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject);
const isShort = (value: Json): boolean =>
  (typeof value === 'string' && value.length < 200) ||
  typeof value === 'number' ||
  typeof value === 'boolean';
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
