import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { backtestOne } from '../../../agents/forecasting/backtest-series.ts';
import { chooseRegressors } from '../../../agents/forecasting/choose-regressors.ts';
import { forecastOne } from '../../../agents/forecasting/forecast-series.ts';
import { locateHolidays } from '../../../agents/forecasting/holiday-calendar.ts';
import { applyPattern } from '../../../agents/forecasting/regressors.ts';
import { generateSeries } from './generated-series.ts';
import { makeTable, runGraph } from './run-graph.ts';

const day = 86_400_000;

function listDays(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    return new Date(Date.parse(first) + index * day).toISOString().slice(0, 10);
  });
}

/** Generated days with a week and a year in them. */
function generateDays(length: number, swing: number): number[] {
  const week = [1, 1.02, 1.05, 1.1, 1.25, 1.4, 0.8];
  return generateSeries({ length, level: 300, noise: 8, seed: 21 }).map(
    (value, time) => value * week[time % 7]! * (1 + swing * Math.sin((2 * Math.PI * time) / 365.25)),
  );
}

function meanShareOff(actual: number[], point: number[]): number {
  return actual.reduce((sum, value, step) => sum + Math.abs(point[step]! / value - 1), 0) / actual.length;
}

describe('several seasons', () => {
  test('a week and a year in days: both are continued', () => {
    const all = generateDays(1100, 0.4);
    const request = { id: 'generated', values: all.slice(0, 1000), season: 7, horizon: 100 };
    const both = forecastOne({
      ...request,
      method: 'combination',
      regressors: { seasons: [365.25], holidays: [] },
    });
    const weekOnly = forecastOne({ ...request, method: 'combination' });
    expect(meanShareOff(all.slice(1000), both.point)).toBeLessThan(0.05);
    expect(meanShareOff(all.slice(1000), weekOnly.point)).toBeGreaterThan(0.15);
    // The interval knows of the year too.
    expect(both.bounds[95].upper[99]! - both.bounds[95].lower[99]!).toBeLessThan(
      weekOnly.bounds[95].upper[99]! - weekOnly.bounds[95].lower[99]!,
    );
  });

  test('a day and a week in hours: the weekend keeps its own shape', () => {
    const shape = (hour: number, weekend: boolean) =>
      weekend ? Math.max(0, 4 - Math.abs(hour - 13)) * 20 : 60 * Number(hour > 7 && hour < 19);
    const all = generateSeries({ length: 24 * 56, level: 100, noise: 3, seed: 5 }).map(
      (value, time) => value + shape(time % 24, Math.floor(time / 24) % 7 > 4),
    );
    const history = all.slice(0, 24 * 49);
    const request = { id: 'generated', values: history, season: 24, horizon: 168, method: 'theta' as const };
    const { point } = forecastOne({ ...request, regressors: { seasons: [168], holidays: [] } });
    const off = (path: number[]) =>
      all.slice(24 * 49).reduce((sum, value, step) => sum + Math.abs(value - path[step]!), 0) / 168;
    expect(off(point)).toBeLessThan(5);
    expect(off(point)).toBeLessThan(0.5 * off(forecastOne(request).point));
  });

  test('what is taken out is put back: history and forecast are in units of the series', () => {
    const values = Float64Array.from(generateDays(800, 0.4));
    const adjusted = applyPattern(values, {
      season: 7,
      horizon: 10,
      start: 0,
      regressors: { seasons: [365.25], holidays: [] },
    });
    adjusted.restore(adjusted.values).forEach((value, time) => expect(value).toBeCloseTo(values[time]!, 6));
    const spread = (list: Float64Array) => Math.max(...list) / Math.min(...list);
    expect(spread(adjusted.values)).toBeLessThan(spread(values) / 1.5);
  });

  test('less than two years say nothing about the year', () => {
    const values = Float64Array.from(generateDays(700, 0.4));
    const regressors = { seasons: [365.25], holidays: [] };
    expect([...applyPattern(values, { season: 7, horizon: 10, start: 0, regressors }).values]).toEqual([
      ...values,
    ]);
  });
});

