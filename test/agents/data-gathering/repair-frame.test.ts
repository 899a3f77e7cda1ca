import { describe, expect, it } from 'vitest';
import type { Answers, Frame } from '../../../agents/data-gathering/frame.ts';
import { labelOf } from '../../../agents/data-gathering/calendar.ts';
import { findProblems, profileText, repairProblems } from '../../../agents/data-gathering/jobs.ts';
import { createRandom, generateWalk, monthLabels, toCsv } from './generated-data.ts';

const random = createRandom(5);
const months = monthLabels(48);
const a = generateWalk(random, 48, 400);
const b = generateWalk(random, 48, 900);
const total = a.map((value, row) => value + (b[row] ?? 0));

function frameOf(csv: string): Frame {
  const profiled = profileText({ text: csv, answers: {} });
  if (!profiled.ok || !profiled.value.frame) throw new Error(JSON.stringify(profiled));
  return profiled.value.frame;
}

/** Checks and repairs until nothing is left that a repair can settle. */
function mend(csv: string, answers: Answers = {}, passes = 12) {
  let frame = frameOf(csv);
  const findings = [];
  const leftOut = [];
  let restored = false;
  for (let pass = 0; pass < passes; pass++) {
    const found = findProblems({ frame, answers, restored });
    if (!found.ok) throw new Error(found.message);
    const open = found.value;
    if (open.every(({ repair }) => repair === null)) return { frame, findings, leftOut, open };
    const repaired = repairProblems({ frame, problems: open });
    restored ||= open.some(({ repair }) => repair === 'restoreFromSums');
    frame = repaired.frame;
    findings.push(...repaired.findings);
    leftOut.push(...repaired.leftOut);
  }
  throw new Error('The table was not mended within the passes.');
}

const labels = (frame: Frame): string[] => frame.periods.map((period) => labelOf(period, frame.calendar));
const valuesOf = (frame: Frame, name: string) => frame.columns.find((column) => column.name === name)?.values;
const without = <T>(values: readonly T[], ...rows: number[]): T[] =>
  values.filter((_, row) => !rows.includes(row));
const blank = (values: readonly number[], ...rows: number[]) =>
  values.map((value, row) => (rows.includes(row) ? null : value));

describe('rows', () => {
  it('are put in order, and the first one out of order is named by its line', () => {
    const order = [...months.keys()].sort((x, y) => (x === 3 ? 9.5 : x) - (y === 3 ? 9.5 : y));
    const csv = toCsv(
      order.map((row) => months[row] ?? ''),
      { a: order.map((row) => a[row] ?? 0) },
    );
    const { frame, findings, open } = mend(csv);
    expect(labels(frame)).toEqual(months);
    expect(valuesOf(frame, 'a')).toEqual(a);
    expect(findings).toEqual([expect.objectContaining({ kind: 'unsorted', row: 11, repaired: true })]);
    expect(open).toEqual([]);
  });

  it('that repeat another are dropped, each named by its line', () => {
    const csv = `${toCsv(months, { a, b })}\n${months[47]},${a[47]},${b[47]}\n${months[47]},${a[47]},${b[47]}`;
    const { frame, findings, open } = mend(csv);
    expect(labels(frame)).toEqual(months);
    expect(findings.map(({ kind, row }) => [kind, row])).toEqual([
      ['duplicate-row', 50],
      ['duplicate-row', 51],
    ]);
    expect(open).toEqual([]);
  });

  it.each([
    ['keepFirst', a[20]],
    ['keepLast', 7],
    ['average', ((a[20] ?? 0) + 7) / 2],
    ['add', (a[20] ?? 0) + 7],
  ])('that differ for one period are put to a person, whose answer %s counts', (answer, value) => {
    const csv = `${toCsv(months, { a, b })}\n${months[20]},7,${b[20]}`;
    const asked = mend(csv);
    expect(asked.open).toEqual([
      expect.objectContaining({
        id: 'conflicting-rows 2011-09',
        repair: null,
        message: 'Lines 22, 50 give different values for 2011-09 in a. Which counts?',
        options: ['keepLast', 'keepFirst', 'average', 'add'].map(
          (id) => expect.objectContaining({ id }) as unknown,
        ),
      }),
    ]);
    const { frame, open } = mend(csv, { 'conflicting-rows 2011-09': answer });
    expect(open).toEqual([]);
    expect(labels(frame)).toEqual(months);
    expect(valuesOf(frame, 'a')?.[20]).toBe(value);
  });

  it('that differ for many periods make no series: the table is refused', () => {
    const csv = toCsv([...months, ...months], { a: [...a, ...b] });
    const found = findProblems({ frame: mendRows(csv), answers: {}, restored: false });
    expect(found).toMatchObject({ ok: false, type: 'Data.Malformed' });
  });

  const mendRows = (csv: string): Frame => {
    const frame = frameOf(csv);
    return repairProblems({ frame, problems: [] }).frame;
  };
});

