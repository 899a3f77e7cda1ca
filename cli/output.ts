import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { isFailureType } from '../contracts/failures.ts';
import { UsageError, failureTypeOf } from './exit-codes.ts';
import { linkTo } from './explain-failure.ts';
import { withCaller } from './how-to-call.ts';
import { kindOfFailure, mendOf, phrase } from './language/phrase.ts';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

// What a style begins with until it is printed. Nothing that a model or a document says can hold it by chance or on purpose.
const mark = `\u{f0000}${randomUUID()}\u{f0000}`;
const escape = '\u001b[';

/** Text in a style, where the terminal takes it; `print` and `say` alone show it. */
export function paint(style: Style, text: string): string {
  return styleText(style, asText(text), { stream: textStream }).replaceAll(escape, mark);
}

/**
 * One line that shows what it holds and obeys nothing of it, whoever wrote it: control characters are left out, line
 * breaks are `⏎`, and what turns text around or can't be seen is its code, such as `<U+202E>`.
 */
export function asText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n|[\n\u0085\u2028\u2029]/g, '⏎')
    .replaceAll('\t', ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .replaceAll(unseen, (one) => `<U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`);
}

/** Formatting characters and blank letters, but not what joins letters of a script or emoji to one. */
const unseen = /(?![\u200c\u200d])\p{Cf}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/gu;

function shown(line: string): string {
  return asText(line).replaceAll(mark, escape);
}

let textStream: NodeJS.WriteStream = process.stdout;

/** From now on text for people goes to standard error: standard output is for JSON. */
export function sendTextAside(): void {
  textStream = process.stderr;
}

export function print(line = ''): void {
  textStream.write(`${endStanding()}${shown(line)}\n`);
}

let standing = '';

/** A dim line at a terminal that the next one, of either kind, takes the place of; nothing where there is no terminal. */
export function printStanding(line: string): void {
  if (!textStream.isTTY || line === standing) return;
  // Short of a whole line: one that fills the last column may go on to the next.
  const cut = cutText(asText(line), columnsOfTerminal() - 2);
  textStream.write(`${endStanding()}${shown(paint('dim', cut))}`);
  standing = line;
}

function endStanding(): string {
  if (standing === '') return '';
  standing = '';
  return '\r\u001b[2K';
}

/** One JSON value on standard output, and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** One JSON value on a line of its own. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Progress and remarks: on standard error, so that what a command prints can be piped on. */
export function say(line: string): void {
  process.stderr.write(`${shown(line)}\n`);
}

/** Rows in columns. */
export function formatTable(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, widths[column]! - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** Rows in columns; the first row is the heading. */
export function printTable(rows: string[][]): void {
  for (const [index, line] of formatTable(rows).entries()) print(index === 0 ? paint('bold', line) : line);
}

/** A line that begins with what it is about; the label takes this many columns at least. */
export function labelled(label: string, text: string, width = 11): string {
  return `${label}${' '.repeat(Math.max(1, width - widthOf(label)))}${text}`;
}

/** A text that is at most this wide, `…` where something was cut off. */
export function cutText(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  for (const character of text) {
    if (widthOf(cut + character) >= width) break;
    cut += character;
  }
  return `${cut}…`;
}

/** Columns that text for people may take: those of the terminal, or 114 where there is none. */
export function columnsOfTerminal(): number {
  return textStream.isTTY ? textStream.columns : 114;
}

/** Columns that a text takes in a terminal: Chinese, Japanese and Korean characters take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        character,
      )
        ? 2
        : 1;
  return width;
}

/** What happened, to which name, and what to do; as JSON where that was asked for. */
export function printFailure(error: unknown, options: { json: boolean; trace: boolean }): void {
  const type = failureTypeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const kind = isFailureType(type) && kindOfFailure(type) !== null ? `${kindOfFailure(type)}：` : '';
  const mend = isFailureType(type) ? mendOf(type) : undefined;
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ error: { type: type ?? (error instanceof UsageError ? error.type : 'Error'), message, ...(mend && { mend }), ...(isFailureType(type) && { page: linkTo(type) }) } })}\n`,
    );
  } else {
    say(`${paint('red', phrase`error`)} ${kind}${message}${type ? paint('dim', ` (${type})`) : ''}`);
    if (mend) say(`      ${withCaller(mend)}`);
    if (isFailureType(type)) say(paint('dim', `      ${linkTo(type)}`));
  }
  if (options.trace && error instanceof Error) for (const line of error.stack?.split('\n') ?? []) say(line);
}

/** A moment as a person reads it: to the second, in UTC. */
export function readableMoment(moment: string): string {
  return `${moment.slice(0, 19).replace('T', ' ')} UTC`;
}

/** Milliseconds as a person reads them. */
export function readableDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function readableBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
