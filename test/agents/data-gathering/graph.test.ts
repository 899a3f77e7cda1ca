import { describe, expect, it } from 'vitest';
import agent from '../../../agents/data-gathering/graph.ts';
import * as jobs from '../../../agents/data-gathering/jobs.ts';
import { createDatasetReader, packageFolder } from '../../../agents/data-gathering/read-dataset.ts';
import { employmentPath, readEmployment } from './employment.ts';
import { createRandom, generateWalk, monthLabels, toCsv } from './generated-data.ts';
import { gather } from './run-graph.ts';

const months = monthLabels(36);
const random = createRandom(77);
const a = generateWalk(random, 36, 500);
const b = generateWalk(random, 36, 800);
const blank = (values: number[], ...rows: number[]) =>
  values.map((value, row) => (rows.includes(row) ? null : value));

describe('gathering US jobs', () => {
  it('goes straight through and makes the table of series', async () => {
    const readData = createDatasetReader({
      named: { 'vega-datasets': packageFolder('vega-datasets', 'data') },
      folders: [],
    });
    const { bytes } = await readData('vega-datasets/us-employment.csv');
    const { steps, start } = gather(bytes);
    const { series, asked } = await start();
    expect(steps).toEqual(['read', 'profile', 'check', 'structure', 'pick']);
    expect(asked).toEqual([]);
    const { columns, periods } = readEmployment();
    expect(series).toMatchObject({
      dataset: 'made.csv',
      source: { bytes: 17_841, rows: 120, columns: 24 },
      frequency: 'monthly',
      season: 12,
      unit: null,
      periods: periods.map((period) => period.slice(0, 7)),
      leftOut: [{ column: 'nonfarm_change', reason: 'is the change of nonfarm on the period before' }],
    });
    expect(series?.series.map(({ id, values }) => [id, values])).toEqual(
      [...columns].filter(([name]) => name !== 'nonfarm_change'),
    );
    expect(series?.series.filter(({ role }) => role === 'total')).toHaveLength(7);
    expect(series?.series.filter(({ role }) => role === 'part')).toHaveLength(15);
    expect(series?.findings.map(({ kind, column, row }) => [kind, column, row])).toEqual([
      ['outlier', 'utilities', 80],
      ['outlier', 'government', 54],
      ['unit-unknown', undefined, undefined],
    ]);
    if (!series) return;
    expect(agent.facts['series']?.(series as never)).toEqual({ series: 22, rows: 120, warnings: 2 });
  });

  it('leaves out what a request for changes names, and the sums that it was part of', async () => {
    const { start } = gather(
      await import('node:fs').then(({ readFileSync }) => readFileSync(employmentPath)),
      ['mining_and_logging', 'no_such_column'],
    );
    const { series } = await start();
    expect(series?.leftOut).toContainEqual({ column: 'mining_and_logging', reason: 'left out as asked' });
    expect(series?.hierarchy.map(({ total }) => total)).not.toContain('goods_producing');
    expect(series?.hierarchy.map(({ total }) => total)).toContain('manufacturing');
    expect(series?.findings).toContainEqual(expect.objectContaining({ kind: 'unknown-column' }));
  });
});

