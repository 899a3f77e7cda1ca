import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive as programs write it, its entries deflated. */
export function makeArchive(
  entries: { [name: string]: string | Uint8Array },
  claim: (size: number) => number = (size) => size,
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claim(bytes.length), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, tail, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...parts, ...directory, Buffer.from('PK\u0005\u0006'), end]));
}

export interface MadeSheet {
  name: string;
  /** The XML of its rows: `<row r="1"><c r="A1" …`. */
  rows: string;
  merges?: string[];
  hidden?: boolean;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Number formats by style: 0 plain, 1 a date, 2 a percentage, 3 months by a format of its own, 4 text that has a d. */
const STYLES =
  `${XML}<styleSheet ${MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm"/>` +
  '<numFmt numFmtId="165" formatCode="0.0&quot; day&quot;"/></numFmts>' +
  '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>' +
  '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>';

/** The parts of an XLSX workbook, laid out as spreadsheet programs lay them out. */
export function workbookParts(
  sheets: MadeSheet[],
  strings: string[] = [],
  epoch1904 = false,
): { [name: string]: string } {
  const sheetXml = ({ rows, merges = [] }: MadeSheet): string => {
    const merged = merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
    const cells = merged === '' ? '' : `<mergeCells count="${merges.length}">${merged}</mergeCells>`;
    return `${XML}<worksheet ${MAIN}><sheetData>${rows}</sheetData>${cells}</worksheet>`;
  };
  return {
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    'xl/workbook.xml':
      `${XML}<workbook ${MAIN} xmlns:r="${OFFICE}"><workbookPr${epoch1904 ? ' date1904="1"' : ''}/><sheets>` +
      sheets
        .map(
          ({ name, hidden }, at) =>
            `<sheet name="${name}" sheetId="${at + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${at + 1}"/>`,
        )
        .join('') +
      '</sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
      sheets
        .map(
          (_, at) =>
            `<Relationship Id="rId${at + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
        )
        .join('') +
      '</Relationships>',
    'xl/styles.xml': STYLES,
    'xl/sharedStrings.xml': `${XML}<sst ${MAIN}>${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    ...Object.fromEntries(sheets.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet)])),
  };
}

/** One row of plain figures and texts; text that begins with `<` is a cell's XML as it stands. */
export function makeRow(row: number, cells: (number | string | null)[]): string {
  const made = cells.map((cell, column) => {
    const at = `${String.fromCharCode(65 + column)}${row}`;
    if (cell === null) return '';
    if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
    return cell.startsWith('<c ') ? cell : `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`;
  });
  return `<row r="${row}">${made.join('')}</row>`;
}
