import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { methodNames, type MethodName } from '../agents/forecasting/methods/fit-method.ts';
import { calibrateIntervals } from './forecast/calibrate-intervals.ts';
import { measureMethod, type Measured } from './forecast/measure-method.ts';
import { collections, readCollection } from './forecast/read-series.ts';

const usage = `Usage: node bench/forecast.ts [--data FOLDER] [--sample N] [--all-methods] [--within-training] [--json]
       node bench/forecast.ts --calibrate [--data FOLDER]

  --data FOLDER      where tourism-monthly-in.csv and its three siblings lie (../shared/data/series)
  --sample N         about N series of each collection, evenly spaced
  --all-methods      every method, not only the combination and the seasonal naive one
  --within-training  hide the end of the training part instead of the test part: for making choices
  --calibrate        only read the factors of the intervals off the training parts
  --json             one JSON object and nothing else`;

function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        data: { type: 'string', default: resolve(import.meta.dirname, '../../shared/data/series') },
        sample: { type: 'string' },
        'all-methods': { type: 'boolean', default: false },
        'within-training': { type: 'boolean', default: false },
        calibrate: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return stop(`${(error as Error).message}\n\n${usage}`);
  }
}

const options = readOptions();
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const sample = options.sample === undefined ? Infinity : Number(options.sample);
if (!(sample >= 1)) stop(`--sample wants a number of series, not ${options.sample}.`);
const files = collections.flatMap(({ name }) =>
  ['in', 'oos'].map((part) => `tourism-${name.toLowerCase()}-${part}.csv`),
);
const missing = files.filter((file) => !existsSync(join(options.data, file)));
if (missing.length > 0) {
  stop(
    `The series are not there: ${options.data} lacks ${missing.join(', ')}.\n` +
      'They are those of the Tourism competition (Athanasopoulos, Hyndman, Song, Wu 2011), published in the R\n' +
      'package Tcomp; bench/forecast/README.md says how a file is laid out. Name their folder with --data FOLDER.',
  );
}

if (options.calibrate) {
  process.stdout.write(`${calibrateIntervals(options.data)}\n`);
  process.exit(0);
}

const methods: MethodName[] = options['all-methods'] ? [...methodNames] : ['combination', 'naive'];
const figures: Record<string, number> = {};
const lines: string[][] = [];

function note(collection: string, method: MethodName, measured: Measured): void {
  const prefix = method === 'combination' ? '' : method;
  const add = (name: string, value: number, digits: number) => {
    const full = prefix + (prefix ? name[0]!.toUpperCase() + name.slice(1) : name) + collection;
    figures[full] = Number(value.toFixed(digits));
  };
  add('mase', measured.mase, 4);
  add('coverage80', measured.coverage80, 4);
  add('coverage95', measured.coverage95, 4);
  add('score95', measured.score95, 3);
  add('msPerSeriesMedian', measured.millisecondsMedian, 2);
  lines.push([
    `${collection.toLowerCase()} ${method}`,
    measured.mase.toFixed(3),
    measured.maseMedian.toFixed(3),
    `${(100 * measured.coverage80).toFixed(1)} %`,
    `${(100 * measured.coverage95).toFixed(1)} %`,
    measured.score95.toFixed(2),
    measured.millisecondsMedian.toFixed(1),
    measured.millisecondsMost.toFixed(1),
  ]);
}

for (const collection of collections) {
  const { name, season, horizon } = collection;
  const all = readCollection(options.data, collection, options['within-training']);
  const stride = Math.max(1, Math.round(all.length / sample));
  const series = all.filter((_, index) => index % stride === 0);
  figures[`series${name}`] = series.length;
  // The first fits of a fresh process are compiled on the way and would count as slow.
  for (const method of methods) measureMethod(series.slice(0, 5), season, horizon, method);
  for (const method of methods) note(name, method, measureMethod(series, season, horizon, method));
}

if (options.json) {
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    architecture: process.arch,
  };
  const bench = options['within-training'] ? 'forecast-within-training' : 'forecast';
  const report = { bench, figures, machine, versions: { node: process.versions.node } };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} else {
  const rows = [['', 'MASE', 'median', 'in 80 %', 'in 95 %', 'score', 'ms', 'most ms'], ...lines];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const where = options['within-training'] ? 'the end of the training parts' : 'the test parts';
  process.stdout.write(
    `${figures['seriesMonthly']} monthly series, 24 ahead; ${figures['seriesQuarterly']} quarterly, 8 ahead; on ${where}\n\n`,
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
    );
    process.stdout.write(`${cells.join('  ')}\n`);
  }
}
