import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../agents/data-gathering/read-workbook.ts';
import { openArchive } from '../../../agents/data-gathering/unzip.ts';
import type { Kind, Table } from '../../../agents/tables/table.ts';
import { writeCsv } from '../../../agents/tables/write-csv.ts';
import { writeWorkbook } from '../../../agents/tables/write-workbook.ts';

const table: Table = {
  columns: [
    { header: 'code', kind: 'text' },
    { header: 'quantity', kind: 'whole' },
    { header: 'price', kind: 'money' },
    { header: 'share', kind: 'share' },
    { header: 'due', kind: 'day' },
  ],
  rows: [
    ['00123', 5, 2.5, 0.25, '2024-02-29'],
    ['=1+1', 1200, -1.239, null, '1999-12-31'],
    ['A & B <"中文" 😀>', 0, 4, 1, null],
  ],
};
const workbook = { name: 'Order', ...table };

function cellsOf(bytes: Uint8Array): string[][] {
  const read = readWorkbook(bytes, {});
  if (!read.ok || 'question' in read.value) throw new Error(JSON.stringify(read));
  return read.value.records.map(({ cells }) => cells);
}

function sheetXml(bytes: Uint8Array): string {
  const archive = openArchive(bytes);
  if (!archive.ok) throw new Error(archive.message);
  const xml = archive.value.read('xl/worksheets/sheet1.xml');
  if (!xml.ok) throw new Error(xml.message);
  return xml.value;
}

describe('a table as a workbook', () => {
  it('holds its numbers as numbers, its days as days, and its text as text', () => {
    const bytes = writeWorkbook([workbook]);
    expect(cellsOf(bytes)).toEqual([
      ['code', 'quantity', 'price', 'share', 'due'],
      ['00123', '5', '2.5', '25%', '2024-02-29'],
      ['=1+1', '1200', '-1.239', '', '1999-12-31'],
      ['A & B <"中文" 😀>', '0', '4', '100%', ''],
    ]);
    const xml = sheetXml(bytes);
    expect(xml).toContain('<c r="B2" s="3"><v>5</v></c>');
    expect(xml).toContain('<c r="E2" s="7"><v>45351</v></c>');
  });

  it('has no formula, whatever a text begins with, and leaves it text when it is edited', () => {
    for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1']) {
      const xml = sheetXml(writeWorkbook([{ ...workbook, rows: [[text, 1, 1, 1, null]] }]));
      expect(xml).not.toContain('<f>');
      // The style of which `quotePrefix` is set.
      expect(xml).toContain('<c r="A2" s="8" t="inlineStr">');
    }
  });

  it('gives back characters that XML can not hold, and text that looks like their stand-ins', () => {
    const texts = ['bell \u0007', 'a_x0041_b', 'two\r\nlines'];
    const bytes = writeWorkbook([
      { name: 'S', columns: [{ header: 'text', kind: 'text' }], rows: texts.map((text) => [text]) },
    ]);
    expect(cellsOf(bytes).slice(1)).toEqual([['bell \u0007'], ['a_x0041_b'], ['two\nlines']]);
  });

  it('is the same bytes each time, with each of several sheets', () => {
    const two = [workbook, { ...workbook, name: 'Again' }];
    expect(Buffer.compare(writeWorkbook(two), writeWorkbook(two))).toBe(0);
    const read = readWorkbook(writeWorkbook(two), { sheet: 'Again' });
    expect(read).toMatchObject({ ok: true, value: { sheet: 'Again' } });
  });

  it.each<[string, Kind, string | number]>([
    ['no whole', 'whole', 1.5],
    ['no number', 'number', Number.NaN],
    ['no text', 'text', 3],
    ['no day', 'day', '2023-02-29'],
    ['no money', 'money', '3'],
  ])('is refused by row and column for a cell that is %s', (fault, kind, cell) => {
    const odd: Table = { columns: [{ header: 'it', kind }], rows: [[null], [cell]] };
    const message = `The table can't be written: row 2, column "it" holds ${JSON.stringify(cell)}, which is ${fault}.`;
    for (const write of [() => writeWorkbook([{ name: 'S', ...odd }]), () => writeCsv(odd)]) {
      expect(write).toThrow(expect.objectContaining({ type: 'Agent.InvalidOutput', message }) as Error);
    }
  });

  it('is refused where spreadsheet programs would refuse it, or change it', () => {
    const named =
      (...names: string[]) =>
      () =>
        writeWorkbook(names.map((name) => ({ ...workbook, name })));
    for (const name of ['', 'a/b', '[x]', "'x", 'x'.repeat(32), 'a\nb']) {
      expect(named(name)).toThrow(`a sheet can't be called ${JSON.stringify(name)}`);
    }
    expect(named('One', 'ONE')).toThrow(`a sheet can't be called "ONE"`);
    expect(named()).toThrow('it has no sheet');
    const oneCell = (kind: Kind, cell: string) => () =>
      writeWorkbook([{ name: 'S', columns: [{ header: 'it', kind }], rows: [[cell]] }]);
    expect(oneCell('text', 'x'.repeat(32_768))).toThrow('cell A2 of the sheet "S" has 32768 characters');
    expect(oneCell('day', '1900-01-01')).toThrow('workbooks know days from 1900-03-01 on');
    const ragged: Table = { columns: table.columns, rows: [['a']] };
    expect(() => writeCsv(ragged)).toThrow('row 1 has 1 cells for 5 columns');
    const rows = Array.from({ length: 1_048_576 }, () => ['a']);
    expect(() => writeCsv({ columns: [{ header: 'it', kind: 'text' }], rows })).toThrow(
      'it has 1048576 rows and 1 columns; a sheet takes 1048575 below its header, and 16384',
    );
  });
});

describe('a table as CSV', () => {
  it('quotes what needs it, and keeps formulas from being run', () => {
    expect(writeCsv(table)).toBe(
      [
        'code,quantity,price,share,due',
        '00123,5,2.5,0.25,2024-02-29',
        "'=1+1,1200,-1.239,,1999-12-31",
        '"A & B <""中文"" 😀>",0,4,1,',
        '',
      ].join('\r\n'),
    );
  });
});
