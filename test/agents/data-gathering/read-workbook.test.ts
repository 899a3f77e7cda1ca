import { describe, expect, it } from 'vitest';
import { labelOf } from '../../../agents/data-gathering/calendar.ts';
import { openBytes, profileText } from '../../../agents/data-gathering/jobs.ts';
import { makeArchive, makeRow, workbookParts } from './make-workbook.ts';
import type { MadeSheet } from './make-workbook.ts';

function open(bytes: Uint8Array, answers: { [id: string]: string } = {}) {
  const opened = openBytes({ bytes, answers });
  if (!opened.ok) throw new Error(opened.message);
  return opened.value;
}

function read(sheets: MadeSheet[], strings: string[] = [], epoch1904 = false) {
  const { text, form } = open(makeArchive(workbookParts(sheets, strings, epoch1904)));
  const profiled = profileText({ text, form, answers: {} });
  if (!profiled.ok) throw new Error(profiled.message);
  const { frame, findings } = profiled.value;
  if (!frame) throw new Error('The sheet left a question open.');
  return {
    periods: frame.periods.map((period) => labelOf(period, frame.calendar)),
    columns: Object.fromEntries(frame.columns.map(({ name, values }) => [name, values])),
    units: frame.columns.map(({ unit }) => unit),
    lines: frame.lines,
    findings,
  };
}

const refusalOf = (parts: { [name: string]: string | Uint8Array }, claim?: (size: number) => number) => {
  const opened = openBytes({ bytes: makeArchive(parts, claim), answers: {} });
  if (opened.ok) throw new Error('The archive was not refused.');
  return opened;
};

const dates = [45292, 45323, 45352, 45383];
const dated = (style: number, serials = dates): string[] =>
  serials.map((serial, row) =>
    makeRow(row + 2, [`<c r="A${row + 2}" s="${style}"><v>${serial}</v></c>`, row * row + 5]),
  );

describe('a sheet', () => {
  it.each([
    ['by a format that every program knows', 1],
    ['by a format of its own', 3],
  ])('has dates where they are shown as such: %s', (_, style) => {
    const rows = [makeRow(1, ['when', 'sold']), ...dated(style)].join('');
    expect(read([{ name: 'S', rows }])).toMatchObject({
      periods: ['2024-01', '2024-02', '2024-03', '2024-04'],
      columns: { sold: [5, 6, 9, 14] },
      lines: [2, 3, 4, 5],
    });
  });

  it('counts its days from 1904 where the workbook says so', () => {
    const rows = [
      makeRow(1, ['when', 'sold']),
      ...dated(
        1,
        dates.map((serial) => serial - 1462),
      ),
    ].join('');
    expect(read([{ name: 'S', rows }], [], true).periods).toEqual([
      '2024-01',
      '2024-02',
      '2024-03',
      '2024-04',
    ]);
  });

  it('has formulas as they were last computed, shared and rich texts, errors, and percentages with their sign', () => {
    const strings = [
      '<t>month</t>',
      '<r><t>sold </t></r><r><rPr><b/></rPr><t>&amp; paid</t></r><rPh><t>x</t></rPh>',
    ];
    const cells = [
      ['<v>5</v>', '<c r="C2" s="2"><v>0.07</v></c>'],
      ['<f>B2*2</f><v>10</v>', '<c r="C3" s="2"><v>0.295</v></c>'],
      ['<f>B3/0</f>', '<c r="C4" s="2"><v>0.5</v></c>'],
      ['<v>7</v>', '<c r="C5" s="2"><v>1.25</v></c>'],
    ];
    const rows = [
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>share</t></is></c></row>',
      ...cells.map(([sold = '', share = ''], row) =>
        makeRow(row + 2, [`2024-0${row + 1}`, `<c r="B${row + 2}">${sold}</c>`, share]),
      ),
    ].join('');
    const sheet = read([{ name: 'S', rows }], strings);
    expect(sheet.columns).toEqual({ 'sold & paid': [5, 10, null, 7], share: [7, 29.5, 50, 125] });
    expect(sheet.units).toEqual([null, '%']);
    expect(sheet.findings).toContainEqual(
      expect.objectContaining({
        kind: 'formula-without-value',
        message: expect.stringContaining('The formula in B4') as string,
      }),
    );
  });

  it('has a title over the whole row passed over, and a header over several columns in each name below it', () => {
    const rows = [
      makeRow(1, ['Sales of two regions']),
      makeRow(3, ['month', 'north', null, 'south', null]),
      makeRow(4, [null, 'bread', 'milk', 'bread', 'milk']),
      makeRow(5, ['2024-01', 1, 2, 3, 4]),
      makeRow(6, ['2024-02', 5, 6, 7, 9]),
      makeRow(7, ['2024-03', 2, 1, 7, 8]),
      makeRow(8, ['2024-04', 4, 4, 6, 6]),
      makeRow(10, ['Source: counted by hand']),
    ].join('');
    const sheet = read([{ name: 'S', rows, merges: ['A1:E1', 'A3:A4', 'B3:C3', 'D3:E3', 'A10:E10'] }]);
    expect(sheet.columns).toEqual({
      'north bread': [1, 5, 2, 4],
      'north milk': [2, 6, 1, 4],
      'south bread': [3, 7, 7, 6],
      'south milk': [4, 9, 8, 6],
    });
    expect(sheet.findings.map(({ kind, row }) => [kind, row])).toEqual([
      ['preamble', 1],
      ['footer', 10],
    ]);
  });

  it('is the one that is shown and holds something; where several do, a person is asked, and the answer holds', () => {
    const filled = (name: string, factor: number): MadeSheet => ({
      name,
      rows: [
        makeRow(1, ['month', 'a']),
        ...[1, 2, 3].map((row) => makeRow(row + 1, [`2024-0${row}`, row * factor])),
      ].join(''),
    });
    const hidden = { ...filled('old', 9), hidden: true };
    expect(read([{ name: 'empty', rows: '' }, hidden, filled('only', 2)]).columns).toEqual({ a: [2, 4, 6] });
    const both = makeArchive(workbookParts([filled('2023', 2), filled('2024', 3), hidden]));
    expect(open(both).problems).toMatchObject([
      { id: 'sheet', options: [{ id: '2023', label: '"2023", 4 rows' }, { id: '2024' }] },
    ]);
    const { text } = open(both, { sheet: '2024' });
    expect(JSON.parse(text)).toMatchObject({
      sheet: '2024',
      records: [{}, { cells: ['2024-01', '3'] }, {}, {}],
    });
  });

  it('is refused by its row and its name where it is ragged or its header doubtful', () => {
    const rows = [makeRow(1, ['month', 'a', 'a']), makeRow(2, ['2024-01', 1, 2])].join('');
    const { text, form } = open(makeArchive(workbookParts([{ name: 'S', rows }])));
    expect(profileText({ text, form, answers: {} })).toMatchObject({
      ok: false,
      message: 'The header names "a" twice, in columns 2 and 3: give each column its own name.',
    });
  });
});

