import { labelOf } from './calendar.ts';
import { findGaps } from './fill-gaps.ts';
import { MAX_RELATED } from './find-sums.ts';
import type { Answers, Frame, Option, Problem } from './frame.ts';
import { refuse } from './reading.ts';
import type { Reading } from './reading.ts';

/** Of a column's periods, the most that may be missing before it is left out. */
const MOST_MISSING = 0.5;
/** Of all cells of a long table, the share without a row from which a person is asked what that means. */
const FEW_ABSENT = 0.05;
const MAX_CONFLICTS = 12;
/** Long gaps put to a person one by one; more become one question. */
const MAX_GAP_QUESTIONS = 5;

/**
 * What has to be mended before the rows are one unbroken sequence of periods. Problems of the rows come alone:
 * cells can be judged only when rows are in order. `restored` says that sums were already used to fill cells.
 */
export function checkFrame(frame: Frame, answers: Answers, restored: boolean): Reading<Problem[]> {
  const rows = checkRows(frame, answers);
  if (!rows.ok || rows.value.length > 0) return rows;
  return { ok: true, value: checkCells(frame, answers, restored) };
}

function checkRows(frame: Frame, answers: Answers): Reading<Problem[]> {
  const { periods } = frame;
  const problems: Problem[] = [];
  if (periods.some((period, row) => row > 0 && period < (periods[row - 1] ?? period))) {
    problems.push(problemOf('unsorted', 'Rows are out of order.', 'sortRows'));
  }
  const conflicts = new Set<number>();
  const seen = new Map<number, number>();
  let repeats = 0;
  periods.forEach((period, row) => {
    const first = seen.get(period);
    if (first === undefined) seen.set(period, row);
    else if (sameRow(frame, first, row)) repeats += 1;
    else conflicts.add(period);
  });
  if (repeats > 0) {
    problems.push(
      problemOf('duplicate-row', `${repeats} rows say what another row says.`, 'dropDuplicateRows'),
    );
  }
  if (conflicts.size > MAX_CONFLICTS) {
    const [first] = conflicts;
    return refuse(
      'Data.Malformed',
      `${conflicts.size} periods have several rows with different values, the first is ` +
        `${labelOf(first ?? 0, frame.calendar)}: give one row for each period.`,
    );
  }
  for (const period of conflicts) problems.push(askConflict(frame, period, answers));
  if (problems.length === 0) {
    const missing = countMissing(periods);
    if (missing > 0) {
      problems.push(problemOf('missing-period', `${missing} periods have no row.`, 'addMissingRows'));
    }
  }
  return { ok: true, value: problems };
}

function checkCells(frame: Frame, answers: Answers, restored: boolean): Problem[] {
  const open = frame.columns.flatMap((column) => {
    const first = column.values.findIndex((value) => value !== null);
    // What lies before a series begins is no gap.
    return findGaps(column.values)
      .filter(({ end }) => end > first)
      .map((gap) => ({ column, gap, last: gap.end === column.values.length }));
  });
  const absent = askAbsent(
    frame,
    open.reduce((sum, { gap }) => sum + gap.end - gap.start, 0),
    answers,
  );
  if (absent) return [absent];
  const sparse = frame.columns.filter(
    ({ values }) => values.filter((value) => value === null).length > values.length * MOST_MISSING,
  );
  if (sparse.length > 0) {
    const names = sparse.map(({ name }) => name);
    return [
      {
        ...problemOf('mostly-missing', 'More than half of its periods have no value.', 'leaveOut'),
        columns: names,
      },
    ];
  }
  if (open.length === 0) return [];
  if (!restored && frame.columns.length > 2 && frame.columns.length <= MAX_RELATED) {
    return [problemOf('missing-cell', `${open.length} gaps may follow from sums.`, 'restoreFromSums')];
  }
  const problems = new Map<string, Problem>();
  for (const { column, gap, last } of open) {
    const single = gap.end - gap.start === 1 && !last;
    const span: [number, number] = [frame.periods[gap.start] ?? 0, frame.periods[gap.end - 1] ?? 0];
    const id = single ? 'missing-cell' : `${last ? 'ends-early' : 'long-gap'} ${rangeOf(frame, span)}`;
    const problem = problems.get(id) ?? (single ? fillSingle() : askGap(frame, id, span, last, answers));
    problem.columns.push(column.name);
    problems.set(id, problem);
  }
  const found = [...problems.values()];
  const long = found.filter(({ kind }) => kind === 'long-gap');
  const rest = found.filter(({ kind }) => kind !== 'long-gap');
  const asked = long.length > MAX_GAP_QUESTIONS ? [...rest, askManyGaps(long, answers)] : found;
  return keepSome(frame, asked).map((problem) =>
    problem.repair === null
      ? { ...problem, message: `${problem.message} Columns: ${listOf(problem.columns)}.` }
      : problem,
  );
}

/**
 * Nothing would be left to forecast where every column is left out: not offered where one answer alone would do that,
 * and offered last where the answers together could.
 */
