import { MAX_LINE } from './decode-text.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';

export interface SplitOptions {
  delimiter: string;
  /**
   * By column: whether its cells are wanted; the others are given as empty, and the list of cells is used again for
   * the next record. Where it is left out, all are wanted and each record has a list of its own.
   */
  wanted?: readonly boolean[];
  /** Lines that lie before the text. */
  linesBefore?: number;
}

/** Cells, trimmed, and the line of the file that the record starts on; a thrown error stops the reading. */
export type TakeRecord = (cells: string[], line: number, endLine: number) => void;

const QUOTE = 34;
const NEWLINE = 10;
const RETURN = 13;

/**
 * Splits RFC 4180 text that arrives in pieces into records: delimiters, quotes and line breaks may stand between
 * quotes, blank lines are passed over. A quote that opens within a cell, or goes on after it closed, is refused by
 * line and column, as is one that is never closed.
 */
export class RecordSplitter {
  private readonly delimiter: number;
  private readonly wanted: readonly boolean[] | undefined;
  private readonly take: TakeRecord;
  private readonly reused: string[] = [];
  private rest = '';
  private line: number;
  private fault: Reading<never> | null = null;

  constructor({ delimiter, wanted, linesBefore = 0 }: SplitOptions, take: TakeRecord) {
    this.delimiter = delimiter.charCodeAt(0);
    this.wanted = wanted;
    this.take = take;
    this.line = linesBefore + 1;
  }

  /** Takes more of the text; null, or what is wrong with it. */
  push(text: string): Reading<never> | null {
    if (this.fault) return this.fault;
    const whole = this.rest === '' ? text : this.rest + text;
    const end = this.split(whole, false);
    this.rest = end === 0 ? whole : whole.slice(end);
    if (!this.fault && this.rest.length > MAX_LINE) {
      this.fault = refuse(
        'Data.TooLarge',
        `The record that starts on line ${this.line} has over ${MAX_LINE} characters: is a quote left open?`,
      );
    }
    return this.fault;
  }

  /** Lines taken so far, those of an unfinished record included. */
  lines(): number {
    return this.line - 1 + (this.rest === '' ? 0 : this.rest.split('\n').length - 1);
  }

  /** Takes what is left as the last record. */
  end(): Reading<never> | null {
    if (!this.fault && this.rest !== '') this.split(this.rest, true);
    this.rest = '';
    return this.fault;
  }

  /** How far the text was split. */
  private split(text: string, last: boolean): number {
    let start = 0;
    // Sought once until it is passed: for each line anew, a text with few quotes would be searched through over and over.
    let quoted = text.indexOf('"');
    while (start < text.length && !this.fault) {
      const newline = text.indexOf('\n', start);
      if (newline < 0 && !last) return start;
      const lineEnd = newline < 0 ? text.length : newline;
      if (quoted >= 0 && quoted < start) quoted = text.indexOf('"', start);
      // Most lines have no quote: their delimiters can simply be sought.
      if (quoted < 0 || quoted > lineEnd) {
        this.splitPlain(text, start, lineEnd);
        start = lineEnd + 1;
        continue;
      }
      const next = this.splitQuoted(text, start, last);
      if (next < 0) return start;
      start = next;
    }
    return Math.min(start, text.length);
  }

  private splitPlain(text: string, start: number, lineEnd: number): void {
    const { delimiter, wanted, line } = this;
    this.line += 1;
    const end = lineEnd > start && text.charCodeAt(lineEnd - 1) === RETURN ? lineEnd - 1 : lineEnd;
    if (isBlank(text, start, end)) return;
    const cells = wanted === undefined ? [] : this.reused;
    let count = 0;
    let from = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && text.charCodeAt(at) !== delimiter) continue;
      cells[count] = wanted !== undefined && wanted[count] !== true ? '' : trimmed(text, from, at);
      count += 1;
      from = at + 1;
    }
    if (cells.length > count) cells.length = count;
    this.take(cells, line, line);
  }

  /** Where the next record starts; -1 where the text ends within this one. */
  private splitQuoted(text: string, start: number, last: boolean): number {
    const { delimiter } = this;
    const cells: string[] = [];
    let lines = 0;
    let at = start;
    for (;;) {
      while (at < text.length && isSpace(text.charCodeAt(at)) && text.charCodeAt(at) !== delimiter) at += 1;
      let cell: string;
      if (text.charCodeAt(at) === QUOTE) {
        const opened = at + 1;
        let close = text.indexOf('"', opened);
        while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
        // The character after a closing quote tells whether it closes.
        if (close < 0 || (close + 1 === text.length && !last)) {
          if (last) {
            this.refuseQuote(cells.length, this.line + lines, 'is never closed');
            return text.length;
          }
          return -1;
        }
        const raw = text.slice(opened, close);
        cell = (raw.includes('"') ? raw.replaceAll('""', '"') : raw).trim();
        for (let scan = raw.indexOf('\n'); scan >= 0; scan = raw.indexOf('\n', scan + 1)) lines += 1;
        at = close + 1;
        while (at < text.length && isSpace(text.charCodeAt(at)) && text.charCodeAt(at) !== delimiter) at += 1;
        const after = at < text.length ? text.charCodeAt(at) : NEWLINE;
        if (after !== delimiter && after !== NEWLINE) {
          this.refuseQuote(
            cells.length,
            this.line + lines,
            `goes on with ${quote((text.slice(at, at + 12).split('\n')[0] ?? '').trim())} after it closed`,
          );
          return text.length;
        }
      } else {
        const from = at;
        while (at < text.length && text.charCodeAt(at) !== delimiter && text.charCodeAt(at) !== NEWLINE) {
          if (text.charCodeAt(at) === QUOTE) {
            this.refuseQuote(
              cells.length,
              this.line + lines,
              'opens within the cell: write it twice, between quotes',
            );
            return text.length;
          }
          at += 1;
        }
        cell = trimmed(text, from, at);
      }
      cells.push(this.wanted !== undefined && this.wanted[cells.length] !== true ? '' : cell);
      if (at >= text.length && !last) return -1;
      if (at >= text.length || text.charCodeAt(at) === NEWLINE) break;
      at += 1;
    }
    this.take(cells, this.line, this.line + lines);
    this.line += lines + 1;
    return at + 1;
  }

  private refuseQuote(column: number, line: number, what: string): void {
    this.fault = refuse('Data.Malformed', `Line ${line}, column ${column + 1}: a quote ${what}.`);
  }
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!isSpace(text.charCodeAt(at))) return false;
  return true;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === RETURN || code === 0xa0;
}

function isInk(code: number): boolean {
  return code > 32 && code !== 0xa0;
}

function trimmed(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  // Hardly any cell begins or ends with a space, all of which lie at or below U+0020, or at U+00A0.
  if (isInk(text.charCodeAt(from)) && isInk(text.charCodeAt(to - 1))) return text.slice(from, to);
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
