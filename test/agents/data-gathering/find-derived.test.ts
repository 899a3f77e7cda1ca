import { describe, expect, it } from 'vitest';
import { findDerived } from '../../../agents/data-gathering/find-derived.ts';
import { readEmployment } from './employment.ts';
import { createRandom, generateWalk } from './generated-data.ts';

const random = createRandom(42);
const walk = generateWalk(random, 60, 5000);
const other = generateWalk(random, 60, 9000);
const round = (value: number, decimals: number): number => Number(value.toFixed(decimals));
const lagged = (make: (now: number, before: number) => number, lag: number): (number | null)[] =>
  walk.map((now, row) => (row < lag ? null : make(now, walk[row - lag] ?? 0)));

function reasonFor(values: (number | null)[], name = 'derived'): string | undefined {
  const columns = [
    { name: 'walk', values: walk },
    { name: 'other', values: other },
    { name, values },
  ];
  const found = findDerived(columns, 12);
  expect(found.every(({ column }) => column === name)).toBe(true);
  return found[0]?.reason;
}

describe('a derived column', () => {
  it('is nonfarm_change among the US jobs, and no other', () => {
    const { columns } = readEmployment();
    const found = findDerived(
      [...columns].map(([name, values]) => ({ name, values })),
      12,
    );
    expect(found).toEqual([
      { column: 'nonfarm_change', reason: 'is the change of nonfarm on the period before' },
    ]);
  });

  it.each([
    ['a change', lagged((now, before) => now - before, 1), 'is the change of walk on the period before'],
    [
      'a change over a year',
      lagged((now, before) => now - before, 12),
      'is the change of walk on the same season before',
    ],
    [
      'growth in percent',
      lagged((now, before) => round((now / before - 1) * 100, 2), 1),
      'is the growth of walk on the period before, in percent',
    ],
    [
      'growth as a share, over a year',
      lagged((now, before) => round(now / before - 1, 4), 12),
      'is the growth of walk on the same season before',
    ],
    ['a copy', walk, 'repeats walk'],
    ['another unit', walk.map((value) => round(value * 0.4536, 1)), /^is walk times 0.4536/],
    ['a balance', walk.map((value, row) => value - (other[row] ?? 0)), 'is walk less other'],
    ['a ratio', walk.map((value, row) => round(value / (other[row] ?? 1), 3)), 'is walk divided by other'],
    [
      'a share in percent',
      walk.map((value, row) => round((value / (other[row] ?? 1)) * 100, 1)),
      'is walk divided by other, in percent',
    ],
  ])('is %s', (_, values, reason) => {
    expect(reasonFor(values)).toMatch(reason);
  });

  it('is the running total, not what it sums up', () => {
    let sum = 0;
    expect(reasonFor(walk.map((value) => (sum += value)))).toBe('is the running total of walk');
  });

  it('is none that misses its equation in one row', () => {
    const change = lagged((now, before) => now - before, 1);
    change[30] = (change[30] ?? 0) + 3;
    expect(reasonFor(change)).toBeUndefined();
  });

  it('is none that only rises and falls with another, both rounded coarsely', () => {
    const coarse = walk.map((value) => Math.round(value / 100));
    const like = walk.map((value) => Math.round((value * 1.3) / 100));
    const columns = [
      { name: 'coarse', values: coarse },
      { name: 'like', values: like },
    ];
    expect(findDerived(columns, 12)).toEqual([]);
  });

  it('is none that could fit by chance: too little varies beyond rounding', () => {
    const flat = walk.map((_, row) => (row % 30 === 0 ? 1 : 0));
    expect(reasonFor(flat)).toBeUndefined();
  });

  it('is no total and no part: those make a hierarchy', () => {
    expect(reasonFor(walk.map((value, row) => value + (other[row] ?? 0)))).toBeUndefined();
  });
});
