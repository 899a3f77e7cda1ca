import { toFailure } from '../../contracts/failures.ts';
import type { Cell, Kind, Table } from './table.ts';
import { checkTable, looksLikeFormula } from './table.ts';
import { writeArchive } from './write-archive.ts';

export interface Sheet extends Table {
  name: string;
}

/** What one cell takes in spreadsheet programs. */
const MAX_CELL = 32_767;
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** Number formats by kind; the place in this list, from 2, is the style: 0 is plain, 1 a header. */
const formats: { [kind in Kind]: number } = { text: 49, whole: 3, number: 0, money: 4, share: 10, day: 164 };
const kinds = Object.keys(formats) as Kind[];
const formula = 2 + kinds.length;

/**
 * Tables as an XLSX workbook, a sheet each: headers that stay in sight, numbers as numbers, days as days, and text as
 * text whatever it begins with. The same tables give the same bytes. Throws `Agent.InvalidOutput`, with the place,
 * for what a workbook can't hold.
 */
export function writeWorkbook(sheets: readonly Sheet[]): Uint8Array {
  checkNames(sheets.map(({ name }) => name));
  sheets.forEach(checkTable);
  const numbered = sheets.map((sheet, index) => ({ sheet, at: index + 1 }));
  const part = (at: number): string => `worksheets/sheet${at}.xml`;
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return writeArchive([
    [
      '[Content_Types].xml',
      `${declaration}<Types xmlns="${packages}/content-types">` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>` +
        numbered
          .map(({ at }) => `<Override PartName="/xl/${part(at)}" ContentType="${type}.worksheet+xml"/>`)
          .join('') +
        '</Types>',
    ],
    ['_rels/.rels', writeRelations([['officeDocument', 'xl/workbook.xml']])],
    [
      'xl/workbook.xml',
      `${declaration}<workbook ${main} xmlns:r="${office}"><sheets>` +
        numbered
          .map(({ sheet, at }) => `<sheet name="${escape(sheet.name)}" sheetId="${at}" r:id="rId${at}"/>`)
          .join('') +
        '</sheets></workbook>',
    ],
    [
      'xl/_rels/workbook.xml.rels',
      writeRelations([
        ...numbered.map(({ at }) => ['worksheet', part(at)] as const),
        ['styles', 'styles.xml'],
      ]),
    ],
    ['xl/styles.xml', writeStyles()],
    ...numbered.map(({ sheet, at }) => [`xl/${part(at)}`, writeSheet(sheet)] as const),
  ]);
}

function checkNames(names: string[]): void {
  const lower = names.map((name) => name.toLowerCase());
  const fault = names.length === 0 ? 'it has no sheet' : undefined;
  const odd = names.find(
    (name, at) =>
      name.trim() === '' ||
      name.length > 31 ||
      /[[\]:*?/\\\p{Cc}]|^'|'$/u.test(name) ||
      lower.indexOf(lower[at]!) !== at,
  );
  if (fault === undefined && odd === undefined) return;
  throw refuse(
    fault ??
      `a sheet can't be called ${JSON.stringify(odd)}: 1 to 31 characters, none of []:*?/\\, each name once`,
  );
}

function writeRelations(targets: (readonly [type: string, target: string])[]): string {
  const relations = targets.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${office}/${type}" Target="${target}"/>`,
  );
  return `${declaration}<Relationships xmlns="${packages}/relationships">${relations.join('')}</Relationships>`;
}

function writeStyles(): string {
  const styles = kinds.map((kind) => `<xf numFmtId="${formats[kind]}" applyNumberFormat="1"/>`);
  return (
    `${declaration}<styleSheet ${main}>` +
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>' +
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>' +
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
    `<cellXfs count="${kinds.length + 3}"><xf/><xf fontId="1" numFmtId="49" applyFont="1"/>${styles.join('')}` +
    // Programs would make it a formula when somebody goes into the cell and out again.
    `<xf numFmtId="${formats.text}" applyNumberFormat="1" quotePrefix="1"/></cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
}

function writeSheet({ name, columns, rows }: Sheet): string {
  const widths = columns.map(({ header }, at) => {
    const longest = rows.reduce(
      (most, cells) => Math.max(most, String(cells[at] ?? '').length),
      header.length,
    );
    return `<col min="${at + 1}" max="${at + 1}" width="${Math.min(60, longest + 3)}" customWidth="1"/>`;
  });
  const letters = columns.map((_, at) => lettersOf(at));
  const headers = columns.map(({ header }, at) => writeText(`${letters[at]}1`, header, 1, name));
  const body = rows.map((cells, index) => {
    const row = index + 2;
    const made = cells.map((cell, at) => writeCell(`${letters[at]}${row}`, cell, columns[at]!.kind, name));
    return `<row r="${row}">${made.join('')}</row>`;
  });
  const all = `A1:${letters.at(-1) ?? 'A'}${rows.length + 1}`;
  return (
    `${declaration}<worksheet ${main}><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `${widths.length === 0 ? '' : `<cols>${widths.join('')}</cols>`}` +
    `<sheetData><row r="1">${headers.join('')}</row>${body.join('')}</sheetData>` +
    `<autoFilter ref="${all}"/></worksheet>`
  );
}

function writeCell(at: string, cell: Cell, kind: Kind, sheet: string): string {
  if (cell === null) return '';
  const style = kinds.indexOf(kind) + 2;
  if (kind === 'day') return `<c r="${at}" s="${style}"><v>${serialOf(String(cell), at, sheet)}</v></c>`;
  if (typeof cell === 'number') return `<c r="${at}" s="${style}"><v>${cell}</v></c>`;
  return writeText(at, cell, looksLikeFormula(cell) ? formula : style, sheet);
}

function writeText(at: string, text: string, style: number, sheet: string): string {
  if (text.length > MAX_CELL) {
    throw refuse(
      `cell ${at} of the sheet "${sheet}" has ${text.length} characters; a cell takes ${MAX_CELL}`,
    );
  }
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
}

/** Days since 1899-12-30. Those before March 1900 are counted in two ways, and so are refused. */
function serialOf(day: string, at: string, sheet: string): number {
  const serial = Date.parse(day) / 86_400_000 + 25_569;
  if (serial > 60) return serial;
  throw refuse(`cell ${at} of the sheet "${sheet}" holds ${day}; workbooks know days from 1900-03-01 on`);
}

function lettersOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : lettersOf(Math.floor(index / 26) - 1) + letter;
}

const entities: { [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML can't say is written as workbooks do: `_x0007_`, and what only looks like that as `_x005F_x0007_`. */
function escape(text: string): string {
  return (
    text
      .toWellFormed()
      // Within a cell workbooks break lines by line feeds alone.
      .replaceAll('\r\n', '\n')
      .replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
      .replaceAll(
        // oxlint-disable-next-line no-control-regex
        /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/g,
        (found) => `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
      )
      .replaceAll(/[&<>"]/g, (found) => entities[found]!)
  );
}

function refuse(fault: string): Error {
  return toFailure('Agent.InvalidOutput', `The workbook can't be written: ${fault}.`);
}
