import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GroupPlan } from '../../../agents/data-gathering/group-plan.ts';
import { groupRows } from '../../../agents/data-gathering/group-rows.ts';
import type { GroupOptions } from '../../../agents/data-gathering/group-rows.ts';
import type { TextSource } from '../../../agents/data-gathering/stream-text.ts';
import { traceFigure } from '../../../agents/data-gathering/trace-figure.ts';
import { encodeText } from './encode-text.ts';
import { createRandom } from './generated-data.ts';

interface Sale {
  invoice: string;
  code: string;
  name: string;
  pieces: number;
  day: string;
  price: number;
  customer: string;
}

const header = ['invoice', 'code', 'name', 'pieces', 'day', 'price', 'customer'];
const plan = GroupPlan.parse({
  period: { column: 'day', every: 'weekly' },
  keys: ['code'],
  label: 'name',
  measures: {
    pieces: { sum: 'pieces' },
    revenue: { sum: 'pieces', times: 'price' },
    sales: { count: 'rows' },
  },
  screens: [
    { kind: 'cancellation', when: [{ column: 'invoice', startsWith: 'C' }], treat: 'leaveOut' },
    { kind: 'test-code', when: [{ column: 'code', oneOf: ['TEST', 'POST'] }], treat: 'leaveOut' },
    {
      kind: 'return',
      when: [
        { column: 'pieces', below: 0 },
        { column: 'price', above: 0 },
      ],
      treat: 'leaveOut',
    },
    { kind: 'no-customer', when: [{ column: 'customer', missing: true }], treat: 'keep' },
  ],
});

/** Made-up sales of eight weeks from Monday, 2024-01-01. */
function makeSales(count: number): Sale[] {
  const random = createRandom(31);
  return Array.from({ length: count }, (_, at) => {
    const code = random() < 0.02 ? 'POST' : `P${Math.floor(random() * 20)}`;
    return {
      invoice: `${random() < 0.05 ? 'C' : ''}${1000 + Math.floor(at / 3)}`,
      code,
      name: `Größe "${code}"; made up`,
      pieces: Math.floor(random() * 12) - 1,
      day: new Date(Date.UTC(2024, 0, 1 + Math.floor((at * 56) / count))).toISOString().slice(0, 10),
      price: Math.floor(random() * 1000) / 100,
      customer: random() < 0.25 ? '' : `K${Math.floor(random() * 30)}`,
    };
  });
}

