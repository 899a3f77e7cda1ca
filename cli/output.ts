import { styleText } from 'node:util';
import { failures, isFailureType } from '../contracts/failures.ts';
import { UsageError, failureTypeOf } from './exit-codes.ts';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Text in a style, where the terminal takes it. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: textStream });
}

/** Without what would move the cursor, hide, or turn text around: what a model or a document says is shown, not obeyed. */
export function asText(line: string): string {
  return line
    .replaceAll(/(\p{Cc})(\[[\d;]*m)?/gu, (all: string, control: string, style: string | undefined) => {
      const kept = control === '\n' || control === '\t' || (control === escape && style !== undefined);
      return kept ? all : (style ?? '');
    })
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');
}

const escape = '\u001b';

let textStream: NodeJS.WriteStream = process.stdout;

/** From now on text for people goes to standard error: standard output is for JSON. */
export function sendTextAside(): void {
  textStream = process.stderr;
}

export function print(line = ''): void {
  textStream.write(`${asText(line)}\n`);
}

/** One JSON value on standard output, and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Progress and remarks: on standard error, so that what a command prints can be piped on. */
export function say(line: string): void {
  process.stderr.write(`${asText(line)}\n`);
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

/** Columns that a text takes in a terminal: Chinese, Japanese and Korean characters take two. */
function widthOf(text: string): number {
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
  const mend = isFailureType(type) ? failures[type].mend : undefined;
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ error: { type: type ?? (error instanceof UsageError ? error.type : 'Error'), message, ...(mend && { mend }) } })}\n`,
    );
  } else {
    say(`${paint('red', 'error')} ${message}${type ? paint('dim', ` (${type})`) : ''}`);
    if (mend) say(`      ${mend}`);
  }
  if (options.trace && error instanceof Error && error.stack) say(error.stack);
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
