import { readNumber } from './parse-number.ts';
import type { DecimalMark } from './parse-number.ts';
import { parsePeriod } from './parse-period.ts';
import type { DayOrder } from './parse-period.ts';
import { dateOf } from './settle-ledger.ts';

const DATES_KEPT = 100_000;

/** Days by what is written: in a ledger many rows share a date. */
export class DateCache {
  private readonly order: DayOrder;
  private readonly days = new Map<string, number | null>();
  private last = '';
  private lastDay: number | null = null;

  constructor(order: DayOrder) {
    this.order = order;
  }

  dayOf(cell: string): number | null {
    if (cell === this.last) return this.lastDay;
    const date = cell.length > 8 ? dateOf(cell) : cell;
    let day = this.days.get(date);
    if (day === undefined) {
      day = parsePeriod(date, this.order);
      if (this.days.size >= DATES_KEPT) this.days.clear();
      this.days.set(date, day);
    }
    this.last = cell;
    this.lastDay = day;
    return day;
  }
}

/** The numbers of one row, each read once. */
export class RowNumbers {
  private readonly mark: DecimalMark;
  private cells: readonly string[] = [];
  private row = 0;
  private readonly rows: number[] = [];
  private readonly numbers: (number | null)[] = [];

  constructor(mark: DecimalMark) {
    this.mark = mark;
  }

  readonly read = (position: number): number | null => this.at(position);

  start(cells: readonly string[]): void {
    this.cells = cells;
    this.row += 1;
  }

  at(position: number): number | null {
    if (this.rows[position] === this.row) return this.numbers[position] ?? null;
    this.rows[position] = this.row;
    const cell = this.cells[position] ?? '';
    const number = readNumber(cell, this.mark);
    this.numbers[position] = number;
    return number;
  }
}
