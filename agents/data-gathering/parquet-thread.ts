import { parentPort, workerData } from 'node:worker_threads';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { Compressors, FileMetaData, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import type { Finding } from './agent.ts';
import { checkParquet } from './check-parquet.ts';
import type { Grid, GridRecord } from './grid.ts';
import { MAX_COLUMNS } from './parse-table.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { messageOf } from './unpack.ts';
import { MAX_UNPACKED } from './unzip.ts';

/** By Node's own programs, none of which gives more than the page says that it holds. */
const compressors: Compressors = {
  GZIP: (input, length) => unpacked(gunzipSync(input, { maxOutputLength: Math.max(1, length) })),
  BROTLI: (input, length) => unpacked(brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) })),
  ZSTD: (input, length) => unpacked(zstdDecompressSync(input, { maxOutputLength: Math.max(1, length) })),
};

async function readRows(bytes: Uint8Array): Promise<Reading<Grid>> {
  try {
    const metadata = parquetMetadata(bytes, { geoparquet: false });
    const { flat, nested } = sortColumns(parquetSchema(metadata), metadata);
    if (flat.length === 0) return refuse('Data.Empty', 'The file has no column that holds one value a row.');
    if (flat.length > MAX_COLUMNS) {
      return refuse('Data.TooLarge', `The file has ${flat.length} columns; the limit is ${MAX_COLUMNS}.`);
    }
    const fault = checkParquet(bytes, metadata, flat, parquetHeader);
    if (fault) return fault;
    const file = {
      byteLength: bytes.byteLength,
      slice: (start: number, end?: number) => bytes.slice(start, end).buffer as ArrayBuffer,
    };
    const rows = await parquetReadObjects({ file, metadata, columns: flat, compressors });
    return gridOf(flat, rows, nested);
  } catch (cause) {
    return refuse('Data.Malformed', `The Parquet file can not be read: ${messageOf(cause)}.`);
  }
}

function sortColumns(root: SchemaTree, { schema }: FileMetaData): { flat: string[]; nested: string[] } {
  const isFlat = ({ children, element }: SchemaTree): boolean =>
    children.length === 0 && element.repetition_type !== 'REPEATED';
  const twice = root.children
    .map(({ element }) => element.name)
    .find((name, at, all) => all.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`it names ${quote(twice)} twice`);
  if (schema.length === 0) throw new Error('it has no schema');
  return {
    flat: root.children.filter(isFlat).map(({ element }) => element.name),
    nested: root.children.filter((child) => !isFlat(child)).map(({ element }) => element.name),
  };
}

function gridOf(columns: string[], rows: { [column: string]: unknown }[], nested: string[]): Reading<Grid> {
  let size = 0;
  const records: GridRecord[] = [];
  for (const [index, row] of rows.entries()) {
    const cells = columns.map((column) => textOf(row[column]));
    size += cells.reduce((sum, cell) => sum + cell.length, 0);
    if (size > MAX_UNPACKED) {
      return refuse(
        'Data.TooLarge',
        `At row ${index + 1} the file has over ${MAX_UNPACKED} characters of text.`,
      );
    }
    records.push({ line: index + 1, cells });
  }
  const findings: Finding[] =
    nested.length === 0
      ? []
      : [
          {
            kind: 'nested-columns',
            severity: 'warning',
            count: nested.length,
            message: `Columns that hold lists or structures were left out: ${nested.map(quote).join(', ')}.`,
            repaired: false,
          },
        ];
  return {
    ok: true,
    value: {
      place: 'row',
      delimiter: null,
      sheet: null,
      headed: true,
      records: [{ line: 0, cells: columns }, ...records],
      findings,
    },
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, -14) : text.slice(0, 19).replace('T', ' ');
  }
  // Bytes that are no text.
  if (typeof value === 'object') return '';
  return String(value as string | number | bigint | boolean).trim();
}

function unpacked(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes);
}

// The entry of a thread of its own: only its end is sure to stop a reader that a hostile file leads round in circles.
parentPort?.postMessage(await readRows(workerData as Uint8Array));
