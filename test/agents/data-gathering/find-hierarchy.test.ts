import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHierarchy } from '../../../agents/data-gathering/find-hierarchy.ts';
import { findSums } from '../../../agents/data-gathering/find-sums.ts';
import { readEmployment } from './employment.ts';
import { createRandom, generateWalk } from './generated-data.ts';

const seriesOf = (columns: { [name: string]: readonly (number | null)[] }) =>
  Object.entries(columns).map(([name, values]) => ({ name, values }));

const addUp = (...columns: readonly (readonly number[])[]): number[] =>
  (columns[0] ?? []).map((_, row) => columns.reduce((sum, values) => sum + (values[row] ?? 0), 0));

const walks = (seed: number, count: number, rows: number, decimals = 0): number[][] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, at) => generateWalk(random, rows, 300 * (at + 1), decimals));
};

describe('the hierarchy of US jobs by sector', () => {
  const { columns } = readEmployment();
  const series = [...columns]
    .filter(([name]) => name !== 'nonfarm_change')
    .map(([name, values]) => ({ name, values }));
  const { relations, doubtful } = findHierarchy(series);
  const sectors =
    'trade_transportation_utilties information financial_activities professional_and_business_services';

  it('is found from the figures alone: each total with its direct parts, both ways where it splits in two', () => {
    expect(relations.map(({ total, parts }) => `${total} = ${parts.join(' ')}`)).toEqual([
      'nonfarm = private government',
      'nonfarm = goods_producing service_providing',
      'private = goods_producing private_service_providing',
      'service_providing = private_service_providing government',
      `private_service_providing = ${sectors} education_and_health_services leisure_and_hospitality other_services`,
      'goods_producing = mining_and_logging construction manufacturing',
      'trade_transportation_utilties = wholesale_trade retail_trade transportation_and_warehousing utilities',
      'manufacturing = durable_goods nondurable_goods',
    ]);
    expect(doubtful).toEqual([]);
  });

  it('states the largest gap as plain arithmetic finds it, and what rounding allows', () => {
    for (const { total, parts, maxGap, tolerance } of relations) {
      const gaps = (columns.get(total) ?? []).map((value, row) =>
        Math.abs(value - parts.reduce((sum, part) => sum + (columns.get(part)?.[row] ?? 0), 0)),
      );
      expect(maxGap).toBeCloseTo(Math.max(...gaps), 6);
      expect(maxGap).toBeLessThanOrEqual(tolerance);
    }
    const trade = relations.find(({ total }) => total === 'trade_transportation_utilties');
    expect(trade).toMatchObject({ maxGap: 0.5, tolerance: 0.7 });
  });

  it('does not depend on the order of the columns', () => {
    const reversed = findHierarchy([...series].reverse()).relations;
    const asText = (found: typeof relations) =>
      found.map(({ total, parts }) => `${total}=${[...parts].sort().join('+')}`);
    expect(asText(reversed).sort()).toEqual(asText(relations).sort());
  });
});