test("on Seattle's real temperatures a year's pattern is found, and lowers the error", async () => {
  const file = new URL('../../../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url);
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const values = rows.map((row) => Number(row[2]));
  const request = { id: 'temperature', values, season: 7, horizon: 60, frequency: 'daily' as const };
  const { regressors, note } = await chooseRegressors({ ...request, periods: listDays('2012-01-01', 1521) });
  expect(regressors).toEqual({ seasons: [365.25], holidays: [] });
  expect(note).toMatch(/a pattern over the year .*no holidays/);
  const errorOf = (changes: object) => backtestOne({ ...request, method: 'combination', ...changes }).mase;
  // Seen once: 1.07 with it, 1.55 without.
  expect(errorOf({ regressors })).toBeLessThan(0.8 * errorOf({}));
});

describe('moving holidays', () => {
  // As published by the governments of Hong Kong, Taiwan and the United States.
  test.each([
    ['HK', 2025, 'Lunar New Year’s Day', '2025-01-29'],
    ['HK', 2024, 'Lunar New Year’s Day', '2024-02-10'],
    ['HK', 2024, 'Ching Ming Festival', '2024-04-04'],
    ['HK', 2024, 'Tuen Ng Festival', '2024-06-10'],
    ['HK', 2024, 'The day following the Chinese Mid-Autumn Festival', '2024-09-18'],
    ['HK', 2024, 'Easter Monday', '2024-04-01'],
    ['TW', 2025, 'Chinese New Year', '2025-01-29'],
    ['TW', 2024, 'Mid-Autumn Festival', '2024-09-17'],
    ['TW', 2023, 'Dragon Boat Festival', '2023-06-22'],
    ['TW', 2024, 'Tomb Sweeping Day', '2024-04-04'],
    ['US', 2023, 'Thanksgiving Day', '2023-11-23'],
    ['US', 2024, 'Thanksgiving Day', '2024-11-28'],
    ['US', 2024, 'Easter Sunday', '2024-03-31'],
  ] as const)('%s %i: %s falls on %s', async (region, year, name, date) => {
    const days = listDays(`${year}-01-01`, 365);
    const found = (await locateHolidays(days, region))!.find((holiday) => holiday.name === name);
    expect(found?.at.map((at) => days[at])).toContain(date);
  });

  test('in weeks, a holiday falls into the week that it lies in', async () => {
    const weeks = Array.from({ length: 52 }, (_, week) => `2024-W${String(week + 1).padStart(2, '0')}`);
    const holidays = (await locateHolidays(weeks, 'US'))!;
    const weekOf = (name: string) =>
      holidays.find((holiday) => holiday.name === name)!.at.map((at) => weeks[at]);
    expect(weekOf('Thanksgiving Day')).toEqual(['2024-W48']);
    expect(weekOf('Easter Sunday')).toEqual(['2024-W13']);
  });

  const days = listDays('2018-01-01', 2300);
  const shut = (holidays: { name: string; at: number[] }[], name: string) =>
    new Set(holidays.find((holiday) => holiday.name === name)!.at);

  test('of the right region are found by backtest, stated, and carried into the forecast', async () => {
    const holidays = (await locateHolidays(days, 'HK'))!;
    // Generated: shops that close on the first three days of the Lunar New Year, and for Ching Ming.
    const closed = new Set(
      [
        'Lunar New Year’s Day',
        'The second day of Lunar New Year',
        'The third day of Lunar New Year',
        'Ching Ming Festival',
        'Tuen Ng Festival',
        'National Day',
        'Christmas Day',
      ].flatMap((name) => [...shut(holidays, name)]),
    );
    const values = generateDays(2300, 0).map((value, time) => (closed.has(time) ? value * 0.3 : value));
    const known = days.indexOf('2024-01-31');
    const request = {
      id: 'shop',
      values: values.slice(0, known),
      season: 7,
      horizon: 28,
      frequency: 'daily' as const,
      periods: days.slice(0, known + 28),
    };
    const choice = await chooseRegressors(request);
    expect(choice.note).toMatch(
      /the holidays of Hong Kong \(error HK 0\.\d\d, TW \d\.\d\d, US \d\.\d\d, \d\.\d\d without\)/,
    );
    const { id, season, horizon } = request;
    const { point } = forecastOne({
      id,
      season,
      horizon,
      values: request.values,
      method: 'combination',
      regressors: choice.regressors!,
    });
    const newYear = days.indexOf('2024-02-10') - known;
    expect(point[newYear]! / values[known + newYear]!).toBeLessThan(1.4);
    expect(point[newYear]!).toBeLessThan(0.55 * point[newYear - 7]!);
  });

  test('are left alone where they change nothing', async () => {
    const values = generateDays(900, 0);
    const request = { id: 'machine', values, season: 7, horizon: 14, frequency: 'daily' as const };
    const choice = await chooseRegressors({ ...request, periods: days.slice(0, 914) });
    expect(choice.regressors?.holidays ?? []).toEqual([]);
    expect(choice.note).toContain('no holidays');
  });

  test('that are asked for are used without a test, none if none', async () => {
    const values = generateDays(500, 0);
    const request = {
      id: 'shop',
      values,
      season: 7,
      horizon: 14,
      frequency: 'daily' as const,
      periods: days.slice(0, 514),
    };
    const asked = await chooseRegressors({ ...request, holidays: ['TW'] });
    expect(asked.regressors!.holidays.map(({ name }) => name)).toContain('TW Mid-Autumn Festival');
    expect((await chooseRegressors({ ...request, holidays: [] })).regressors).toBeNull();
    // Too short for a test: nothing is chosen, and nothing claimed.
    const short = { ...request, values: values.slice(0, 10), periods: days.slice(0, 24) };
    expect(await chooseRegressors(short)).toEqual({ regressors: null, note: null });
  });
});

test('without date-holidays days are forecast all the same, and the notes name what is missing', () => {
  const hide = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name === 'date-holidays') throw Object.assign(new Error(name), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    } });`;
  const module = new URL('../../../agents/forecasting/choose-regressors.ts', import.meta.url);
  const run = `const { chooseRegressors } = await import(${JSON.stringify(module.href)});
    const values = Array.from({ length: 120 }, (_, time) => 50 + (time % 7));
    const periods = Array.from({ length: 127 }, (_, time) => new Date(time * 86400000).toISOString().slice(0, 10));
    const request = { id: 'shop', values, season: 7, horizon: 7, frequency: 'daily', periods };
    process.stdout.write(JSON.stringify(await chooseRegressors(request)));`;
  const output = execFileSync(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(hide)}`,
    '--input-type=module',
    '--eval',
    run,
  ]);
  expect(JSON.parse(output.toString())).toEqual({
    regressors: null,
    note: 'Taken into account: no holidays: the package date-holidays is not installed (npm install date-holidays).',
  });
});