describe('a missing value', () => {
  it('follows exactly from a sum that holds in all other rows', () => {
    const csv = toCsv(months, { a: blank(a, 10), b, total: blank(total, 30, 31) });
    const { frame, findings, open } = mend(csv);
    expect(open).toEqual([]);
    expect(valuesOf(frame, 'a')).toEqual(a);
    expect(valuesOf(frame, 'total')).toEqual(total);
    expect(findings.map(({ kind, column, row }) => [kind, column, row])).toEqual([
      ['filled-cell', 'a', 12],
      ['filled-cell', 'total', 32],
      ['filled-cell', 'total', 33],
    ]);
    expect(findings[0]?.message).toBe(`2010-11 had no value: ${a[10]} (total is the sum of a, b).`);
  });

  it('of its own is interpolated, rounded as its column, marked, and named', () => {
    const { frame, findings } = mend(toCsv(without(months, 10), { a: without(a, 10) }));
    const filled = Math.round(((a[9] ?? 0) + (a[11] ?? 0)) / 2);
    expect(labels(frame)).toEqual(months);
    expect(valuesOf(frame, 'a')?.[10]).toBe(filled);
    expect(frame.columns[0]?.filled).toEqual([frame.periods[10]]);
    expect(findings.map(({ kind, repaired }) => [kind, repaired])).toEqual([
      ['missing-period', true],
      ['filled-cell', true],
    ]);
  });

  it('in a seasonal column is filled by its season, not by the line between its neighbours', () => {
    const seasonal = months.map((_, row) => Math.round(500 + row + 200 * Math.sin((row * Math.PI) / 6)));
    const { frame } = mend(toCsv(months, { seasonal: blank(seasonal, 27) }));
    expect(Math.abs((valuesOf(frame, 'seasonal')?.[27] ?? 0) - (seasonal[27] ?? 0))).toBeLessThanOrEqual(1);
  });

  it('keeps sums where a whole row was filled', () => {
    const rows = without([...months.keys()], 25);
    const pick = (values: number[]) => rows.map((row) => values[row] ?? 0);
    const { frame } = mend(
      toCsv(
        rows.map((row) => months[row] ?? ''),
        { a: pick(a), b: pick(b), total: pick(total) },
      ),
    );
    const at = (name: string) => valuesOf(frame, name)?.[25] ?? Number.NaN;
    expect(Math.abs(at('total') - at('a') - at('b'))).toBeLessThanOrEqual(1.5);
  });

  it('before a series begins is no gap', () => {
    const { frame, open, findings } = mend(toCsv(months, { a: blank(a, 0, 1, 2, 3), b }));
    expect(open).toEqual([]);
    expect(findings).toEqual([]);
    expect(valuesOf(frame, 'a')?.slice(0, 5)).toEqual([null, null, null, null, a[4]]);
  });
});