const cellsOf = (sale: Sale): string[] => header.map((name) => String(sale[name as keyof Sale]));
const toCsv = (sales: Sale[]): string =>
  [header, ...sales.map(cellsOf)]
    .map((cells) =>
      cells.map((cell) => (/["\n,;]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','),
    )
    .join('\n');

const bytesOf = (text: string): TextSource => ({ bytes: new TextEncoder().encode(text) });

async function group(source: TextSource, changes: Partial<GroupPlan> = {}, options: GroupOptions = {}) {
  const grouped = await groupRows(source, { ...plan, ...changes }, options);
  if (!grouped.ok) throw new Error(grouped.message);
  return grouped.value;
}

async function refusalOf(text: string | Uint8Array, changes: Partial<GroupPlan> = {}): Promise<string> {
  const source = typeof text === 'string' ? bytesOf(text) : { bytes: text };
  const grouped = await groupRows(source, { ...plan, ...changes });
  if (grouped.ok) throw new Error('The ledger was not refused.');
  return grouped.message;
}

/** The same sums by other means: everything in memory, one filter after another. */
function expected(sales: Sale[]) {
  const counted = sales.filter(
    ({ invoice, code, pieces, price }) =>
      !invoice.startsWith('C') && code !== 'POST' && code !== 'TEST' && !(pieces < 0 && price > 0),
  );
  const week = ({ day }: Sale): number => Math.floor((Date.parse(day) - Date.UTC(2024, 0, 1)) / 604_800_000);
  const codes = [...new Set(counted.map(({ code }) => code))];
  return new Map(
    codes.map((code) => {
      const own = counted.filter((sale) => sale.code === code);
      const sums = (of: (sale: Sale) => number): number[] =>
        Array.from({ length: 8 }, (_, at) =>
          own.filter((sale) => week(sale) === at).reduce((sum, sale) => sum + of(sale), 0),
        );
      return [
        code,
        { pieces: sums((s) => s.pieces), revenue: sums((s) => s.pieces * s.price), sales: sums(() => 1) },
      ];
    }),
  );
}

const sales = makeSales(3000);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-ledger-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('a ledger', () => {
  it('is added up by week and product, as adding up in memory does', async () => {
    const { groups, periods, complete, counted, source } = await group(bytesOf(toCsv(sales)));
    expect(periods).toEqual([
      '2024-W01',
      '2024-W02',
      '2024-W03',
      '2024-W04',
      '2024-W05',
      '2024-W06',
      '2024-W07',
      '2024-W08',
    ]);
    expect(complete).toEqual({ first: true, last: true });
    expect(source).toMatchObject({ rows: 3000, columns: 7 });
    const sums = expected(sales);
    expect(groups).toHaveLength(sums.size);
    for (const { key, label, values, origin } of groups) {
      const [code = ''] = key;
      const { pieces, revenue, sales: rows } = sums.get(code)!;
      expect(values['pieces']).toEqual(pieces);
      values['revenue']!.forEach((value, at) => expect(value).toBeCloseTo(revenue[at]!, 6));
      expect(values['sales']).toEqual(rows);
      expect(origin.rows).toEqual(rows);
      expect(label).toBe(`Größe "${code}"; made up`);
    }
    expect(counted).toBe(groups.reduce((sum, { origin }) => sum + origin.rows.reduce((a, b) => a + b, 0), 0));
  });

  it('comes out the same packed, from a path, and in another dialect and encoding', async () => {
    const plain = await group(bytesOf(toCsv(sales)));
    const packed = join(folder, 'sales.csv.gz');
    await writeFile(packed, gzipSync(toCsv(sales)));
    const dialect = [
      'Sales, made up;;;;;;',
      header.join(';'),
      ...sales.map((sale) =>
        cellsOf({ ...sale, day: sale.day.split('-').toReversed().join('.') })
          .map((cell, at) => (at === 5 ? cell.replace('.', ',') : `"${cell.replaceAll('"', '""')}"`))
          .join(';'),
      ),
    ].join('\r\n');
    const wide = join(folder, 'sales-wide.csv');
    await writeFile(wide, encodeText(`\uFEFF${toCsv(sales)}`, 'utf-16le'));
    const legacy = { bytes: encodeText(dialect, 'windows-1252') };
    for (const source of [{ path: packed }, { path: wide }, legacy, bytesOf(`\uFEFF${toCsv(sales)}`)]) {
      const other = await group(source);
      expect(other.groups.map(({ key, label, values }) => [key, label, values])).toEqual(
        plain.groups.map(({ key, label, values }) => [key, label, values]),
      );
    }
  });

  it('says what was left out and what was kept, with counts that a process can read', async () => {
    const { findings, counted } = await group(bytesOf(toCsv(sales)));
    const cancelled = sales.filter(({ invoice }) => invoice.startsWith('C'));
    const left = sales.filter(({ invoice }) => !invoice.startsWith('C'));
    const posted = left.filter(({ code }) => code === 'POST');
    const returned = left.filter(({ code, pieces, price }) => code !== 'POST' && pieces < 0 && price > 0);
    const counts = Object.fromEntries(findings.map(({ kind, count }) => [kind, count]));
    expect(counts).toMatchObject({
      cancellation: cancelled.length,
      'test-code': posted.length,
      return: returned.length,
      'no-customer': left.filter(
        (sale) => !posted.includes(sale) && !returned.includes(sale) && sale.customer === '',
      ).length,
    });
    expect(counted).toBe(3000 - cancelled.length - posted.length - returned.length);
    const first = sales.indexOf(cancelled[0]!) + 2;
    const pieces = cancelled.reduce((sum, sale) => sum + sale.pieces, 0);
    expect(findings.find(({ kind }) => kind === 'cancellation')).toMatchObject({
      severity: 'warning',
      column: 'invoice',
      row: first,
      repaired: true,
      message: expect.stringContaining(`pieces of them ${pieces}: left out`) as string,
    });
  });

  it('gives the largest groups in full and adds up the others', async () => {
    const all = await group(bytesOf(toCsv(sales)));
    const few = await group(bytesOf(toCsv(sales)), {}, { largest: 5 });
    expect(few.groups).toEqual(all.groups.slice(0, 5));
    expect(few.others.groups).toBe(all.groups.length - 5);
    expect(few.others.values['pieces']).toEqual(
      all.periods.map((_, at) =>
        all.groups.slice(5).reduce((sum, { values }) => sum + values['pieces']![at]!, 0),
      ),
    );
  });

  it('has its weeks marked where they are of a part only, or empty', async () => {
    const rows = ['2024-01-03', '2024-01-07', '2024-01-15', '2024-01-20'].map(
      (day, at) => `${at},P1,x,1,${day},1,K1`,
    );
    const { complete, findings, groups } = await group(bytesOf([header.join(','), ...rows].join('\n')));
    expect(complete).toEqual({ first: false, last: false });
    expect(groups[0]?.values['pieces']).toEqual([2, 0, 2]);
    expect(findings.map(({ kind, count }) => [kind, count])).toEqual([
      ['partial-period', 2],
      ['empty-period', 1],
    ]);
  });
});

describe('rows that take others back', () => {
  const rows = [
    ['1', 'P1', 'x', '80', '2024-01-01', '1', 'K1'],
    ['2', 'P1', 'x', '5', '2024-01-02', '1', 'K1'],
    ['C3', 'P1', 'x', '-80', '2024-01-02', '1', 'K1'],
    ['4', 'P1', 'x', '80', '2024-01-03', '1', 'K1'],
    ['C5', 'P1', 'x', '-7', '2024-01-03', '1', 'K2'],
    ['6', 'P1', 'x', '7', '2024-01-04', '1', 'K2'],
    ['7', 'P1', 'x', '6', '2024-01-07', '1', 'K2'],
  ];
  const text = [header, ...rows].map((cells) => cells.join(',')).join('\n');
  const reversals = { screen: 'cancellation', match: ['code', 'customer'], amount: 'pieces' };

  it('leave out the one row before them that they are about, and none after them', async () => {
    expect((await group(bytesOf(text))).groups[0]?.values['pieces']).toEqual([178]);
    const { groups, findings } = await group(bytesOf(text), { reversals });
    expect(groups[0]?.values['pieces']).toEqual([98]);
    expect(findings.find(({ kind }) => kind === 'reversed')).toMatchObject({
      count: 1,
      row: 2,
      repaired: true,
    });
  });

  it('are refused where the plan has no such screen', async () => {
    expect(await refusalOf(text, { reversals: { ...reversals, screen: 'none' } })).toBe(
      'The plan has no screen none whose rows could take others back.',
    );
  });
});

describe('a figure', () => {
  it('is traced to the lines that it was added up from', async () => {
    const source = bytesOf(toCsv(sales));
    const { groups, periods, source: file } = await group(source);
    const { key, values, origin } = groups[3]!;
    const traced = await traceFigure(source, plan, { key, period: periods[2]! });
    if (!traced.ok) throw new Error(traced.message);
    const lines = traced.value.lines.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, at) => first + at),
    );
    const own = lines.map((line) => sales[line - 2]!);
    expect(own.every(({ code }) => code === key[0])).toBe(true);
    expect(own.reduce((sum, { pieces }) => sum + pieces, 0)).toBe(values['pieces']![2]);
    expect(traced.value).toMatchObject({
      digest: file.digest,
      rows: origin.rows[2],
      sums: { pieces: values['pieces']![2] },
    });
    expect([lines[0], lines.at(-1)]).toEqual([origin.firstLine[2], origin.lastLine[2]]);
  });
});