describe('a sum', () => {
  it('is found in generated hierarchies of any shape, and nothing else is', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 4 }),
        (seed, groups) => {
          const leaves = walks(
            seed,
            groups.reduce((sum, size) => sum + size, 0),
            60,
          );
          const columns: { [name: string]: number[] } = {};
          const expected = new Set<string>();
          const middle = groups.map((size, group) => {
            const parts = leaves.splice(0, size);
            parts.forEach((values, at) => (columns[`leaf ${group}.${at}`] = values));
            columns[`group ${group}`] = addUp(...parts);
            expected.add(`group ${group}=${parts.map((_, at) => `leaf ${group}.${at}`).join('+')}`);
            return columns[`group ${group}`] ?? [];
          });
          if (groups.length > 1) {
            columns['all'] = addUp(...middle);
            expected.add(`all=${groups.map((_, group) => `group ${group}`).join('+')}`);
          }
          const { relations } = findHierarchy(seriesOf(columns));
          expect(new Set(relations.map(({ total, parts }) => `${total}=${parts.join('+')}`))).toEqual(
            expected,
          );
          expect(relations.every(({ maxGap }) => maxGap === 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is found where every figure was rounded on its own', () => {
    const parts = walks(7, 5, 80, 3);
    const columns = Object.fromEntries(
      parts.map((values, at) => [`part ${at}`, values.map((value) => Math.round(value))]),
    );
    const total = addUp(...parts).map((value) => Math.round(value));
    const [relation, ...others] = findHierarchy(seriesOf({ total, ...columns })).relations;
    expect(others).toEqual([]);
    expect(relation).toMatchObject({ total: 'total', tolerance: 3 });
    expect(relation?.parts).toHaveLength(5);
    expect(relation?.maxGap).toBeGreaterThan(0);
    expect(relation?.maxGap).toBeLessThanOrEqual(3);
  });

  it('is refused when a single row misses it by more than rounding', () => {
    const [a = [], b = []] = walks(3, 2, 60);
    const total = addUp(a, b);
    expect(findHierarchy(seriesOf({ a, b, total })).relations).toHaveLength(1);
    total[31] = (total[31] ?? 0) + 2;
    expect(findHierarchy(seriesOf({ a, b, total })).relations).toEqual([]);
  });

  it('is not made of chance: unrelated walks have none, however many columns and however few rows', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const columns = Object.fromEntries(
        walks(seed, 24, 8 + seed).map((values, at) => [`column ${at}`, values]),
      );
      expect(findHierarchy(seriesOf(columns)).relations).toEqual([]);
    }
  });

  it('is not made of what columns share: a trend and a season, and levels that add up by chance', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = createRandom(seed);
      const season = Array.from({ length: 12 }, () => 0.1 * (random() - 0.5));
      const shared = Array.from({ length: 36 }, (_, row) => 1 + row * 0.01 + (season[row % 12] ?? 0));
      const columns = Array.from({ length: 20 }, (_, at) => {
        const level = 20 + random() * 200;
        return [
          `column ${at}`,
          shared.map((value) => Math.round(level * (value + random() * 0.002))),
        ] as const;
      });
      expect(findHierarchy(seriesOf(Object.fromEntries(columns))).relations).toEqual([]);
    }
  });

  it('is doubted where straight lines make it: they could add up by chance', () => {
    const line = (start: number, step: number) => Array.from({ length: 40 }, (_, row) => start + step * row);
    const { relations, doubtful } = findHierarchy(
      seriesOf({ a: line(100_000, 1000), b: line(200_003, 3007), total: line(300_003, 4007) }),
    );
    expect(relations).toEqual([]);
    const reason = 'a sum fits, but chance could have made it: too little varies beyond rounding';
    expect(doubtful).toEqual([{ column: 'total', reason }]);
  });

  it('is found beside missing values, which neither prove nor disprove it', () => {
    const [a = [], b = [], c = []] = walks(11, 3, 60);
    const total: (number | null)[] = addUp(a, b, c);
    total[10] = null;
    const gappy = b.map((value, row) => (row === 40 ? null : value));
    const { relations } = findHierarchy(seriesOf({ total, a, b: gappy, c }));
    expect(relations).toEqual([{ total: 'total', parts: ['a', 'b', 'c'], maxGap: 0, tolerance: 2 }]);
  });

  it('takes in a part that never changes, where the others fall short by it', () => {
    const [a = [], b = []] = walks(5, 2, 60);
    const fixed = a.map(() => 50);
    const { relations } = findHierarchy(seriesOf({ a, b, fixed, total: addUp(a, b, fixed) }));
    expect(relations.map(({ parts }) => parts)).toEqual([['a', 'b', 'fixed']]);
  });

  it('is found among 200 columns, within the steps that a search may take', () => {
    const leaves = walks(19, 180, 240);
    const columns = Object.fromEntries(leaves.map((values, at) => [`leaf ${at}`, values]));
    for (let group = 0; group < 20; group++)
      columns[`group ${group}`] = addUp(...leaves.slice(group * 9, group * 9 + 9));
    const { relations } = findHierarchy(seriesOf(columns));
    expect(relations).toHaveLength(20);
    expect(relations.every(({ parts }) => parts.length === 9)).toBe(true);
  });

  it('is given up, and said to be, where the search reaches its limit', () => {
    const leaves = walks(23, 40, 24);
    const columns = Object.fromEntries(leaves.map((values, at) => [`leaf ${at}`, values]));
    const series = seriesOf({ ...columns, total: addUp(...leaves.slice(0, 20)) });
    const { leaves: found, doubtful } = findSums(series, 10);
    expect(found.size).toBe(0);
    expect(doubtful).toContainEqual({
      column: 'total',
      reason: 'the search for a sum was stopped at its limit',
    });
  });
});
