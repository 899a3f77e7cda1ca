import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs, promisify } from 'node:util';
import { GroupPlan } from '../agents/data-gathering/group-plan.ts';
import { groupRows } from '../agents/data-gathering/group-rows.ts';
import { printFigures, quantile } from './figures.ts';

const usage = `Usage: node bench/gather.ts ledger --data FILE [--rounds N] [--python PROGRAM] [--json]
       node bench/gather.ts large [--bytes N] [--json]

  ledger   the Online Retail ledger (CSV, gzip or not) read, cleaned and grouped by week and product; beside DuckDB,
           which then only adds up, where a program of that name is installed, or a Python that has it is named
  large    a generated ledger of so many bytes (2,000,000,000), grouped by month and product: how fast, and how much
           memory at the most

  --rounds N  readings, of which the median counts (7)
  --python PROGRAM  a Python with the package duckdb, whose queries are then timed without its start
  --json      one JSON object and nothing else`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    python: { type: 'string' },
    bytes: { type: 'string', default: '2000000000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const ledgerPlan = GroupPlan.parse({
  period: { column: 'InvoiceDate', every: 'weekly' },
  keys: ['StockCode'],
  label: 'Description',
  measures: { quantity: { sum: 'Quantity' }, revenue: { sum: 'Quantity', times: 'UnitPrice' } },
  screens: [
    { kind: 'cancellation', when: [{ column: 'InvoiceNo', startsWith: 'C' }], treat: 'leaveOut' },
    { kind: 'adjustment', when: [{ column: 'InvoiceNo', startsWith: 'A' }], treat: 'leaveOut' },
    { kind: 'test-code', when: [{ column: 'StockCode', matches: '^(?!\\d{5})' }], treat: 'leaveOut' },
    { kind: 'negative-quantity', when: [{ column: 'Quantity', below: 0 }], treat: 'leaveOut' },
    { kind: 'absurd-quantity', when: [{ column: 'Quantity', above: 10_000 }], treat: 'leaveOut' },
    { kind: 'no-price', when: [{ column: 'UnitPrice', equals: 0 }], treat: 'leaveOut' },
    { kind: 'missing-customer', when: [{ column: 'CustomerID', missing: true }], treat: 'keep' },
  ],
});

const largePlan = GroupPlan.parse({
  period: { column: 'day', every: 'monthly' },
  keys: ['product'],
  measures: { pieces: { sum: 'pieces' }, revenue: { sum: 'pieces', times: 'price' } },
  screens: [{ kind: 'return', when: [{ column: 'pieces', below: 0 }], treat: 'leaveOut' }],
});

const [command] = positionals;
if (
  options.help ||
  (command !== 'ledger' && command !== 'large') ||
  (command === 'ledger' && !options.data)
) {
  process.stdout.write(`${usage}\n`);
  process.exit(options.help ? 0 : 1);
}
if (command === 'ledger') await measureLedger(options.data!, Number(options.rounds));
else await measureLarge(Number(options.bytes));

async function measureLedger(file: string, rounds: number): Promise<void> {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const times: number[] = [];
  let rows = 0;
  // One more than counts: the first also loads the code.
  for (let round = 0; round <= rounds; round += 1) {
    const start = performance.now();
    const grouped = await groupRows({ path: file }, ledgerPlan, { largest: 200 });
    if (!grouped.ok) throw new Error(grouped.message);
    if (round > 0) times.push(performance.now() - start);
    ({ rows } = grouped.value.source);
  }
  const median = quantile(times, 0.5);
  const duck = options.python
    ? await timeInPython(options.python, file, rounds)
    : await timeDuckDb(file, rounds);
  const figures = {
    rows,
    milliseconds: Math.round(median),
    rowsPerSecond: Math.round(rows / (median / 1000)),
    peakMiB: peakMiB(),
    ...(duck === null ? {} : { duckDbMilliseconds: Math.round(duck) }),
  };
  const other =
    duck === null
      ? 'not installed'
      : `${Math.round(duck)} ms, its start ${options.python ? 'left out' : 'included'}`;
  printFigures('gather-ledger', figures, {
    json: options.json,
    table: [
      ['rows', String(rows)],
      ['read, cleaned and grouped', `${figures.milliseconds} ms, ${figures.rowsPerSecond} rows a second`],
      ['memory at the most', `${figures.peakMiB} MiB`],
      ['DuckDB', other],
    ],
  });
}