test('a table of days is forecast with what was found, and says so; months are not asked', async () => {
  const values = generateDays(900, 0.4);
  const table = makeTable({ shop: values });
  const daily = { ...table, frequency: 'daily' as const, season: 7, periods: listDays('2021-01-01', 900) };
  const { forecast } = await runGraph(daily, 60, { adjust: { holidays: ['HK'] } });
  expect(forecast.notes.join('\n')).toMatch(
    /shop: Taken into account: a pattern over the year .*Hong Kong, as asked for/,
  );
  expect(forecast.periods[0]).toBe('2023-06-20');
  const truth = generateDays(960, 0.4).slice(900);
  expect(meanShareOff(truth, forecast.series[0]!.mean)).toBeLessThan(0.08);
  const monthly = await runGraph(
    makeTable({ sound: generateSeries({ length: 60, swing: 20, noise: 2 }) }),
    6,
  );
  expect(monthly.forecast.notes.join()).not.toContain('Taken into account');
});

test('weeks of less than two years are forecast without a season, and that is said', async () => {
  const table = makeTable({ shop: generateSeries({ length: 53, level: 80, noise: 6, seed: 12 }) });
  const periods = Array.from({ length: 53 }, (_, week) => `2020-W${String(week + 1).padStart(2, '0')}`);
  const weekly = { ...table, frequency: 'weekly' as const, season: 52, periods };
  const { forecast, asked } = await runGraph(weekly, 8, { answers: { worseThanNaive: 'proceed' } });
  expect(asked.map(({ prompt }) => prompt.kind)).not.toContain('tooShort');
  expect(forecast.series[0]!.backtest.origins).toBe(4);
  expect(forecast.notes.join('\n')).toContain(
    'Shorter than two seasons of 52 periods, and forecast without any season: shop.',
  );
  forecast.series[0]!.mean.forEach((value) => expect(Math.abs(value - 80)).toBeLessThan(10));
});
