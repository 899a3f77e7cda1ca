import type { Finding } from './agent.ts';
import type { Answers, Problem } from './frame.ts';
import type { Grid, GridRecord } from './grid.ts';
import { quote, refuse } from './reading.ts';
import type { Reading } from './reading.ts';
import { readSheet, walkXml } from './read-sheet.ts';
import type { SheetContext } from './read-sheet.ts';
import { openArchive } from './unzip.ts';
import type { Archive } from './unzip.ts';

interface SheetEntry {
  name: string;
  relation: string;
  hidden: boolean;
}

interface ReadSheet {
  name: string;
  records: GridRecord[];
  findings: Finding[];
}

const OLD_OFFICE = [0xd0, 0xcf, 0x11, 0xe0];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** Whether the bytes are a ZIP archive, as XLSX is, or the container of older or protected office files. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return [ZIP, OLD_OFFICE].some((magic) => magic.every((byte, at) => bytes[at] === byte));
}

/** The rows of a workbook's one sheet that holds any; a question where several do. */
export function readWorkbook(bytes: Uint8Array, answers: Answers): Reading<Grid | { question: Problem }> {
  if (bytes[0] === OLD_OFFICE[0]) {
    return refuse(
      'Data.Malformed',
      'The workbook is of an old kind (XLS) or has a password: save it as XLSX without.',
    );
  }
  const archive = openArchive(bytes);
  if (!archive.ok) return archive;
  const sheets = readSheets(archive.value);
  if (!sheets.ok) return sheets;
  const filled = sheets.value.filter(({ records }) => records.length > 0);
  const [only] = filled;
  if (!only) return refuse('Data.Empty', 'No sheet of the workbook that is shown holds anything.');
  const chosen = filled.length === 1 ? only : filled.find(({ name }) => name === answers['sheet']);
  if (!chosen) return { ok: true, value: { question: askSheet(filled) } };
  const { name, records, findings } = chosen;
  return {
    ok: true,
    value: { place: 'row', delimiter: null, sheet: name, records, findings, headed: false },
  };
}

function readSheets(archive: Archive): Reading<ReadSheet[]> {
  const folder = 'xl';
  if (!archive.has(`${folder}/workbook.xml`)) {
    return refuse(
      'Data.Malformed',
      'The file is an archive, but no XLSX workbook: it has no xl/workbook.xml.',
    );
  }
  const entries: SheetEntry[] = [];
  const targets = new Map<string, string>();
  const context: SheetContext = { strings: [], shown: [], epoch1904: false };
  const workbook = readPart(archive, `${folder}/workbook.xml`, (tag, attributes) => {
    if (tag === 'workbookPr') context.epoch1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
    if (tag !== 'sheet') return;
    const state = attributes['state'] ?? 'visible';
    entries.push({
      name: attributes['name'] ?? '',
      relation: Object.entries(attributes).find(([key]) => /(?:^|:)id$/.test(key))?.[1] ?? '',
      hidden: state !== 'visible',
    });
  });
  if (!workbook.ok) return workbook;
  const relations = readPart(archive, `${folder}/_rels/workbook.xml.rels`, (tag, attributes) => {
    if (tag !== 'Relationship' || !attributes['Type']?.endsWith('/worksheet')) return;
    const target = attributes['Target'] ?? '';
    targets.set(attributes['Id'] ?? '', target.startsWith('/') ? target.slice(1) : `${folder}/${target}`);
  });
  if (!relations.ok) return relations;
  const strings = readStrings(archive, `${folder}/sharedStrings.xml`, context);
  if (!strings.ok) return strings;
  const styles = readStyles(archive, `${folder}/styles.xml`, context);
  if (!styles.ok) return styles;
  const sheets: ReadSheet[] = [];
  for (const { name, relation, hidden } of entries) {
    const target = targets.get(relation);
    if (hidden || target === undefined) continue;
    const xml = archive.read(target);
    if (!xml.ok) return xml;
    const sheet = readSheet(xml.value, name, context);
    if (!sheet.ok) return sheet;
    sheets.push({ name, ...sheet.value });
  }
  return { ok: true, value: sheets };
}

function readPart(
  archive: Archive,
  name: string,
  open: (tag: string, attributes: { [name: string]: string }) => void,
  close: (tag: string, text: string) => void = () => undefined,
): Reading<null> {
  const xml = archive.read(name);
  if (!xml.ok) return xml;
  const fault = walkXml(xml.value, { open, close });
  return fault === null
    ? { ok: true, value: null }
    : refuse('Data.Malformed', `${name} is damaged: ${fault}.`);
}

function readStrings(archive: Archive, name: string, context: SheetContext): Reading<null> {
  if (!archive.has(name)) return { ok: true, value: null };
  let text = '';
  // How the characters are pronounced stands beside them, and is no part of the text.
  let spoken = false;
  return readPart(
    archive,
    name,
    (tag) => {
      if (tag === 'si') text = '';
      if (tag === 'rPh') spoken = true;
    },
    (tag, more) => {
      if (tag === 'rPh') spoken = false;
      if (tag === 't' && !spoken) text += more;
      if (tag === 'si') context.strings.push(text);
    },
  );
}

function readStyles(archive: Archive, name: string, context: SheetContext): Reading<null> {
  if (!archive.has(name)) return { ok: true, value: null };
  const custom = new Map<number, string>();
  let within = false;
  return readPart(
    archive,
    name,
    (tag, attributes) => {
      if (tag === 'numFmt') custom.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (tag === 'cellXfs') within = true;
      if (tag === 'xf' && within) context.shown.push(shownAs(Number(attributes['numFmtId'] ?? 0), custom));
    },
    (tag) => {
      if (tag === 'cellXfs') within = false;
    },
  );
}

/** By the numbers that are set aside for dates and percentages, or by the letters of a format of its own. */
function shownAs(format: number, custom: Map<number, string>): 'number' | 'date' | 'percent' {
  const code = custom.get(format);
  if (code === undefined) {
    if (format === 9 || format === 10) return 'percent';
    const dates = [14, 22, 27, 36, 45, 47, 50, 58];
    for (let at = 0; at < dates.length; at += 2) {
      if (format >= (dates[at] ?? 0) && format <= (dates[at + 1] ?? 0)) return 'date';
    }
    return 'number';
  }
  const bare = code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, '').split(';')[0] ?? '';
  if (/general/i.test(bare)) return 'number';
  if (bare.includes('%')) return 'percent';
  return /[ymdhs]/i.test(bare) ? 'date' : 'number';
}

function askSheet(sheets: ReadSheet[]): Problem {
  return {
    id: 'sheet',
    kind: 'sheet',
    message: `The workbook has ${sheets.length} sheets that hold something: which one is meant?`,
    repair: null,
    options: sheets.map(({ name, records }) => ({
      id: name,
      label: `${quote(name)}, ${records.length} rows`,
    })),
    columns: [],
    span: null,
  };
}
