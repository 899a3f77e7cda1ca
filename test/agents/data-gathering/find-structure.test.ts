import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../agents/data-gathering/frame.ts';
import { findSeries, profileText } from '../../../agents/data-gathering/jobs.ts';
import { createRandom, generateWalk, monthLabels, toCsv } from './generated-data.ts';

const months = monthLabels(60);
const random = createRandom(12);
const a = generateWalk(random, 60, 700);
const b = generateWalk(random, 60, 400);

function structureOf(columns: { [name: string]: readonly (number | null)[] }, periods = months) {
  const profiled = profileText({ text: toCsv(periods, columns), answers: {} });
  if (!profiled.ok || !profiled.value.frame) throw new Error(JSON.stringify(profiled));
  return findSeries({ frame: profiled.value.frame, leaveOut: [] });
}

const namesOf = (frame: Frame): string[] => frame.columns.map(({ name }) => name);

describe('the series', () => {
  it('are the columns that say something of their own; each other one is left out with its reason', () => {
    const { frame, leftOut } = structureOf({
      'row number': months.map((_, row) => row + 1),
      yy: months.map((month) => Number(month.slice(0, 4))),
      'calendar month': months.map((month) => Number(month.slice(5))),
      a,
      again: a,
      fixed: a.map(() => 3),
    });
    expect(namesOf(frame)).toEqual(['a']);
    expect(leftOut).toEqual([
      { column: 'row number', reason: 'counts the rows' },
      { column: 'yy', reason: 'repeats a part of the period' },
      { column: 'calendar month', reason: 'repeats a part of the period' },
      { column: 'again', reason: 'repeats a' },
      { column: 'fixed', reason: 'has the same value in every period' },
    ]);
  });

  it('keep a constant that a total needs', () => {
    const total = a.map((value, row) => value + (b[row] ?? 0) + 50);
    const { frame, hierarchy } = structureOf({ a, b, fixed: a.map(() => 50), total });
    expect(namesOf(frame)).toEqual(['a', 'b', 'fixed', 'total']);
    expect(hierarchy).toMatchObject([{ total: 'total', parts: ['a', 'b', 'fixed'] }]);
  });

  it('are not proved to add up by values that were filled in', () => {
    const total = a.map((value, row) => value + (b[row] ?? 0));
    const { frame } = structureOf({ a, b, total });
    const wrong = frame.columns.map((column) =>
      column.name === 'total'
        ? {
            ...column,
            values: column.values.map((value, row) => (row === 7 ? 1 : value)),
            filled: [frame.periods[7] ?? 0],
          }
        : column,
    );
    expect(findSeries({ frame: { ...frame, columns: wrong }, leaveOut: [] }).hierarchy).toHaveLength(1);
    const observed = wrong.map((column) => ({ ...column, filled: [] }));
    expect(findSeries({ frame: { ...frame, columns: observed }, leaveOut: [] }).hierarchy).toEqual([]);
  });
});

describe('what looks odd', () => {
  it('is named with its line: the five largest outliers, then how many more', () => {
    const rows = [8, 21, 34, 40, 45, 51];
    const jumpy = generateWalk(random, 240, 700).map((value, row) =>
      rows.includes(row) ? value + 9000 + row * 20 : value,
    );
    const { findings } = structureOf({ jumpy }, monthLabels(240));
    expect(findings.filter(({ kind }) => kind === 'outlier').map(({ row }) => row)).toEqual([
      53,
      47,
      42,
      36,
      23,
      undefined,
    ]);
  });

  it('is one note where jumping is the nature of the column', () => {
    const spiky = a.map((value, row) => (row % 9 === 4 ? value * 20 : value));
    const { findings } = structureOf({ spiky });
    expect(findings.map(({ kind }) => kind)).toEqual(['spiky', 'unit-unknown']);
    expect(findings[0]?.message).toMatch(/^7 of 60 values jump away and back/);
  });

  it('is a late start', () => {
    const { findings } = structureOf({ late: a.map((value, row) => (row < 12 ? null : value)) });
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'late-start', message: 'Begins only in 2011-01.' }),
    );
  });

  it('is a table too wide to relate its columns', () => {
    const wide = Object.fromEntries(Array.from({ length: 301 }, (_, at) => [`c${at}`, at === 0 ? b : a]));
    const { frame, findings } = structureOf(wide);
    expect(frame.columns).toHaveLength(301);
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: 'too-wide',
        message: '301 columns are too many to seek sums and derived columns among; the limit is 300.',
      }),
    );
  });
});
