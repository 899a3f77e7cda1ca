import type { Finding } from './agent.ts';
import { labelOf } from './calendar.ts';
import { findDerived } from './find-derived.ts';
import { findHierarchy } from './find-hierarchy.ts';
import type { SumRelation } from './find-hierarchy.ts';
import { MAX_RELATED } from './find-sums.ts';
import { findOutliers } from './find-outliers.ts';
import { observedValues } from './frame.ts';
import type { Frame, FrameColumn, LeftOut } from './frame.ts';

export interface Structure {
  frame: Frame;
  hierarchy: SumRelation[];
  findings: Finding[];
  leftOut: LeftOut[];
}

/** Outliers of a column named one by one before the rest is counted. */
const NAMED_OUTLIERS = 5;
/** Of a column's values, the share of outliers from which it is its nature to jump. */
const SPIKY = 0.05;

/** Leaves out what is no series of its own, finds what adds up to what, and notes what looks odd. */
export function findStructure(frame: Frame, unwanted: string[]): Structure {
  const leftOut: LeftOut[] = [];
  const keep = (columns: FrameColumn[], reasonFor: (column: FrameColumn) => string | undefined) =>
    columns.filter((column) => {
      const reason = reasonFor(column);
      if (reason !== undefined) leftOut.push({ column: column.name, reason });
      return reason === undefined;
    });

  const wanted = keep(frame.columns, ({ name }) =>
    unwanted.includes(name) ? 'left out as asked' : undefined,
  );
  const telling = keep(wanted, (column) => restatesPeriod(frame, column));
  const narrow = telling.length <= MAX_RELATED;
  const varied = narrow ? telling.filter((column) => !isConstant(column)) : [];
  const derived = new Map(
    findDerived(observed(frame, varied), frame.calendar.season).map(({ column, reason }) => [column, reason]),
  );
  const original = keep(telling, ({ name }) => derived.get(name));
  const { relations, doubtful } = findHierarchy(narrow ? observed(frame, original) : []);
  const members = new Set(relations.flatMap(({ total, parts }) => [total, ...parts]));
  const series = keep(original, (column) =>
    isConstant(column) && !members.has(column.name) ? 'has the same value in every period' : undefined,
  );
  const findings = [
    ...unknownNames(frame, unwanted),
    ...noteDoubts(doubtful),
    ...(narrow ? [] : [noteWidth(telling.length)]),
    ...series.flatMap((column) => [...lateStart(frame, column), ...outliersOf(frame, column)]),
  ];
  if (series.length > 0 && series.every(({ unit }) => unit === null)) {
    findings.push({
      kind: 'unit-unknown',
      severity: 'note',
      message: 'No header and no cell states a unit; figures are shown as they stand.',
      repaired: false,
    });
  }
  return { frame: { ...frame, columns: series }, hierarchy: relations, findings, leftOut };
}

function observed(frame: Frame, columns: FrameColumn[]): { name: string; values: (number | null)[] }[] {
  return columns.map((column) => ({ name: column.name, values: observedValues(frame, column) }));
}

function isConstant({ values }: FrameColumn): boolean {
  const present = values.filter((value) => value !== null);
  return present.every((value) => value === present[0]);
}

/** Columns such as a row number, or the year and the month of the period once more. */
function restatesPeriod(frame: Frame, { values }: FrameColumn): string | undefined {
  const first = values[0] ?? null;
  if (first !== null && Number.isInteger(first) && values.every((value, row) => value === first + row)) {
    return 'counts the rows';
  }
  const labels = frame.periods.map((period) => labelOf(period, frame.calendar));
  for (const part of [0, 1, 2]) {
    const numbers = labels.map((label) => Number(label.split('-')[part]?.replace(/^[QW]/, '') ?? Number.NaN));
    if (values.every((value, row) => value === numbers[row])) return 'repeats a part of the period';
  }
  return undefined;
}

function unknownNames(frame: Frame, unwanted: string[]): Finding[] {
  return unwanted
    .filter((name) => frame.columns.every((column) => column.name !== name))
    .map((name) => ({
      kind: 'unknown-column',
      severity: 'warning',
      message: `${name} was to be left out, but there is no such column of numbers.`,
      repaired: false,
    }));
}

function noteWidth(count: number): Finding {
  return {
    kind: 'too-wide',
    severity: 'note',
    message: `${count} columns are too many to seek sums and derived columns among; the limit is ${MAX_RELATED}.`,
    repaired: false,
  };
}

/** One finding for each reason: in a wide table many columns share it. */
function noteDoubts(doubtful: LeftOut[]): Finding[] {
  return [...Map.groupBy(doubtful, ({ reason }) => reason)].map(([reason, doubts]) => {
    const names = doubts.map(({ column }) => column);
    const shown =
      names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
    const [column] = names.length === 1 ? names : [];
    return {
      kind: 'doubtful-sum',
      severity: 'note',
      ...(column === undefined ? {} : { column }),
      message: `Counted as no total: ${shown}, since ${reason}.`,
      repaired: false,
    };
  });
}

function lateStart(frame: Frame, { name, values }: FrameColumn): Finding[] {
  const first = values.findIndex((value) => value !== null);
  if (first <= 0) return [];
  const label = labelOf(frame.periods[first] ?? 0, frame.calendar);
  return [
    {
      kind: 'late-start',
      severity: 'note',
      column: name,
      message: `Begins only in ${label}.`,
      repaired: false,
    },
  ];
}

function outliersOf(frame: Frame, column: FrameColumn): Finding[] {
  const found = findOutliers(column.values, frame.calendar.season).sort((a, b) => b.score - a.score);
  if (found.length > column.values.length * SPIKY) {
    const message = `${found.length} of ${column.values.length} values jump away and back: too many for one to stand out.`;
    return [{ kind: 'spiky', severity: 'note', column: column.name, message, repaired: false }];
  }
  const named = found.slice(0, NAMED_OUTLIERS).map(({ row, value, expected, score }): Finding => {
    const line = frame.lines[row] ?? null;
    return {
      kind: 'outlier',
      severity: 'warning',
      column: column.name,
      ...(line === null ? {} : { row: line }),
      message:
        `${labelOf(frame.periods[row] ?? 0, frame.calendar)} is ${value}, where about ` +
        `${Number(expected.toFixed(column.decimals))} was to be expected (${score.toFixed(1)} robust deviations): kept.`,
      repaired: false,
    };
  });
  const rest = found.length - named.length;
  const more: Finding = {
    kind: 'outlier',
    severity: 'warning',
    column: column.name,
    message: `${rest} more values jump away and back: kept.`,
    repaired: false,
  };
  return rest > 0 ? [...named, more] : named;
}
