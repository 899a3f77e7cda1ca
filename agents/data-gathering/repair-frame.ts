import type { Finding } from './agent.ts';
import { labelOf } from './calendar.ts';
import { chooseFillMethod, fillGap, findGaps } from './fill-gaps.ts';
import { findHierarchy } from './find-hierarchy.ts';
import { observedValues } from './frame.ts';
import type { Frame, FrameColumn, LeftOut, Problem } from './frame.ts';

export interface Repaired {
  frame: Frame;
  findings: Finding[];
  leftOut: LeftOut[];
}

type Repair = (frame: Frame, problem: Problem) => Repaired;

const REPAIRS: { [name: string]: Repair } = {
  sortRows,
  dropDuplicateRows,
  addMissingRows,
  keepFirst: (frame, problem) => mergeRows(frame, problem, (values) => values[0] ?? null),
  keepLast: (frame, problem) => mergeRows(frame, problem, (values) => values.at(-1) ?? null),
  average: (frame, problem) => mergeRows(frame, problem, (values) => reduce(values, values.length)),
  add: (frame, problem) => mergeRows(frame, problem, (values) => reduce(values, 1)),
  restoreFromSums,
  interpolate,
  zero,
  leaveOut,
  startAfter: (frame, problem) => cut(frame, problem, (period, [, last]) => period > last),
  endBefore: (frame, problem) => cut(frame, problem, (period, [first]) => period < first),
};

/** Applies the repair that each problem names, in order; a problem without one is left for a person. */
export function repairFrame(frame: Frame, problems: Problem[]): Repaired {
  let result: Repaired = { frame, findings: [], leftOut: [] };
  for (const problem of problems) {
    const repair = problem.repair === null ? undefined : REPAIRS[problem.repair];
    if (!repair) continue;
    const next = repair(result.frame, problem);
    result = {
      frame: next.frame,
      findings: [...result.findings, ...next.findings],
      leftOut: [...result.leftOut, ...next.leftOut],
    };
  }
  return result;
}

function selectRows(frame: Frame, rows: number[]): Frame {
  const pick = <T>(values: T[], empty: T): T[] => rows.map((row) => values[row] ?? empty);
  return {
    ...frame,
    periods: pick(frame.periods, 0),
    lines: pick(frame.lines, null),
    columns: frame.columns.map((column) => ({
      ...column,
      values: pick(column.values, null),
      ...(column.lines && { lines: pick(column.lines, null) }),
    })),
  };
}

function sortRows(frame: Frame): Repaired {
  const order = [...frame.periods.keys()].sort(
    (a, b) => (frame.periods[a] ?? 0) - (frame.periods[b] ?? 0) || a - b,
  );
  const first = frame.periods.findIndex(
    (period, row) => row > 0 && period < (frame.periods[row - 1] ?? period),
  );
  const finding: Finding = {
    kind: 'unsorted',
    severity: 'note',
    row: frame.lines[first] ?? 0,
    message: `Rows were put in the order of their periods; the first out of order was ${label(frame, first)}.`,
    repaired: true,
  };
  return { frame: selectRows(frame, order), findings: [finding], leftOut: [] };
}

function dropDuplicateRows(frame: Frame): Repaired {
  const seen = new Set<string>();
  const kept: number[] = [];
  const findings: Finding[] = [];
  frame.periods.forEach((period, row) => {
    const content = JSON.stringify([period, frame.columns.map(({ values }) => values[row] ?? null)]);
    if (!seen.has(content)) {
      seen.add(content);
      kept.push(row);
      return;
    }
    findings.push({
      kind: 'duplicate-row',
      severity: 'note',
      row: frame.lines[row] ?? 0,
      message: `The row repeats ${label(frame, row)} with the same values: dropped.`,
      repaired: true,
    });
  });
  return { frame: selectRows(frame, kept), findings, leftOut: [] };
}

function addMissingRows(frame: Frame): Repaired {
  const first = frame.periods[0] ?? 0;
  const count = (frame.periods.at(-1) ?? first) - first + 1;
  const rowOf = new Map(frame.periods.map((period, row) => [period, row]));
  const periods = Array.from({ length: count }, (_, at) => first + at);
  const added = {
    ...selectRows(
      frame,
      periods.map((period) => rowOf.get(period) ?? -1),
    ),
    periods,
  };
  const findings = periods
    .filter((period) => !rowOf.has(period))
    .map((period): Finding => ({
      kind: 'missing-period',
      severity: 'warning',
      message: `The file has no row for ${labelOf(period, frame.calendar)}: one was put in.`,
      repaired: true,
    }));
  return { frame: added, findings, leftOut: [] };
}

function mergeRows(
  frame: Frame,
  problem: Problem,
  merge: (values: (number | null)[]) => number | null,
): Repaired {
  const [period] = problem.span ?? [Number.NaN];
  const rows = frame.periods.flatMap((other, row) => (other === period ? [row] : []));
  const [kept, ...dropped] = rows;
  const lines = rows.flatMap((row) => frame.lines[row] ?? []);
  const used =
    problem.repair === 'keepFirst'
      ? lines.slice(0, 1)
      : problem.repair === 'keepLast'
        ? lines.slice(-1)
        : lines;
  const merged = {
    ...frame,
    merged: [...(frame.merged ?? []), { period, lines: used }],
    columns: frame.columns.map((column) => ({
      ...column,
      values: column.values.map((value, row) =>
        row === kept ? merge(rows.map((at) => column.values[at] ?? null)) : value,
      ),
    })),
  };
  const finding: Finding = {
    kind: problem.kind,
    severity: 'warning',
    row: frame.lines[kept ?? 0] ?? 0,
    message: `${rows.length} rows for ${labelOf(period, frame.calendar)} became one, as answered: ${problem.repair}.`,
    repaired: true,
  };
  const rest = [...frame.periods.keys()].filter((row) => !dropped.includes(row));
  return { frame: selectRows(merged, rest), findings: [finding], leftOut: [] };
}