function keepSome(frame: Frame, problems: Problem[]): Problem[] {
  const open = problems.filter(({ options }) => options.some(({ id }) => id === 'leaveOut'));
  const all = new Set(open.flatMap(({ columns }) => columns)).size === frame.columns.length;
  if (!all) return problems;
  return problems.map((problem) => {
    const others = problem.options.filter(({ id }) => id !== 'leaveOut');
    if (others.length === 0 || others.length === problem.options.length) return problem;
    const left = problem.options.filter(({ id }) => id === 'leaveOut');
    const options = problem.columns.length === frame.columns.length ? others : [...others, ...left];
    return { ...problem, options };
  });
}

/** In a long table that counts things, a row that is not there may mean that there was nothing to count. */
function askAbsent(frame: Frame, missing: number, answers: Answers): Problem | null {
  const { key, columns, periods } = frame;
  const counts = columns.every(({ values }) => values.every((value) => value === null || value >= 0));
  if (key === null || !counts || missing < columns.length * periods.length * FEW_ABSENT) return null;
  if (answers['absent-rows'] === 'unknown') return null;
  const options = [
    { id: 'zero', label: 'They mean zero: there was nothing to count' },
    { id: 'unknown', label: 'They are unknown' },
  ];
  const message = `${missing} times a ${key} has no row for a period. What does that mean?`;
  return ask('absent-rows', 'absent-rows', message, options, null, answers);
}

function askManyGaps(gaps: Problem[], answers: Answers): Problem {
  const options = [
    { id: 'leaveOut', label: 'Leave these columns out' },
    { id: 'interpolate', label: 'Fill every gap from what lies around it' },
  ];
  const message = `${gaps.length} gaps are longer than one period. What shall be done?`;
  const problem = ask('many-gaps', 'many-gaps', message, options, null, answers);
  return { ...problem, columns: [...new Set(gaps.flatMap(({ columns }) => columns))] };
}

function problemOf(kind: string, message: string, repair: string): Problem {
  return { id: kind, kind, message, repair, options: [], columns: [], span: null };
}

function fillSingle(): Problem {
  return problemOf('missing-cell', 'Single values are missing.', 'interpolate');
}

function askConflict(frame: Frame, period: number, answers: Answers): Problem {
  const label = labelOf(period, frame.calendar);
  const rows = frame.periods.flatMap((other, row) => (other === period ? [row] : []));
  const lines = rows.map((row) => frame.lines[row] ?? 0).join(', ');
  const differing = frame.columns.filter(({ values }) => new Set(rows.map((row) => values[row])).size > 1);
  return ask(
    `conflicting-rows ${label}`,
    'conflicting-rows',
    `Lines ${lines} give different values for ${label} in ${listOf(differing.map(({ name }) => name))}. ` +
      'Which counts?',
    [
      { id: 'keepLast', label: 'The last of these lines' },
      { id: 'keepFirst', label: 'The first of these lines' },
      { id: 'average', label: 'Their mean' },
      { id: 'add', label: 'Their sum: each line is a part of the period' },
    ],
    [period, period],
    answers,
  );
}

function askGap(frame: Frame, id: string, span: [number, number], last: boolean, answers: Answers): Problem {
  const count = span[1] - span[0] + 1;
  const least = Math.max(3, frame.calendar.season * 2);
  const after = frame.periods.filter((period) => period > span[1]).length;
  const before = frame.periods.filter((period) => period < span[0]).length;
  const options = [
    { id: 'leaveOut', label: 'Leave these columns out' },
    ...(last ? [] : [{ id: 'interpolate', label: `Fill the ${count} values from what lies around them` }]),
    ...(!last && after >= least
      ? [{ id: 'startAfter', label: 'Use only what comes after, in every column' }]
      : []),
    ...(last && before >= least
      ? [{ id: 'endBefore', label: 'Use only what comes before, in every column' }]
      : []),
  ];
  const kind = last ? 'ends-early' : 'long-gap';
  const range = rangeOf(frame, span);
  const many = last ? `The last ${count} values (${range}) are` : `${count} values in a row (${range}) are`;
  const what = count === 1 ? `The last value (${range}) is` : many;
  return ask(id, kind, `${what} missing. What shall be done?`, options, span, answers);
}

function ask(
  id: string,
  kind: string,
  message: string,
  options: Option[],
  span: [number, number] | null,
  answers: Answers,
): Problem {
  const answer = options.find((option) => option.id === answers[id])?.id ?? null;
  return { id, kind, message, repair: answer, options, columns: [], span };
}

function sameRow(frame: Frame, a: number, b: number): boolean {
  return frame.columns.every(({ values }) => values[a] === values[b]);
}

function countMissing(periods: number[]): number {
  const span = (periods.at(-1) ?? 0) - (periods[0] ?? 0) + 1;
  return span - periods.length;
}

function rangeOf({ calendar }: Frame, [first, last]: [number, number]): string {
  return first === last
    ? labelOf(first, calendar)
    : `${labelOf(first, calendar)} to ${labelOf(last, calendar)}`;
}

function listOf(names: string[]): string {
  return names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
