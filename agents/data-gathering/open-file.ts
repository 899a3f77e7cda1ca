import type { Finding } from './agent.ts';
import { decodeText } from './decode-text.ts';
import type { Answers, Problem } from './frame.ts';
import type { Grid } from './grid.ts';
import { looksLikeJson, readJsonGrid } from './read-json.ts';
import { readTextGrid } from './read-text-grid.ts';
import { isWorkbook, readWorkbook } from './read-workbook.ts';
import type { Reading } from './reading.ts';
import { unpack } from './unpack.ts';

/** A file as text that the rest can be read from at any time: as it stands, or as the grid of a sheet. */
export interface OpenedFile {
  form: 'delimited' | 'json' | 'grid';
  text: string;
  findings: Finding[];
  /** Questions that the opening hangs on; the text is empty while there are any. */
  problems: Problem[];
}

/** Unpacks and decodes a file: delimited text, JSON, NDJSON, an XLSX workbook, each also as gzip. */
export function openFile(bytes: Uint8Array, answers: Answers): Reading<OpenedFile> {
  const unpacked = unpack(bytes);
  if (!unpacked.ok) return unpacked;
  if (isWorkbook(unpacked.value)) {
    const read = readWorkbook(unpacked.value, answers);
    if (!read.ok) return read;
    if ('question' in read.value) return asks(read.value.question);
    return {
      ok: true,
      value: { form: 'grid', text: JSON.stringify(read.value), findings: [], problems: [] },
    };
  }
  const decoded = decodeText(unpacked.value, answers);
  if (!decoded.ok) return decoded;
  if ('question' in decoded.value) return asks(decoded.value.question);
  const { text, findings } = decoded.value;
  const form = looksLikeJson(text) ? 'json' : 'delimited';
  return { ok: true, value: { form, text, findings, problems: [] } };
}

/** The rows of cells of an opened file. */
export function gridOf({ form, text }: Pick<OpenedFile, 'form' | 'text'>): Reading<Grid> {
  switch (form) {
    case 'grid':
      return { ok: true, value: JSON.parse(text) as Grid };
    case 'json':
      return readJsonGrid(text);
    case 'delimited':
      return readTextGrid(text);
  }
}

function asks(question: Problem): Reading<OpenedFile> {
  return { ok: true, value: { form: 'delimited', text: '', findings: [], problems: [question] } };
}