function reduce(values: (number | null)[], divisor: number): number | null {
  const present = values.filter((value) => value !== null);
  if (present.length < values.length) return null;
  return present.reduce((sum, value) => sum + value, 0) / divisor;
}

/** Fills a cell that is the only one missing in a sum which holds in all other rows. */
function restoreFromSums(frame: Frame): Repaired {
  const { relations } = findHierarchy(
    frame.columns.map((column) => ({ ...column, values: observedValues(frame, column) })),
  );
  const columns = new Map(
    frame.columns.map((column) => [
      column.name,
      { ...column, values: [...column.values], filled: [...column.filled] },
    ]),
  );
  const findings: Finding[] = [];
  let before = -1;
  // One restored cell may complete another sum.
  while (findings.length > before) {
    before = findings.length;
    for (const { total, parts } of relations) {
      const members = [total, ...parts].flatMap((name) => columns.get(name) ?? []);
      for (const row of frame.periods.keys()) {
        const absent = members.filter(({ values }) => values[row] === null);
        const [column] = absent;
        if (!column || absent.length > 1) continue;
        const sum = parts.reduce((all, name) => all + (columns.get(name)?.values[row] ?? 0), 0);
        const value = column.name === total ? sum : (columns.get(total)?.values[row] ?? 0) - sum;
        column.values[row] = round(value, column.decimals);
        // Marked, so that the sum is not proved by a value that it made.
        column.filled.push(frame.periods[row] ?? 0);
        findings.push(filledFinding(frame, column, row, `${total} is the sum of ${parts.join(', ')}`));
      }
    }
  }
  return { frame: { ...frame, columns: [...columns.values()] }, findings, leftOut: [] };
}

function interpolate(frame: Frame, problem: Problem): Repaired {
  const { season } = frame.calendar;
  const method = chooseFillMethod(
    frame.columns.map((column) => column.values),
    season,
  );
  const findings: Finding[] = [];
  const columns = frame.columns.map((column) => {
    if (!problem.columns.includes(column.name)) return column;
    const values = [...column.values];
    const filled = [...column.filled];
    for (const gap of findGaps(column.values)) {
      if (!isMeant(frame, problem, gap.start, gap.end)) continue;
      const seasonal = method === 'seasonal' ? fillGap(column.values, gap, 'seasonal', season) : null;
      const found = seasonal ?? fillGap(column.values, gap, 'linear', season);
      found?.forEach((value, at) => {
        const row = gap.start + at;
        values[row] = round(value, column.decimals);
        filled.push(frame.periods[row] ?? 0);
        const how = seasonal ? 'the change on the same season a cycle away' : 'the values on both sides';
        findings.push(filledFinding(frame, { ...column, values }, row, `interpolated from ${how}`));
      });
    }
    return { ...column, values, filled };
  });
  return { frame: { ...frame, columns }, findings, leftOut: [] };
}

function zero(frame: Frame, problem: Problem): Repaired {
  let filled = 0;
  const columns = frame.columns.map((column) => ({
    ...column,
    values: column.values.map((value) => {
      if (value === null) filled += 1;
      return value ?? 0;
    }),
  }));
  const message = `${filled} cells without a row count as zero, as answered.`;
  const finding: Finding = { kind: problem.kind, severity: 'warning', message, repaired: true };
  return { frame: { ...frame, columns }, findings: [finding], leftOut: [] };
}

/** A problem with a span is about that gap alone; one without is about every single value between two others. */
function isMeant(frame: Frame, problem: Problem, start: number, end: number): boolean {
  if (problem.kind === 'many-gaps') return true;
  if (problem.span === null) return end - start === 1 && start > 0 && end < frame.periods.length;
  return frame.periods[start] === problem.span[0] && frame.periods[end - 1] === problem.span[1];
}

function leaveOut(frame: Frame, problem: Problem): Repaired {
  const leaving = new Set(problem.columns);
  const reason =
    problem.kind === 'mostly-missing'
      ? 'more than half of its periods have no value'
      : problem.span === null
        ? 'left out as answered: it has long gaps'
        : `left out as answered: no values from ${labelOf(problem.span[0], frame.calendar)} to ${labelOf(problem.span[1], frame.calendar)}`;
  return {
    frame: { ...frame, columns: frame.columns.filter(({ name }) => !leaving.has(name)) },
    findings: [],
    leftOut: problem.columns.map((column) => ({ column, reason })),
  };
}

function cut(
  frame: Frame,
  problem: Problem,
  keep: (period: number, span: [number, number]) => boolean,
): Repaired {
  const span = problem.span ?? [0, 0];
  const kept = [...frame.periods.keys()].filter((row) => keep(frame.periods[row] ?? 0, span));
  const finding: Finding = {
    kind: problem.kind,
    severity: 'warning',
    message: `${frame.periods.length - kept.length} periods were cut off, as answered: ${problem.repair}.`,
    repaired: true,
  };
  return { frame: selectRows(frame, kept), findings: [finding], leftOut: [] };
}

function filledFinding(frame: Frame, column: FrameColumn, row: number, how: string): Finding {
  const line = frame.lines[row] ?? null;
  return {
    kind: 'filled-cell',
    severity: 'warning',
    column: column.name,
    ...(line === null ? {} : { row: line }),
    message: `${label(frame, row)} had no value: ${column.values[row]} (${how}).`,
    repaired: true,
  };
}

function label(frame: Frame, row: number): string {
  return labelOf(frame.periods[row] ?? 0, frame.calendar);
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(Math.min(decimals, 12)));
}