describe('a table with problems', () => {
  it('is repaired and checked again until it is whole, without asking', async () => {
    const rows = [...months.keys()]
      .filter((row) => row !== 20)
      .sort((x, y) => (x === 4 ? 8.5 : x) - (y === 4 ? 8.5 : y));
    const pick = <T>(values: T[]): T[] => rows.map((row) => values[row] as T);
    const csv = toCsv(pick(months), { a: pick(a), b: pick(b) });
    const { steps, start } = gather(`${csv}\n${csv.split('\n').at(-1)}`);
    const { series } = await start();
    expect(steps).toEqual([
      'read',
      'profile',
      'check',
      'repair',
      'check',
      'repair',
      'check',
      'repair',
      'check',
      'structure',
      'pick',
    ]);
    expect(series?.periods).toEqual(months);
    expect(series?.findings.filter(({ repaired }) => repaired).map(({ kind }) => kind)).toEqual([
      'unsorted',
      'duplicate-row',
      'missing-period',
      'filled-cell',
      'filled-cell',
    ]);
  });

  it('fills from sums first, and interpolates only what they leave', async () => {
    const total = a.map((value, row) => value + (b[row] ?? 0));
    const { steps, start } = gather(toCsv(months, { a: blank(a, 5, 9), b: blank(b, 9), total }));
    const { series } = await start();
    expect(steps.filter((step) => step === 'repair')).toHaveLength(2);
    expect(series?.series[0]?.values[5]).toBe(a[5]);
    expect(series?.hierarchy).toEqual([{ total: 'total', parts: ['a', 'b'], maxGap: 0, tolerance: 1.5 }]);
  });

  it('asks all that it can not settle at once, and goes on with the answers', async () => {
    const csv = toCsv(months, { a: blank(a, 10, 11), b: blank(b, 34, 35) });
    const { steps, start, answer } = gather(csv);
    const first = await start();
    expect(first.series).toBeUndefined();
    expect(first.asked.map(({ value }) => value.prompt.options.map(({ id }) => id))).toEqual([
      ['interpolate', 'startAfter', 'leaveOut'],
      ['endBefore', 'leaveOut'],
    ]);
    expect(first.asked[0]?.value.answer).toMatchObject({
      type: 'string',
      enum: ['interpolate', 'startAfter', 'leaveOut'],
    });
    const [gap, end] = first.asked;
    const second = await answer({ [gap?.id ?? '']: 'interpolate', [end?.id ?? '']: 'endBefore' });
    expect(second.asked).toEqual([]);
    expect(second.series?.periods).toEqual(months.slice(0, 34));
    expect(second.series?.series.map(({ values }) => values.includes(null))).toEqual([false, false]);
    expect(steps.slice(-6)).toEqual(['ask', 'check', 'repair', 'check', 'structure', 'pick']);
  });

  it('asks how to read it before it is read, and reads it again with the answer', async () => {
    const text = [
      'month;a',
      ...months.map((month, row) => `${month};1,${String((row * 37) % 900).padStart(3, '0')}`),
    ].join('\n');
    const { steps, start, answer } = gather(text);
    const { asked } = await start();
    expect(asked).toHaveLength(1);
    const { series } = await answer({ [asked[0]?.id ?? '']: '.' });
    expect(series?.series[0]?.values[0]).toBe(1000);
    expect(steps).toEqual(['read', 'profile', 'ask', 'profile', 'check', 'structure', 'pick']);
  });

  it('asks again what an answer leaves open', async () => {
    const { start, answer } = gather(`${toCsv(months, { a: blank(a, 12, 13), b })}\n${months[20]},1,1`);
    const rows = await start();
    expect(rows.asked[0]?.value.prompt.question).toMatch(/^Lines 22, 38 give different values for 2011-09/);
    const cells = await answer({ [rows.asked[0]?.id ?? '']: 'keepFirst' });
    expect(cells.asked[0]?.value.prompt.question).toMatch(/^2 values in a row \(2011-01 to 2011-02\)/);
    const { series } = await answer({ [cells.asked[0]?.id ?? '']: 'leaveOut' });
    expect(series?.series.map(({ id }) => id)).toEqual(['b']);
  });

  it('asks what absent rows of a long table mean, and finds sums in what they are', async () => {
    const counts = months.map((_, row) => (row % 4 === 1 ? null : 20 + ((row * 7) % 13)));
    const rows = months.flatMap((month, row) => [
      `${month},steady,${a[row]}`,
      ...(counts[row] === null ? [] : [`${month},rare,${counts[row]}`]),
      `${month},all,${(a[row] ?? 0) + (counts[row] ?? 0)}`,
    ]);
    const { start, answer } = gather(['month,kind,n', ...rows].join('\n'));
    const { asked } = await start();
    expect(asked[0]?.value.prompt.question).toBe(
      '9 times a kind has no row for a period. What does that mean?',
    );
    const { series } = await answer({ [asked[0]?.id ?? '']: 'zero' });
    expect(series?.hierarchy).toEqual([
      { total: 'all', parts: ['steady', 'rare'], maxGap: 0, tolerance: 1.5 },
    ]);
  });
});

describe('a file of no use', () => {
  it.each([
    ['empty', '', 'Data.Empty'],
    ['a header alone', 'month,a\n', 'Data.Empty'],
    ['binary', 'PK\u0003\u0004\u0000\u0000', 'Data.Malformed'],
    ['ragged', 'month,a\n2006-01,1\n2006-02,1,2\n', 'Data.Malformed'],
    ['without periods', 'name,a\nx,1\ny,2\n', 'Data.Malformed'],
    ['without numbers', toCsv(months, { a: months.map(() => 'x') }), 'Data.Unfit'],
    ['with constants only', toCsv(months, { a: months.map(() => 5) }), 'Data.Unfit'],
    ['over the limit', 'x'.repeat(8 * 1024 * 1024 + 1), 'Data.TooLarge'],
  ])('fails for good with one clear failure: %s', async (_, content, type) => {
    const failure: unknown = await gather(content)
      .start()
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(failure).toMatchObject({
      type,
      nonRetryable: true,
      message: expect.stringMatching(/^made\.csv/) as string,
    });
  });

  it('fails for good when every column was left out', async () => {
    const failure: unknown = await gather(toCsv(months, { a }), ['a'])
      .start()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      type: 'Data.Unfit',
      message: 'made.csv has no column to forecast: a left out as asked.',
    });
  });
});

describe('the jobs', () => {
  it('lie where the implementation says', async () => {
    expect(agent.jobs && Object.keys((await import(agent.jobs.href)) as object).sort()).toEqual(
      Object.keys(jobs).sort(),
    );
  });
});
