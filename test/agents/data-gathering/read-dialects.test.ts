import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelOf } from '../../../agents/data-gathering/calendar.ts';
import { profileText } from '../../../agents/data-gathering/jobs.ts';
import { RecordSplitter } from '../../../agents/data-gathering/split-records.ts';

function read(text: string, answers: { [id: string]: string } = {}) {
  const profiled = profileText({ text, answers });
  if (!profiled.ok) throw new Error(profiled.message);
  return profiled.value;
}

/** Labels of the periods and values by column. */
function seriesOf(text: string) {
  const { frame } = read(text);
  if (!frame) throw new Error('The text left a question open.');
  return {
    periods: frame.periods.map((period) => labelOf(period, frame.calendar)),
    columns: Object.fromEntries(frame.columns.map(({ name, values }) => [name, values])),
    units: frame.columns.map(({ unit }) => unit),
  };
}

function refusalOf(text: string): string {
  const profiled = profileText({ text, answers: {} });
  if (profiled.ok) throw new Error('The text was not refused.');
  return profiled.message;
}

describe('figures', () => {
  it.each([
    ['commas between thousands', '"1,234.5"', '"(2,000)"', '"$3,000"', ','],
    ['points between thousands', '1.234,5', '(2.000)', '3.000 €', ';'],
    ['spaces between thousands', '1 234,5', '-2 000', '3\u00a0000', ';'],
    ['apostrophes between thousands', "1'234.5", "2'000-", 'CHF 3’000', '\t'],
    ['nothing between thousands', '1234,5', '−2000', '3000', '|'],
  ])('with %s come out the same', (_, first, second, third, delimiter) => {
    const lines = [
      ['month', 'a'],
      ['2024-01', first],
      ['2024-02', second],
      ['2024-03', third],
      ['2024-04', '7'],
    ];
    expect(seriesOf(lines.map((cells) => cells.join(delimiter)).join('\r\n')).columns).toEqual({
      a: [1234.5, -2000, 3000, 7],
    });
  });

  it('that state different units are read, with a warning', () => {
    const { findings } = read('month,a\n2024-01,5%\n2024-02,0.07\n2024-03,6%\n2024-04,8%');
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'mixed-units', severity: 'warning', column: 'a' }),
    );
  });
});

describe('dates', () => {
  it.each([
    ['民國113年1月', '民國113年2月', '民國113年3月'],
    ['113/01/01', '113/02/01', '113/03/01'],
    ['2024年1月', '2024年2月', '2024年3月'],
    ['31/01/24', '29/02/24', '31/03/24'],
    ['Jan-24', 'Feb-24', 'Mar-24'],
  ])('such as %s are months of the common calendar', (...months) => {
    const text = ['month,a', ...months.map((month, row) => `${month},${row * row}`)].join('\n');
    expect(seriesOf(text).periods).toEqual(['2024-01', '2024-02', '2024-03']);
  });

  it('counted from an era are noted with an example', () => {
    const { findings } = read('月份,a\n113年1月,5\n113年2月,6\n113年3月,8');
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: 'era-years',
        message: expect.stringContaining('"113年1月" as 2024') as string,
      }),
    );
  });

  it('written as serial numbers of a spreadsheet are days where the column says so, and figures elsewhere', () => {
    const days = [45292, 45323, 45352, 45383];
    const text = ['date,sales', ...days.map((day, row) => `${day},${45000 + row * row}`)].join('\n');
    expect(seriesOf(text)).toMatchObject({
      periods: ['2024-01', '2024-02', '2024-03', '2024-04'],
      columns: { sales: [45000, 45001, 45004, 45009] },
    });
    expect(read(text).findings).toContainEqual(
      expect.objectContaining({ kind: 'excel-serials', column: 'date' }),
    );
  });

  it('that put the day first here and the month there are refused with both places', () => {
    expect(refusalOf('date,a\n13/01/2024,1\n14/01/2024,2\n01/15/2024,3\n')).toBe(
      'The dates in column "date" contradict each other: "13/01/2024" in line 2 puts the day first, ' +
        '"01/15/2024" in line 4 the month.',
    );
  });
});

