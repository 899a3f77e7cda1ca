import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureMethod } from '../../../bench/forecast/measure-method.ts';
import { collections, readCollection } from '../../../bench/forecast/read-series.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, '../shared/data/series');

// The series belong to the competition and are no part of this repository.
describe.runIf(existsSync(folder))('on the Tourism series', () => {
  // As statsforecast 2.1.1 and the R package Tcomp have it.
  const published = { Monthly: 1.63094, Quarterly: 1.69899 };

  test.each(collections)('$name: the seasonal naive error is the published one', (collection) => {
    const series = readCollection(folder, collection, false);
    const { mase } = measureMethod(series, collection.season, collection.horizon, 'naive');
    expect(mase).toBeCloseTo(published[collection.name], 4);
  });

  test.each(collections)(
    '$name: every tenth series is forecast better than by the naive method',
    (collection) => {
      const series = readCollection(folder, collection, false).filter((_, index) => index % 10 === 0);
      const { season, horizon } = collection;
      const combined = measureMethod(series, season, horizon, 'combination');
      expect(combined.mase).toBeLessThan(measureMethod(series, season, horizon, 'naive').mase);
      expect(combined.coverage95).toBeGreaterThan(0.9);
    },
  );

  test('the bench prints one JSON object and nothing else', () => {
    const output = execFileSync(process.execPath, [
      join(root, 'bench/forecast.ts'),
      '--json',
      '--sample',
      '4',
      '--data',
      folder,
    ]);
    const report = JSON.parse(output.toString()) as { bench: string; figures: Record<string, number> };
    expect(report.bench).toBe('forecast');
    expect(Object.keys(report.figures)).toEqual(
      expect.arrayContaining([
        'maseMonthly',
        'maseQuarterly',
        'coverage95Monthly',
        'naiveMaseMonthly',
        'msPerSeriesMedianMonthly',
      ]),
    );
  });
});

test('without the series the bench says what is missing, where it comes from, and ends with 2', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [
    join(root, 'bench/forecast.ts'),
    '--data',
    import.meta.dirname,
  ]);
  expect(status).toBe(2);
  expect(stdout.toString()).toBe('');
  expect(stderr.toString()).toMatch(/lacks tourism-monthly-in\.csv.*Tcomp/s);
});