/** What DuckDB is asked: the same sums, of the same rows. */
function queryOf(file: string): string {
  return (
    "SELECT StockCode, date_trunc('week', InvoiceDate) AS week, sum(Quantity), sum(Quantity * UnitPrice) " +
    `FROM read_csv('${file.replaceAll("'", "''")}', types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR'}) ` +
    "WHERE InvoiceNo NOT LIKE 'C%' AND InvoiceNo NOT LIKE 'A%' AND regexp_matches(StockCode, '^[0-9]{5}') " +
    'AND Quantity > 0 AND Quantity <= 10000 AND UnitPrice <> 0 GROUP BY ALL'
  );
}

/** Milliseconds of the query alone, in a process that has DuckDB loaded. */
async function timeInPython(python: string, file: string, rounds: number): Promise<number> {
  const script =
    'import duckdb, sys, time\n' +
    'for _ in range(int(sys.argv[2]) + 1):\n' +
    '  start = time.perf_counter()\n' +
    '  duckdb.sql(sys.argv[1]).fetchall()\n' +
    '  print((time.perf_counter() - start) * 1000)';
  const { stdout } = await promisify(execFile)(python, ['-c', script, queryOf(file), String(rounds)]);
  return quantile(stdout.trim().split('\n').slice(1).map(Number), 0.5);
}

/** The same sums by DuckDB's own program, without counting what is left out; null where there is none. */
async function timeDuckDb(file: string, rounds: number): Promise<number | null> {
  const query = queryOf(file);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    try {
      await promisify(execFile)('duckdb', ['-csv', '-c', query], { maxBuffer: 1 << 28 });
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
      throw cause;
    }
    times.push(performance.now() - start);
  }
  return quantile(times, 0.5);
}

async function measureLarge(bytes: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'baton-gather-'));
  const file = path.join(folder, 'generated.csv');
  try {
    const made = await generateLedger(file, bytes);
    const { size } = await stat(file);
    const start = performance.now();
    const grouped = await groupRows({ path: file }, largePlan);
    const seconds = (performance.now() - start) / 1000;
    if (!grouped.ok) throw new Error(grouped.message);
    const { source, counted, groups, periods } = grouped.value;
    const pieces = groups.reduce((sum, { values }) => sum + values['pieces']!.reduce((a, b) => a + b, 0), 0);
    if (source.rows !== made.rows || pieces !== made.pieces)
      throw new Error('The sums are not those of the rows made.');
    const figures = {
      bytes: size,
      rows: source.rows,
      counted,
      figures: groups.length * periods.length,
      seconds: Number(seconds.toFixed(2)),
      rowsPerSecond: Math.round(source.rows / seconds),
      peakMiB: peakMiB(),
    };
    printFigures('gather-large', figures, {
      json: options.json,
      table: [
        ['generated file', `${size} bytes, ${source.rows} rows`],
        ['read and grouped', `${figures.seconds} s, ${figures.rowsPerSecond} rows a second`],
        ['groups and periods', `${groups.length} x ${periods.length}`],
        ['memory at the most', `${figures.peakMiB} MiB`],
      ],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A ledger of three years that says of itself that it is made up; what the rows come to, by other means. */
async function generateLedger(file: string, bytes: number): Promise<{ rows: number; pieces: number }> {
  const out = createWriteStream(file);
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const tails = Array.from({ length: 20_000 }, () => {
    const pieces = random(40) - 2;
    const price = (random(5000) / 100).toFixed(2);
    const product = `P-${String(random(3000)).padStart(5, '0')}`;
    return {
      text: `,${product},"Article ${product}, made up",${pieces},${price},C-${random(99_999)}\n`,
      pieces,
    };
  });
  out.write(
    'This ledger is generated: no row of it ever happened\n\nday,product,name,pieces,price,customer\n',
  );
  const days = 1096;
  let written = 0;
  let rows = 0;
  let pieces = 0;
  for (let day = 0; day < days; day += 1) {
    const date = new Date(Date.UTC(2021, 0, 1 + day)).toISOString().slice(0, 10);
    while (written < (bytes * (day + 1)) / days) {
      let piece = '';
      while (piece.length < 65_536 && written + piece.length < (bytes * (day + 1)) / days) {
        const tail = tails[random(tails.length)]!;
        piece += date + tail.text;
        rows += 1;
        pieces += Math.max(0, tail.pieces);
      }
      written += piece.length;
      if (!out.write(piece)) await once(out, 'drain');
    }
  }
  out.end();
  await finished(out);
  return { rows, pieces };
}

function peakMiB(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