describe('an archive that is no use', () => {
  const good = workbookParts([{ name: 'S', rows: makeRow(1, ['month', 'a']) }]);
  const sheet = 'xl/worksheets/sheet1.xml';

  it('that unpacks to more than the limit is refused before it has, whatever it says about its size', () => {
    const bomb = { ...good, [sheet]: new Uint8Array(80 * 1024 * 1024).fill(0x20) };
    const bytes = makeArchive(bomb, () => 100);
    expect(bytes.length).toBeLessThan(200_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(openBytes({ bytes, answers: {} })).toMatchObject({
      ok: false,
      type: 'Data.TooLarge',
      message: `${sheet} makes the archive unpack to over 67108864 bytes; that is the limit.`,
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(80 * 1024 * 1024);
  });

  it('that puts something far out is refused, and a merge over a whole sheet costs nothing', () => {
    const far = { ...good, [sheet]: good[sheet]!.replace('r="B1"', 'r="XFD1"') };
    expect(refusalOf(far)).toMatchObject({
      type: 'Data.TooLarge',
      message: 'The sheet "S" has something in column 16384.',
    });
    const rows = [
      makeRow(1, ['month', 'a']),
      ...[1, 2, 3].map((row) => makeRow(row + 1, [`2024-0${row}`, row])),
    ].join('');
    expect(read([{ name: 'S', rows, merges: ['B1:XFD1048576'] }]).columns).toMatchObject({ a: [1, 2, 3] });
  });

  it('of a million empty rows is read as if they were not there', () => {
    const table = [
      makeRow(1, ['month', 'a']),
      ...[1, 2, 3].map((row) => makeRow(row + 1, [`2024-0${row}`, row])),
    ].join('');
    const empty = Array.from({ length: 1_000_000 }, (_, at) => `<row r="${at + 5}"/>`).join('');
    expect(read([{ name: 'S', rows: table + empty }]).columns).toMatchObject({ a: [1, 2, 3] });
    const alone = makeArchive(workbookParts([{ name: 'S', rows: empty }]));
    expect(openBytes({ bytes: alone, answers: {} })).toMatchObject({ ok: false, type: 'Data.Empty' });
  });

  it.each(['-5', '1e9', 'x', '1048577'])('that puts something in row %s is refused', (row) => {
    const rows = `<row r="${row}"><c><v>1</v></c></row>`;
    expect(refusalOf(workbookParts([{ name: 'S', rows }]))).toMatchObject({
      type: 'Data.TooLarge',
      message: `The sheet "S" has something in row ${Number(row)}.`,
    });
  });

  it.each([
    [
      'declares entities',
      { [sheet]: '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>' },
      /declares a document type/,
    ],
    ['is cut off', { [sheet]: '<worksheet><sheetData><row r="1"><c' }, /^The sheet "S" is damaged/],
    ['has no workbook', { 'xl/workbook.xml': undefined }, /no XLSX workbook/],
  ])('is refused where it %s', (_, change: { [name: string]: string | undefined }, message) => {
    const parts = Object.fromEntries(
      Object.entries({ ...good, ...change }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    expect(refusalOf(parts)).toMatchObject({
      type: 'Data.Malformed',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [
      'an older or protected workbook',
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
      /old kind \(XLS\) or has a password/,
    ],
    ['an archive without a directory', Buffer.from('PK\u0003\u0004 and nothing more'), /no directory/],
  ])('is refused by name: %s', (_, bytes, message) => {
    expect(openBytes({ bytes, answers: {} })).toMatchObject({
      ok: false,
      type: 'Data.Malformed',
      message: expect.stringMatching(message) as string,
    });
  });
});
