import { describe, expect, it } from 'vitest';
import { findOutliers } from '../../../agents/data-gathering/find-outliers.ts';
import { readEmployment } from './employment.ts';
import { createRandom } from './generated-data.ts';

const random = createRandom(8);
/** Generated: trend, a season of twelve, noise of one. */
const seasonal = Array.from(
  { length: 96 },
  (_, row) => 200 + row + 40 * Math.sin((row * Math.PI) / 6) + (random() + random() - 1),
);
const rowsOf = (values: (number | null)[]): number[] => findOutliers(values, 12).map(({ row }) => row);

describe('an outlier', () => {
  it('is a value that jumps away and back, found at its row with what was to be expected there', () => {
    const values = [...seasonal];
    values[50] = (values[50] ?? 0) + 30;
    const [found, ...others] = findOutliers(values, 12);
    expect(others).toEqual([]);
    expect(found?.row).toBe(50);
    expect(Math.abs((found?.expected ?? 0) - (seasonal[50] ?? 0))).toBeLessThan(3);
  });

  it('is none of a season, a new level, or a slump that lasts', () => {
    expect(rowsOf(seasonal)).toEqual([]);
    expect(rowsOf(seasonal.map((value, row) => (row >= 40 ? value + 30 : value)))).toEqual([]);
    expect(
      rowsOf(
        seasonal.map((value, row) => (row >= 40 && row < 70 ? value - 3 * Math.min(10, row - 40) : value)),
      ),
    ).toEqual([]);
  });

  it('is not sought in a constant, in fewer than a dozen changes, or across gaps', () => {
    expect(rowsOf(seasonal.map(() => 5))).toEqual([]);
    expect(rowsOf([1, 2, 90, 2, 1])).toEqual([]);
    const gappy: (number | null)[] = [...seasonal];
    gappy[50] = 500;
    gappy[51] = null;
    expect(rowsOf(gappy)).toEqual([]);
  });

  it('is government in May 2010 and utilities in July 2012 among the US jobs, and nothing else', () => {
    const { columns, periods } = readEmployment();
    const found = [...columns].flatMap(([name, values]) =>
      findOutliers(values, 12).map(({ row }) => `${name} ${periods[row]}`),
    );
    // Census takers were hired in spring 2010; a utility locked its workers out in July 2012.
    expect(found).toEqual(['utilities 2012-07-01', 'government 2010-05-01']);
  });
});