describe('a gap that no repair can settle', () => {
  const csv = toCsv(months, { a: blank(a, 12, 13, 14), b });
  const id = 'long-gap 2011-01 to 2011-03';

  it('is put to a person with what can be done', () => {
    const { open } = mend(csv);
    expect(open).toEqual([
      expect.objectContaining({
        id,
        columns: ['a'],
        message: '3 values in a row (2011-01 to 2011-03) are missing. What shall be done? Columns: a.',
      }),
    ]);
    expect(open[0]?.options.map((option) => option.id)).toEqual(['leaveOut', 'interpolate', 'startAfter']);
  });

  it('is filled as answered', () => {
    const { frame, findings } = mend(csv, { [id]: 'interpolate' });
    expect(valuesOf(frame, 'a')?.every((value) => value !== null)).toBe(true);
    expect(findings.map(({ kind }) => kind)).toEqual(['filled-cell', 'filled-cell', 'filled-cell']);
  });

  it('costs its column as answered', () => {
    const { frame, leftOut } = mend(csv, { [id]: 'leaveOut' });
    expect(frame.columns.map(({ name }) => name)).toEqual(['b']);
    expect(leftOut).toEqual([
      { column: 'a', reason: 'left out as answered: no values from 2011-01 to 2011-03' },
    ]);
  });

  it('cuts off what lies before it as answered', () => {
    const { frame } = mend(csv, { [id]: 'startAfter' });
    expect(labels(frame)).toEqual(months.slice(15));
    expect(valuesOf(frame, 'a')).toEqual(a.slice(15));
  });

  it('heeds no answer that was not offered', () => {
    expect(mend(csv, { [id]: 'constructor' }).open).toHaveLength(1);
  });

  it('at the end of a column can only be cut off, or the column left out', () => {
    const ending = toCsv(months, { a: blank(a, 47), b });
    const { open } = mend(ending);
    expect(open.map(({ id: problem, options }) => [problem, options.map((option) => option.id)])).toEqual([
      ['ends-early 2013-12', ['leaveOut', 'endBefore']],
    ]);
    expect(labels(mend(ending, { 'ends-early 2013-12': 'endBefore' }).frame)).toEqual(months.slice(0, 47));
  });

  it('is one of many: they become one question', () => {
    const rows = [4, 5, 10, 11, 16, 17, 22, 23, 28, 29, 34, 35];
    const many = toCsv(months, { a: blank(a, ...rows), b });
    expect(mend(many).open.map(({ id: problem }) => problem)).toEqual(['many-gaps']);
    expect(valuesOf(mend(many, { 'many-gaps': 'interpolate' }).frame, 'a')).not.toContain(null);
    expect(mend(many, { 'many-gaps': 'leaveOut' }).leftOut).toEqual([
      { column: 'a', reason: 'left out as answered: it has long gaps' },
    ]);
  });

  it('is not answered by leaving everything out: not at all for all columns, last where several answers would', () => {
    const offered = (columns: { [name: string]: (number | null)[] }) =>
      mend(toCsv(months, columns)).open.map(({ options }) => options.map((option) => option.id));
    expect(offered({ a: blank(a, 12, 13, 14) })).toEqual([['interpolate', 'startAfter']]);
    expect(offered({ a: blank(a, 12, 13), b: blank(b, 12, 13) })).toEqual([['interpolate', 'startAfter']]);
    expect(offered({ a: blank(a, 47) })).toEqual([['endBefore']]);
    expect(offered({ a: blank(a, 12, 13, 14), b: blank(b, 47) })).toEqual([
      ['interpolate', 'startAfter', 'leaveOut'],
      ['endBefore', 'leaveOut'],
    ]);
    const rows = [4, 5, 10, 11, 16, 17, 22, 23, 28, 29, 34, 35];
    expect(offered({ a: blank(a, ...rows) })).toEqual([['interpolate']]);
  });

  it('over most of a column leaves it out without asking', () => {
    const { frame, leftOut, open } = mend(
      toCsv(months, { a: a.map((value, row) => (row % 3 ? null : value)), b }),
    );
    expect(open).toEqual([]);
    expect(frame.columns.map(({ name }) => name)).toEqual(['b']);
    expect(leftOut).toEqual([{ column: 'a', reason: 'more than half of its periods have no value' }]);
  });
});
