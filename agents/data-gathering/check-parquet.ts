import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import type { parquetHeader } from 'hyparquet/src/column.js';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { MAX_UNPACKED } from './unzip.ts';

/** Values of one Parquet file: columns times rows. */
export const MAX_PARQUET_VALUES = 2_000_000;

const codecs = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'];

type Page = ReturnType<typeof parquetHeader>;

/** A column chunk whose pages say no more of themselves than is there, as null; else what is wrong with it. */
type CheckChunk = (chunk: ColumnMetaData, name: string, rows: number) => Reading<never> | null;

/**
 * Goes over all pages of a Parquet file before any is unpacked. Its footer and its page headers say how much there is:
 * where they lie, reading would take memory or time without end.
 */
export function checkParquet(
  bytes: Uint8Array,
  metadata: FileMetaData,
  columns: readonly string[],
  readHeader: typeof parquetHeader,
): Reading<never> | null {
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== Number(metadata.num_rows)) {
    return refuse(
      'Data.Malformed',
      `The footer says ${metadata.num_rows} rows, and its row groups have ${rows}.`,
    );
  }
  if (!(rows >= 0) || rows * columns.length > MAX_PARQUET_VALUES) {
    return refuse(
      'Data.TooLarge',
      `The file has ${rows} rows of ${columns.length} columns; the limit is ${MAX_PARQUET_VALUES} values.`,
    );
  }
  const checkChunk = createChunkCheck(bytes, readHeader);
  for (const [group, { columns: chunks, num_rows }] of metadata.row_groups.entries()) {
    for (const { meta_data, file_path } of chunks) {
      const name = meta_data?.path_in_schema.join('.') ?? '';
      if (!meta_data || !columns.includes(name)) continue;
      if (file_path) return refuse('Data.Malformed', `${quote(name)} lies in another file: give one file.`);
      const fault = checkChunk(meta_data, `${quote(name)} in row group ${group + 1}`, Number(num_rows));
      if (fault) return fault;
    }
  }
  return null;
}

function createChunkCheck(bytes: Uint8Array, readHeader: typeof parquetHeader): CheckChunk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let left = MAX_UNPACKED;
  return (chunk, name, rows) => {
    const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
    const end = start + Number(chunk.total_compressed_size);
    const lies = (what: string): Reading<never> =>
      refuse('Data.Malformed', `The column ${name} is not what the file says: ${what}.`);
    if (!codecs.includes(chunk.codec)) {
      return refuse(
        'Data.Malformed',
        `The column ${name} is packed with ${chunk.codec}, which is not read here: save it with snappy, gzip or zstd.`,
      );
    }
    if (!(start >= 4 && end >= start && end <= bytes.length)) return lies('it lies outside the file');
    let values = 0;
    for (const reader = { view, offset: start }; reader.offset < end && values < rows;) {
      const page = readHeader(reader);
      const size = Number(page.compressed_page_size);
      if (!(size >= 0 && reader.offset + size <= end)) return lies('a page reaches beyond it');
      reader.offset += size;
      left -= Math.max(0, Number(page.uncompressed_page_size));
      if (!(Number(page.uncompressed_page_size) >= 0)) return lies('a page has no size');
      if (left < 0) {
        return refuse(
          'Data.TooLarge',
          `The column ${name} makes the file unpack to over ${MAX_UNPACKED} bytes; that is the limit.`,
        );
      }
      const { count, encoding, isData } = aboutPage(page);
      // Each value repeats a part of the one before: a few bytes could stand for any amount of text.
      if (encoding === 'DELTA_BYTE_ARRAY') {
        return refuse(
          'Data.Malformed',
          `The column ${name} is encoded as DELTA_BYTE_ARRAY, which is not read here: save it with dictionaries, or plain.`,
        );
      }
      if (!(count >= 0 && count <= Math.max(rows, MAX_PARQUET_VALUES)))
        return lies(`a page of ${count} values`);
      if (isData) values += count;
    }
    return values === rows ? null : lies(`${values} values for ${rows} rows`);
  };
}

function aboutPage(page: Page): { count: number; encoding: string; isData: boolean } {
  const header = page.data_page_header ?? page.data_page_header_v2 ?? page.dictionary_page_header;
  return {
    count: Number(header?.num_values ?? 0),
    encoding: header?.encoding ?? 'PLAIN',
    isData: page.dictionary_page_header === undefined,
  };
}
