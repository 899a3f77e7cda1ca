import { describe, expect, it } from 'vitest';
import { labelOf } from '../../../agents/data-gathering/calendar.ts';
import { profileText } from '../../../agents/data-gathering/jobs.ts';
import { createRandom, generateWalk, monthLabels, toCsv } from './generated-data.ts';

const months = monthLabels(24);
const walk = generateWalk(createRandom(2), 24, 1500);

function profile(text: string, answers: { [id: string]: string } = {}) {
  const profiled = profileText({ text, answers });
  if (!profiled.ok) throw new Error(profiled.message);
  return profiled.value;
}

describe('the types of columns', () => {
  it('are told from their cells, and what is no number is left out with the reason', () => {
    const text = [
      'month,jobs,rate (%),open,region,nothing,fixed',
      ...months.map((month, row) => `${month},${walk[row]},${row}.5,${row % 2 ? 'yes' : 'no'},north,,7`),
    ].join('\n');
    const { columns, leftOut, frame } = profile(text);
    expect(columns.map(({ name, type, unit, decimals }) => [name, type, unit, decimals])).toEqual([
      ['month', 'period', null, 0],
      ['jobs', 'number', null, 0],
      ['rate (%)', 'number', '%', 1],
      ['open', 'boolean', null, 0],
      ['region', 'text', null, 0],
      ['nothing', 'empty', null, 0],
      ['fixed', 'constant', null, 0],
    ]);
    expect(leftOut).toEqual([
      { column: 'open', reason: 'holds yes or no, not numbers' },
      { column: 'region', reason: 'holds text, such as "north"' },
      { column: 'nothing', reason: 'holds no values' },
    ]);
    expect(frame?.columns.map(({ name }) => name)).toEqual(['jobs', 'rate (%)', 'fixed']);
  });

  it('are numbers where a few cells are not: each is named by line and column and counts as missing', () => {
    const values = walk.map((value, row) => (row === 5 ? '12x' : row === 6 ? 'NaN' : value));
    const { findings, frame } = profile(toCsv(months, { a: values }));
    expect(frame?.columns[0]?.values.slice(4, 8)).toEqual([walk[4], null, null, walk[7]]);
    expect(findings).toEqual([
      {
        kind: 'unreadable-cell',
        severity: 'warning',
        column: 'a',
        row: 7,
        message: '"12x" is no number: counted as missing.',
        repaired: false,
      },
    ]);
  });

  it('take thousands separators and currency signs, and say so', () => {
    const cells = walk.map((value) => `"$${value.toLocaleString('en-US')}"`);
    const { findings, frame, columns } = profile(toCsv(months, { a: cells }));
    expect(frame?.columns[0]?.values).toEqual(walk);
    expect(columns[1]).toMatchObject({ unit: '$', unitFrom: 'cells', grouped: 24 });
    expect(findings.map(({ kind, repaired }) => [kind, repaired])).toEqual([['thousands-separator', true]]);
  });

  it('take decimal commas between semicolons', () => {
    const text = ['month;a', ...months.map((month, row) => `${month};${row},25`)].join('\n');
    expect(profile(text).frame?.columns[0]).toMatchObject({
      decimals: 2,
      values: months.map((_, row) => row + 0.25),
    });
  });
});

describe('what can be read in two ways', () => {
  it('is asked before anything else: the decimal mark', () => {
    const text = ['month;a', ...months.map((month, row) => `${month};1,${String(row + 100)}`)].join('\n');
    const { frame, problems } = profile(text);
    expect(frame).toBeNull();
    expect(problems).toMatchObject([
      { id: 'decimal-mark', repair: null, options: [{ id: '.' }, { id: ',' }] },
    ]);
    expect(profile(text, { 'decimal-mark': ',' }).frame?.columns[0]?.values[0]).toBe(1.1);
    expect(profile(text, { 'decimal-mark': '.' }).frame?.columns[0]?.values[0]).toBe(1100);
  });

  it('is asked where no calendar tells: the order of day and month', () => {
    const days = Array.from(
      { length: 12 },
      (_, at) => `${String(at + 1).padStart(2, '0')}/${String(at + 1).padStart(2, '0')}/2010`,
    );
    const text = toCsv(days, { a: walk.slice(0, 12) });
    expect(profile(text).problems).toMatchObject([
      { id: 'day-order', options: [{ id: 'dayFirst' }, { id: 'monthFirst' }] },
    ]);
    expect(profile(text, { 'day-order': 'dayFirst' }).frame?.calendar.frequency).toBe('monthly');
  });

  it('is not asked where only one order follows a calendar', () => {
    const days = months.map((month) => `01/${month.slice(5)}/${month.slice(0, 4)}`);
    const { frame } = profile(toCsv(days, { a: walk }));
    expect(frame?.calendar.frequency).toBe('monthly');
    expect(frame?.periods.map((period) => labelOf(period, frame.calendar))).toEqual(months);
  });
});

describe('the layout', () => {
  it('with year and month in columns of their own is joined', () => {
    const text = [
      'year,month,a',
      ...months.map((month, row) => `${month.replace('-', ',')},${walk[row]}`),
    ].join('\n');
    const { frame } = profile(text);
    expect(frame?.columns).toMatchObject([{ name: 'a', values: walk }]);
    expect(frame && labelOf(frame.periods[13] ?? 0, frame.calendar)).toBe('2011-02');
  });

  it('with one row for each period of each region becomes one column for each region', () => {
    const rows = months.flatMap((month, row) => [`${month},north,${walk[row]}`, `${month},south,${row}`]);
    const { frame, findings, leftOut } = profile(['month,region,jobs', ...rows].join('\n'));
    expect(frame).toMatchObject({
      key: 'region',
      columns: [{ name: 'north', values: walk }, { name: 'south' }],
    });
    expect(frame?.periods).toHaveLength(24);
    expect(findings).toMatchObject([{ kind: 'long-layout', column: 'region', repaired: true }]);
    expect(leftOut).toEqual([]);
  });

  it('leaves out rows without a period, such as a total at the foot, naming the line', () => {
    const { frame, findings } = profile(`${toCsv(months, { a: walk })}\nTotal,99999`);
    expect(frame?.periods).toHaveLength(24);
    expect(findings).toMatchObject([{ kind: 'row-without-period', row: 26, severity: 'warning' }]);
  });

  it.each([
    ['has no periods', 'name,a\nx,1\ny,2\nz,3', /No column reads as dates or periods/],
    ['runs across', 'region,2001,2002,2003\nnorth,1,2,3\nsouth,4,5,6', /periods run across the header/],
    ['follows no calendar', 'day,a\n2001-01-05,1\n2003-07-11,2\n2009-02-23,3', /follow no year/],
    [
      'names its series by two columns',
      `month,region,sex,a\n${months.flatMap((m) => ['n,f', 'n,m', 's,f', 's,m'].map((k, at) => `${m},${k},${at}`)).join('\n')}`,
      /no one column of text tells them apart/,
    ],
  ])('is refused where it %s', (_, text, message) => {
    const refused = profileText({ text, answers: {} });
    expect(refused).toEqual({
      ok: false,
      type: 'Data.Malformed',
      message: expect.stringMatching(message) as string,
    });
  });
});