describe('what stands around a table', () => {
  const rows = ['2024-01,5,10', '2024-02,6,12', '2024-03,9,11'];

  it('is passed over and noted: titles, notes, sources, and the header once more', () => {
    const text = [
      'Sales by region',
      'Made on 2024-04-02,,',
      '',
      'month,north,south',
      ...rows.slice(0, 2),
      'month,north,south',
      ...rows.slice(2),
      '',
      'Source: counted by hand',
      'Figures are preliminary,,',
    ].join('\n');
    expect(seriesOf(text)).toMatchObject({
      periods: ['2024-01', '2024-02', '2024-03'],
      columns: { north: [5, 6, 9], south: [10, 12, 11] },
    });
    expect(read(text).findings.map(({ kind, row }) => [kind, row])).toEqual([
      ['preamble', 1],
      ['footer', 10],
      ['repeated-header', 7],
    ]);
  });

  it('keeps the lines of the file for what is refused below it', () => {
    expect(refusalOf(['A title', '', 'month,north,south', ...rows, '2024-04,1'].join('\n'))).toBe(
      'Line 7 has 2 cells; the header has 3.',
    );
  });

  it('says units in a row of its own', () => {
    const text = [
      'month;north;south',
      ';kg;(thousands)',
      ...rows.map((row) => row.replaceAll(',', ';')),
    ].join('\n');
    expect(seriesOf(text)).toMatchObject({ columns: { north: [5, 6, 9] }, units: ['kg', 'thousands'] });
    expect(read(text).findings).toContainEqual(expect.objectContaining({ kind: 'units-row', row: 2 }));
  });

  it('names groups of columns in a row above their names', () => {
    const text = [
      'month,north,,south,',
      ',bread,milk,bread,milk',
      '2024-01,1,2,3,4',
      '2024-02,5,6,7,9',
      '2024-03,2,1,7,8',
    ].join('\n');
    expect(seriesOf(text).columns).toEqual({
      'north bread': [1, 5, 2],
      'north milk': [2, 6, 1],
      'south bread': [3, 7, 7],
      'south milk': [4, 9, 8],
    });
  });

  it('does not cost a table its first rows where these hold no figures', () => {
    const { frame, findings } = read('month,north\n2024-01,n/a\n2024-02,6\n2024-03,9\n2024-04,4');
    expect(frame?.columns[0]?.values).toEqual([null, 6, 9, 4]);
    expect(findings).toEqual([]);
  });

  it('may be lines that end in carriage returns alone', () => {
    expect(seriesOf(['month,north,south', ...rows].join('\r')).columns).toMatchObject({ north: [5, 6, 9] });
  });
});

describe('splitting into records', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '1', ',', ';', '"', '\n', 'ä', ' ', '.'),
    maxLength: 8,
  });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
    );

  it('gives what another parser gives, however the text is cut into pieces', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(40), { maxLength: 5 }),
        (rows, delimiter, newline, cuts) => {
          const text = rows
            .map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(delimiter))
            .join(newline);
          const records: string[][] = [];
          const lines: number[] = [];
          const splitter = new RecordSplitter({ delimiter }, (cells, line) => {
            records.push(cells);
            lines.push(line);
          });
          let at = 0;
          for (const cut of cuts) {
            expect(splitter.push(text.slice(at, at + cut))).toBeNull();
            at += cut;
          }
          expect(splitter.push(text.slice(at)) ?? splitter.end()).toBeNull();
          const oracle = (parse(text, { delimiter, relax_column_count: true }) as string[][]).map((cells) =>
            cells.map((each) => each.trim()),
          );
          expect(records).toEqual(oracle);
          const before = rows.map((cells) => cells.join('').split('\n').length);
          expect(lines).toEqual(
            rows.map((_, row) => 1 + before.slice(0, row).reduce((sum, more) => sum + more, 0)),
          );
        },
      ),
      { seed: 11, numRuns: 400 },
    );
  });
});
