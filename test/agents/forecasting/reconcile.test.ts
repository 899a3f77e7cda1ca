import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reconcileForecasts, reconciliationNames, type Sum } from '../../../agents/forecasting/reconcile.ts';

function series(id: string, point: number[], spread: number, boundedAtZero = false) {
  return { id, point, spread: point.map(() => spread), boundedAtZero };
}

const pointsOf = (result: ReturnType<typeof reconcileForecasts>) =>
  Object.fromEntries(result.series.map(({ id, point }) => [id, point]));

test('variance scaling shares the difference by how uncertain each series is', () => {
  const result = reconcileForecasts({
    series: [series('total', [110], 2), series('a', [60], 1), series('b', [40], Math.sqrt(5))],
    sums: [{ total: 'total', parts: ['a', 'b'] }],
    by: 'variance',
  });
  // By hand: the gap of 10 is shared 4 : 1 : 5.
  expect(pointsOf(result)['total']![0]).toBeCloseTo(106, 9);
  expect(pointsOf(result)['a']![0]).toBeCloseTo(61, 9);
  expect(pointsOf(result)['b']![0]).toBeCloseTo(45, 9);
});

test('bottom up adds the totals up anew and leaves the parts', () => {
  const { series: reconciled } = reconcileForecasts({
    series: [
      series('all', [500], 1),
      series('half', [70], 1),
      series('a', [60], 1),
      series('b', [40], 1),
      series('c', [7], 1),
    ],
    sums: [
      { total: 'all', parts: ['half', 'c'] },
      { total: 'half', parts: ['a', 'b'] },
    ],
    by: 'bottomUp',
  });
  const expected = [107, 100, 60, 40, 7];
  reconciled.forEach(({ point }, index) => expect(point[0]).toBeCloseTo(expected[index]!, 2));
});

describe.each(reconciliationNames)('by %s', (by) => {
  test('sums hold for any figures, also nested ones and those that follow from others', () => {
    const sums: Sum[] = [
      { total: 'all', parts: ['goods', 'services'] },
      { total: 'goods', parts: ['a', 'b'] },
      { total: 'services', parts: ['private', 'c'] },
      { total: 'all', parts: ['a', 'b', 'private', 'c'] },
    ];
    const ids = ['all', 'goods', 'services', 'a', 'b', 'private', 'c'];
    const figure = fc.record({
      points: fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 3 }),
      spread: fc.double({ min: 1, max: 1e3, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(figure, { minLength: 7, maxLength: 7 }), (figures) => {
        const result = reconcileForecasts({
          series: figures.map(({ points, spread }, index) => series(ids[index]!, points, spread)),
          sums,
          by,
        });
        expect(result.largestGap).toBeLessThan(1e-6);
        const points = pointsOf(result);
        for (const { total, parts } of sums) {
          for (let step = 0; step < 3; step++) {
            const sum = parts.reduce((left, part) => left + points[part]![step]!, 0);
            expect(Math.abs(points[total]![step]! - sum)).toBeLessThan(1e-2);
          }
        }
      }),
    );
  });

  test('figures too small to have digits left to share count as adding up', () => {
    const points = [0, 7.4e-323, 0, 0, -6e-323, 0, 0];
    const spreads = [94.58774693810027, 46.4593397864631, 1, 23.065644454163156, 35.290070279825265, 1, 1];
    const ids = ['all', 'goods', 'services', 'a', 'b', 'private', 'c'];
    const result = reconcileForecasts({
      series: points.map((point, index) => series(ids[index]!, [point], spreads[index]!)),
      sums: [
        { total: 'all', parts: ['goods', 'services'] },
        { total: 'goods', parts: ['a', 'b'] },
        { total: 'services', parts: ['private', 'c'] },
      ],
      by,
    });
    expect(result.largestGap).toBeLessThan(1e-9);
  });

  test('what adds up already is left alone', () => {
    const result = reconcileForecasts({
      series: [series('total', [10, 20], 3), series('a', [4, 15], 1), series('b', [6, 5], 2)],
      sums: [{ total: 'total', parts: ['a', 'b'] }],
      by,
    });
    expect(pointsOf(result)).toEqual({ total: [10, 20], a: [4, 15], b: [6, 5] });
  });
});

test('nothing that is bounded at zero falls below it, and sums still hold', () => {
  const result = reconcileForecasts({
    series: [series('total', [10], 0.1, true), series('a', [1], 10, true), series('b', [29], 10, true)],
    sums: [{ total: 'total', parts: ['a', 'b'] }],
    by: 'variance',
  });
  const points = pointsOf(result);
  expect(points['a']).toEqual([0]);
  expect(points['b']![0]).toBeCloseTo(points['total']![0]!, 9);
  expect(result.largestGap).toBeLessThan(1e-9);
});

test('a figure that a person set stays, and the others give way', () => {
  const result = reconcileForecasts({
    series: [series('total', [100, 100], 1), series('a', [80, 50], 1), series('b', [50, 50], 1)],
    sums: [{ total: 'total', parts: ['a', 'b'] }],
    by: 'structural',
    fixed: [{ id: 'a', step: 0 }],
  });
  const points = pointsOf(result);
  expect(points['a']).toEqual([80, 50]);
  expect(points['total']![0]! - points['b']![0]!).toBeCloseTo(80, 9);
});

test('series without any measured spread that contradict each other are reported by the gap', () => {
  const request = {
    series: [series('total', [100], 0), series('a', [60], 0), series('b', [50], 0)],
    sums: [{ total: 'total', parts: ['a', 'b'] }],
  };
  expect(reconcileForecasts({ ...request, by: 'variance' }).largestGap).toBeCloseTo(0.1, 9);
  expect(reconcileForecasts({ ...request, by: 'structural' }).largestGap).toBeLessThan(1e-9);
});

test('a sum whose part is not there is left out and named', () => {
  const sum = { total: 'total', parts: ['a', 'b'] };
  const result = reconcileForecasts({
    series: [series('total', [10], 1), series('a', [4], 1)],
    sums: [sum],
    by: 'variance',
  });
  expect(result).toMatchObject({ applied: [], leftOut: [sum], largestGap: 0 });
  expect(pointsOf(result)).toEqual({ total: [10], a: [4] });
});