describe('a ledger that can not be read', () => {
  const lines = (...rows: string[]): string => [header.join(','), ...rows].join('\n');
  const row = (day: string, pieces = '1'): string => `1,P1,x,${pieces},${day},1,K1`;

  it.each([
    ['lacks a column', 'a,b\n2024-01-01,2\n', /^The file has no column "day"; it has "a", "b"\.$/],
    [
      'is ragged',
      lines(row('2024-01-01'), '2,P1,x', row('2024-01-02')),
      /^Line 3 has 3 cells; the header has 7\.$/,
    ],
    ['is cut off', lines(row('2024-01-01'), '2,P1,x'), /^Line 3 has 3 cells/],
    [
      'leaves the order of day and month open',
      lines(row('03/04/2024'), row('04/04/2024')),
      /"03\/04\/2024" in column "day" can be read in two ways/,
    ],
    [
      'turns its dates round',
      lines(row('13/04/2024'), row('04/14/2024')),
      /^Line 3, column "day": "04\/14\/2024" puts the month first/,
    ],
    [
      'leaves the decimal mark open',
      lines(row('2024-01-01', '"1,234"')).replaceAll(',', ';').replaceAll('"1;234"', '1,234'),
      /decimal mark/,
    ],
    [
      'has no periods',
      lines(row('x'), row('y'), row('2024-01-01')),
      /^2 of 3 rows have no period in column "day", the first in line 2: "x"/,
    ],
    ['has nothing left', lines(`C${row('2024-01-01')}`), /No row of the file is left/],
    [
      'has a quote left open',
      lines(row('2024-01-01'), '"2,P1,x,1,2024-01-02,1,K1'),
      /^Line 3, column 1: a quote is never closed/,
    ],
  ])('is refused by its place where it %s', async (_, text, message) => {
    expect(await refusalOf(text)).toMatch(message);
  });

  it('is read where the plan says what the file leaves open', async () => {
    const text = lines(row('03/04/2024'), row('04/04/2024'));
    const monthFirst = await group(bytesOf(text), {
      period: { ...plan.period, every: 'daily', dayOrder: 'monthFirst' },
    });
    expect([monthFirst.periods[0], monthFirst.periods.at(-1)]).toEqual(['2024-03-04', '2024-04-04']);
  });

  it('is refused by line where its bytes stop being text, far into the file', async () => {
    const text = toCsv(makeSales(40_000));
    const bytes = new TextEncoder().encode(text);
    const at = bytes.indexOf(10, bytes.length - 100_000);
    bytes[at + 3] = 0xff;
    const line = new TextDecoder().decode(bytes.subarray(0, at)).split('\n').length + 1;
    expect(await refusalOf(bytes)).toMatch(new RegExp(`^Line ${line} is not UTF-8 text after`));
  });

  it('has unreadable cells and rows without a period left out and counted', async () => {
    const { findings, groups } = await group(
      bytesOf(lines(row('2024-01-01'), row('2024-01-02', 'many'), row('soon'), row('2024-01-03', ''))),
    );
    expect(groups[0]?.values['pieces']).toEqual([1]);
    expect(findings).toMatchObject([
      {
        kind: 'unreadable-cell',
        column: 'pieces',
        row: 3,
        count: 2,
        message: expect.stringContaining('"many" is no number') as string,
      },
      { kind: 'row-without-period', column: 'day', row: 4, count: 1 },
      { kind: 'partial-period' },
    ]);
  });

  it('has totals among its rows left out', async () => {
    const { groups, findings } = await group(
      bytesOf(lines(row('2024-01-01'), '9,Total,x,99,2024-01-07,1,K1')),
    );
    expect(groups.map(({ key }) => key)).toEqual([['P1']]);
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'total-row', row: 3, count: 1 }));
  });
});
