import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../agents/data-gathering/decode-text.ts';
import { parseTable } from '../../../agents/data-gathering/parse-table.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string) {
  const decoded = decodeText(encode(text));
  if (!decoded.ok) return decoded;
  if ('question' in decoded.value) throw new Error(decoded.value.question.message);
  return parseTable(decoded.value.text);
}

function tableOf(text: string) {
  const table = read(text);
  if (!table.ok) throw new Error(table.message);
  return table.value;
}

describe('a table that is read', () => {
  it('keeps quoted delimiters, quotes and line breaks inside their cell, with the line that each row ends on', () => {
    const table = tableOf('month,"a, ""b"""\r\n2006-01,"1\n2"\r\n\r\n2006-02,3\r\n');
    expect(table).toEqual({
      delimiter: ',',
      header: ['month', 'a, "b"'],
      units: [null, null],
      rows: [
        ['2006-01', '1\n2'],
        ['2006-02', '3'],
      ],
      lines: [3, 5],
      positions: [1, 2],
      place: 'line',
      sheet: null,
      findings: [],
    });
  });

  it('loses its byte order mark', () => {
    expect(tableOf('\uFEFFmonth,a\n2006-01,1').header).toEqual(['month', 'a']);
  });

  it.each([
    [';', 'month;a\n2006-01;1,5\n2006-02;2,5'],
    ['\t', 'month\ta\n2006-01\t1,5\n2006-02\t2,5'],
    ['|', 'month|a\n2006-01|1\n2006-02|2'],
    [',', 'month,a;b\n2006-01,1\n2006-02,2'],
  ])('is split at %j where that is what its lines agree on', (delimiter, text) => {
    const table = tableOf(text);
    expect(table.delimiter).toBe(delimiter);
    expect(table.rows.every((row) => row.length === 2)).toBe(true);
  });

  it('heeds the line with which Excel names the delimiter, and still counts lines of the file', () => {
    const table = tableOf('sep=;\nmonth;a\n2006-01;1');
    expect(table).toMatchObject({ delimiter: ';', header: ['month', 'a'], lines: [3] });
  });

  it('drops the nameless empty column that a delimiter at the end of each line makes, and names a filled one', () => {
    expect(tableOf('month,a,\n2006-01,1,\n2006-02,2,').header).toEqual(['month', 'a']);
    expect(tableOf(',month,a\n0,2006-01,1\n1,2006-02,2').header).toEqual(['column 1', 'month', 'a']);
  });
});

describe('a file that is no table', () => {
  it.each([
    ['an empty file', '', 'Data.Empty', /empty/],
    ['blank lines', '\n \n', 'Data.Empty', /blank/],
    ['a header alone', 'month,a\n', 'Data.Empty', /header but no rows/],
    [
      'a short row',
      'month,a,b\n2006-01,1,2\n2006-02,1\n',
      'Data.Malformed',
      /Line 3 has 2 cells; the header has 3/,
    ],
    [
      'a long row',
      'month,a\n2006-01,1\n2006-02,1,2\n',
      'Data.Malformed',
      /Line 3 has 3 cells; the header has 2, from "2" in column 3 on/,
    ],
    [
      'a quote left open',
      'month,a\n2006-01,"1\n2006-02,2\n',
      'Data.Malformed',
      /^Line 2, column 2: a quote is never closed\.$/,
    ],
    [
      'a quote that goes on',
      'month,a\n2006-01,"1"2\n',
      'Data.Malformed',
      /^Line 2, column 2: a quote goes on with "2" after it closed\.$/,
    ],
    ['a quote within', 'month,a\n2006-01,1"2\n', 'Data.Malformed', /^Line 2, column 2: a quote opens within/],
    [
      'a name twice',
      'month,a,a\n2006-01,1,2',
      'Data.Malformed',
      /names "a" twice, in columns 2 and 3: give each column its own name/,
    ],
    ['one column', 'month\n2006-01\n2006-02', 'Data.Malformed', /one cell/],
    ['no header', '2006-01,1\n2006-02,2', 'Data.Malformed', /looks like data/],
    ['a NUL byte', 'month,a\n2006-01,\u00001', 'Data.Malformed', /byte 17 is NUL/],
    [
      'a huge line',
      `month,a\n2006-01,${'1'.repeat(1024 * 1024)}\n`,
      'Data.TooLarge',
      /Line 2 has 1048584 characters/,
    ],
    ['too many columns', `month${',a'.repeat(1000)}\n`, 'Data.TooLarge', /1001 columns/],
  ])('is refused: %s', (_, text, type, message) => {
    expect(read(text)).toEqual({ ok: false, type, message: expect.stringMatching(message) as string });
  });

  it('is refused with the place where it stops being UTF-8, where the rest of it is', () => {
    const bytes = Buffer.concat([encode('month,café,münze,ö\n2006-01,caf'), Buffer.from([0xe9, 0x2c])]);
    const refused = decodeText(bytes);
    expect(refused).toEqual({
      ok: false,
      type: 'Data.Malformed',
      message:
        'Line 2, character 12 is not UTF-8 text after "2006-01,caf" ' +
        '(3 characters are valid UTF-8, 1 bytes are not): save the file as UTF-8.',
    });
  });

  it('is refused over 8 MiB, before anything is decoded', () => {
    const refused = decodeText(new Uint8Array(8 * 1024 * 1024 + 1));
    expect(refused).toMatchObject({
      ok: false,
      type: 'Data.TooLarge',
      message: expect.stringMatching(/8388609 bytes/) as string,
    });
  });
});
