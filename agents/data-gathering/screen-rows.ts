import { z } from 'zod';
import type { Finding } from './agent.ts';
import { isMissing } from './parse-number.ts';

/** What a row may be told by: one column, and what holds of its cell. */
export const Condition = z.intersection(
  z.object({ column: z.string() }),
  z.union([
    z.object({ startsWith: z.string() }),
    z.object({ oneOf: z.array(z.string()) }),
    /** A regular expression, without regard to case. */
    z.object({ matches: z.string() }),
    z.object({ missing: z.boolean() }),
    z.object({ below: z.number() }),
    z.object({ above: z.number() }),
    z.object({ equals: z.number() }),
  ]),
);
export type Condition = z.infer<typeof Condition>;

/** Rows of a kind that are counted: all conditions hold, and no screen before it left the row out. */
export const Screen = z.object({
  kind: z.string(),
  when: z.array(Condition).min(1),
  treat: z.enum(['leaveOut', 'keep']),
});
export type Screen = z.infer<typeof Screen>;

/** What a screen found: also what its rows would have added, by measure. */
export interface Screened {
  kind: string;
  treat: Screen['treat'];
  rows: number;
  firstLine: number;
  lastLine: number;
  sums: { [measure: string]: number };
}

export type CellAt = (column: string) => number;
/** Whether a row is of a kind, by its cells and by the numbers that were read from them. */
export type RowTest = (cells: readonly string[], numberAt: (position: number) => number | null) => boolean;

export function compileScreen({ when }: Screen, positionOf: CellAt): RowTest {
  const tests = when.map((condition) => compileCondition(condition, positionOf(condition.column)));
  const [only] = tests;
  return tests.length === 1 && only
    ? only
    : (cells, numberAt) => tests.every((test) => test(cells, numberAt));
}

function compileCondition(condition: Condition, at: number): RowTest {
  if ('startsWith' in condition) return (cells) => cells[at]?.startsWith(condition.startsWith) ?? false;
  if ('oneOf' in condition) {
    const among = new Set(condition.oneOf);
    return (cells) => among.has(cells[at] ?? '');
  }
  if ('matches' in condition) {
    const pattern = new RegExp(condition.matches, 'i');
    return (cells) => pattern.test(cells[at] ?? '');
  }
  if ('missing' in condition) return (cells) => isMissing(cells[at] ?? '') === condition.missing;
  if ('below' in condition) return numberTest(at, (number) => number < condition.below);
  if ('above' in condition) return numberTest(at, (number) => number > condition.above);
  return numberTest(at, (number) => number === condition.equals);
}

function numberTest(at: number, holds: (number: number) => boolean): RowTest {
  return (_cells, numberAt) => {
    const number = numberAt(at);
    return number !== null && holds(number);
  };
}

/** Columns whose numbers the screens look at. */
export function numericColumns(screens: readonly Screen[]): string[] {
  return screens.flatMap(({ when }) =>
    when.flatMap((condition) =>
      'below' in condition || 'above' in condition || 'equals' in condition ? [condition.column] : [],
    ),
  );
}

/** What was counted, for a process to read (`kind`, `count`) and for a person (`message`). */
export function describeScreened(
  { kind, treat, rows, firstLine, lastLine, sums }: Screened,
  read: number,
  column: string | undefined,
): Finding {
  const share = ((rows / Math.max(1, read)) * 100).toFixed(2);
  const [most] = Object.entries(sums);
  const effect = most ? `, ${most[0]} of them ${Number(most[1].toPrecision(12))}` : '';
  return {
    kind,
    severity: treat === 'leaveOut' ? 'warning' : 'note',
    ...(column === undefined ? {} : { column }),
    row: firstLine,
    count: rows,
    message:
      `${rows} of ${read} rows (${share} %), from line ${firstLine} to ${lastLine}${effect}: ` +
      `${treat === 'leaveOut' ? 'left out' : 'kept'}.`,
    repaired: treat === 'leaveOut',
  };
}
