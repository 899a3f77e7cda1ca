import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parquetMetadata } from 'hyparquet';
import type { FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { describe, expect, it } from 'vitest';
import { checkParquet } from '../../../agents/data-gathering/check-parquet.ts';
import type { Grid } from '../../../agents/data-gathering/grid.ts';
import { gridOf } from '../../../agents/data-gathering/open-file.ts';
import { readParquet } from '../../../agents/data-gathering/read-parquet.ts';
import { gather } from './run-graph.ts';

// Generated, by pyarrow 26: 36 months from 2020-01, rows of which one lacks a value.
const load = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`./generated-${name}.parquet`, import.meta.url)));
const snappy = load('snappy');
const zstd = load('zstd');

async function gridFrom(bytes: Uint8Array): Promise<Grid> {
  const read = await readParquet(bytes);
  if (!read.ok) throw new Error(read.message);
  const grid = gridOf(read.value);
  if (!grid.ok) throw new Error(grid.message);
  return grid.value;
}

describe('a Parquet file', () => {
  it('gives its rows in order over all row groups, dates as days and decimals as they are', async () => {
    const { records, place } = await gridFrom(snappy);
    expect(place).toBe('row');
    expect(records).toHaveLength(37);
    expect(records[0]).toEqual({ line: 0, cells: ['month', 'sold', 'price'] });
    expect(records[1]).toEqual({ line: 1, cells: ['2020-01-01', '100', '2.5'] });
    expect(records[6]).toEqual({ line: 6, cells: ['2020-06-01', '', '6.5'] });
    expect(records[36]).toEqual({ line: 36, cells: ['2022-12-01', '111', '2.5'] });
  });

  it('keeps whole numbers that are larger than a number holds, and leaves lists out by name', async () => {
    const { records, findings } = await gridFrom(zstd);
    expect(records[0]!.cells).toEqual(['month', 'sold', 'price', 'note', 'big']);
    expect(records[1]!.cells).toEqual(['2020-01-01', '100', '2.5', '=made up', '9007199254740993']);
    expect(findings).toMatchObject([
      { kind: 'nested-columns', message: 'Columns that hold lists or structures were left out: "tags".' },
    ]);
  });

  it('becomes series, each value traced to its row', async () => {
    const { series } = await gather(snappy).start();
    expect(series).toMatchObject({ frequency: 'monthly', source: { rows: 36, columns: 3 } });
    expect(series!.series.map(({ id }) => id)).toEqual(['sold', 'price']);
    expect(series!.lineage).toMatchObject({ place: 'row' });
    expect(series!.lineage!.series[0]!.runs[0]).toEqual({ period: 0, count: 5, row: 1, step: 1 });
  });
});

describe('a Parquet file that lies', () => {
  const check = (change: (metadata: FileMetaData) => void) => {
    const metadata = structuredClone(parquetMetadata(snappy));
    change(metadata);
    return checkParquet(snappy, metadata, ['month', 'sold', 'price'], parquetHeader);
  };
  const chunkOf = ({ row_groups }: FileMetaData) => row_groups[0]!.columns[1]!.meta_data!;
  const setRows = (metadata: FileMetaData, rows: bigint): void => {
    metadata.num_rows = rows;
    metadata.row_groups = [{ ...metadata.row_groups[0]!, num_rows: rows }];
  };

  it('of nothing is read', () => {
    expect(check(() => undefined)).toBeNull();
  });

  it.each<[string, (metadata: FileMetaData) => void, string]>([
    [
      'rows that no group has',
      (it) => (it.num_rows = 37n),
      'The footer says 37 rows, and its row groups have 36.',
    ],
    [
      'rows that no memory holds',
      (it) => setRows(it, 4_000_000_000n),
      'The file has 4000000000 rows of 3 columns; the limit is 2000000 values.',
    ],
    [
      'fewer than no rows',
      (it) => setRows(it, -5n),
      'The file has -5 rows of 3 columns; the limit is 2000000 values.',
    ],
    [
      'rows that its pages lack',
      (it) => setRows(it, 100n),
      'The column "month" in row group 1 is not what the file says: 20 values for 100 rows.',
    ],
    [
      'columns beyond its end',
      (it) => (chunkOf(it).total_compressed_size = 1_000_000n),
      'The column "sold" in row group 1 is not what the file says: it lies outside the file.',
    ],
    [
      'columns before its start',
      (it) => (chunkOf(it).dictionary_page_offset = -8n),
      'The column "sold" in row group 1 is not what the file says: it lies outside the file.',
    ],
    [
      'another packing',
      (it) => (chunkOf(it).codec = 'LZ4_RAW'),
      'The column "sold" in row group 1 is packed with LZ4_RAW, which is not read here: save it with snappy, gzip or zstd.',
    ],
  ])('of %s is refused before anything is unpacked', (_, change, message) => {
    expect(check(change)).toMatchObject({ ok: false, message });
  });

  it('in the size of a page is refused by what all pages would unpack to', () => {
    const readHeader: typeof parquetHeader = (reader) => ({
      ...parquetHeader(reader),
      uncompressed_page_size: 40_000_000,
    });
    expect(checkParquet(snappy, parquetMetadata(snappy), ['month'], readHeader)).toMatchObject({
      type: 'Data.TooLarge',
      message: expect.stringContaining('unpack to over 67108864 bytes') as string,
    });
  });

  it.each([
    ['snappy', snappy],
    ['zstd', zstd],
  ])('wherever it is damaged, is refused or read, and never breaks who reads it: %s', async (_, whole) => {
    let state = 11;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    const kinds = new Set<string>();
    const damaged = Array.from({ length: 8 }, (__, round) => {
      const bytes = round % 6 === 0 ? whole.slice(0, 13 + random(whole.length - 13)) : whole.slice();
      for (let change = 0; change <= random(3); change += 1)
        bytes[4 + random(bytes.length - 4)] = random(256);
      return bytes;
    });
    // What goes round in circles is ended soon; what is only slow on a busy machine is refused as well.
    for (const read of await Promise.all(damaged.map(async (bytes) => readParquet(bytes, 3000))))
      kinds.add(read.ok ? 'read' : read.type);
    expect(['read', 'Data.Malformed', 'Data.TooLarge', 'Data.Empty']).toEqual(
      expect.arrayContaining([...kinds]),
    );
    expect(kinds).toContain('Data.Malformed');
  });

  it('is given up where reading it comes to no end', async () => {
    expect(await readParquet(snappy, 0)).toEqual({
      ok: false,
      type: 'Data.Malformed',
      message: 'The Parquet file can not be read: reading it comes to no end.',
    });
  });
});

it('is refused without the package that reads it, by its name', () => {
  const hide = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name === 'hyparquet') throw Object.assign(new Error(name), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    } });`;
  const module = new URL('../../../agents/data-gathering/read-parquet.ts', import.meta.url);
  const run = `const { readParquet } = await import(${JSON.stringify(module.href)});
    process.stdout.write(await readParquet(new Uint8Array(12)).catch(({ type, message }) => type + ': ' + message));`;
  const options = ['--import', `data:text/javascript,${encodeURIComponent(hide)}`, '--input-type=module'];
  expect(execFileSync(process.execPath, [...options, '--eval', run]).toString()).toBe(
    'Package.Missing: Reading Parquet needs the package hyparquet: npm install hyparquet',
  );
});
