import { describe, expect, it } from 'vitest';
import { openBytes, profileText } from '../../../agents/data-gathering/jobs.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function profile(text: string) {
  const opened = openBytes({ bytes: encode(text), answers: {} });
  if (!opened.ok) return opened;
  return profileText({ text: opened.value.text, form: opened.value.form, answers: {} });
}

function columnsOf(text: string) {
  const profiled = profile(text);
  if (!profiled.ok) throw new Error(profiled.message);
  const { frame } = profiled.value;
  if (!frame) throw new Error('The file left a question open.');
  return {
    columns: Object.fromEntries(frame.columns.map(({ name, values }) => [name, values])),
    lines: frame.lines,
  };
}

const months = ['2024-01', '2024-02', '2024-03', '2024-04'];
const north = [5, 6.25, null, -1e3];
const south = [7, 8, 9, 11];
const objects = months.map((month, row) => ({ month, north: north[row], south: south[row] }));
const table = { north, south };

describe('JSON', () => {
  it.each([
    ['a list of objects', objects],
    ['a list of objects one level down', { made: '2024-05-01', rows: objects }],
    ['an object of lists', { month: months, north, south }],
    ['an object of lists one level down', { note: 'x', data: { month: months, north, south } }],
    [
      'a list of lists',
      [['month', 'north', 'south'], ...months.map((month, row) => [month, north[row], south[row]])],
    ],
  ])('is a table as %s', (_, value) => {
    expect(columnsOf(JSON.stringify(value, null, 2)).columns).toEqual(table);
  });

  it('is a table with one object a line, its lines those of the file', () => {
    const text = objects.map((row) => JSON.stringify(row)).join('\n\n');
    expect(columnsOf(text)).toEqual({ columns: table, lines: [1, 3, 5, 7] });
  });

  it('may be one line of several megabytes', () => {
    const note = 'made up '.repeat(40);
    const rows = Array.from({ length: 6000 }, (_, at) => ({
      day: new Date(Date.UTC(2000, 0, 1 + at)).toISOString().slice(0, 10),
      a: at * at,
      note,
    }));
    const text = JSON.stringify(rows);
    expect(text.length).toBeGreaterThan(2 * 1024 * 1024);
    expect(columnsOf(text).columns['a']).toEqual(rows.map(({ a }) => a));
  });

  const deep = 100_000;
  it.each([
    ['lists', `${'['.repeat(deep)}${']'.repeat(deep)}`, 'line 1, column 101'],
    ['lists that never end', '['.repeat(3_000_000), 'line 1, column 101'],
    ['objects', `{"a":\n${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`, 'line 2, column 496'],
    ['a cell of one row', `[{"a":1,"b":${'['.repeat(deep)}${']'.repeat(deep)}}]`, 'line 1, column 111'],
    [
      'a cell of one line',
      `{"a":1}\n{"a":${'{"x":'.repeat(deep)}1${'}'.repeat(deep)}}\n`,
      'line 2, column 501',
    ],
  ])('is refused by its place where it is nested too deeply: %s', (_, text, place) => {
    expect(profile(text)).toEqual({
      ok: false,
      type: 'Data.TooLarge',
      message: `The file has more than 100 levels of lists and objects, at ${place}.`,
    });
  });

  it('may hold brackets in its text, as many as it likes', () => {
    const note = `${'['.repeat(500)}\\"{`;
    const profiled = profile(JSON.stringify(objects.map((row) => ({ ...row, note }))));
    expect(profiled).toMatchObject({ ok: true, value: { rows: objects.length } });
  });

  it('flattens objects within a row, and has no value where a row lacks one', () => {
    const rows = objects.map(({ month, ...sales }, row) => (row === 2 ? { month } : { month, sales }));
    expect(columnsOf(JSON.stringify(rows)).columns).toEqual({
      'sales.north': [5, 6.25, null, -1000],
      'sales.south': [7, 8, null, 11],
    });
  });

  it('leaves lists within a row out as text', () => {
    const profiled = profile(JSON.stringify(objects.map((row) => ({ ...row, tags: ['a', 'b'] }))));
    expect(profiled.ok && profiled.value.leftOut).toEqual([
      { column: 'tags', reason: 'holds text, such as "["a","b"]"' },
    ]);
  });

  it.each([
    [
      'a slip',
      '{\n  "rows": [\n    {"month": "2024-01" "a": 1}\n  ]\n}',
      '""a": 1}" at line 3, column 25 was not to be expected',
    ],
    ['an end too soon', '[{"month": "2024-01"', 'it ends too soon, at line 1, column 21'],
    ['a slip in a line', '{"month": "2024-01"}\n{"month": nul}', 'Line 2 is no JSON: "nul}" at column 11'],
    [
      'a line that is no object',
      '{"month": "2024-01"}\n{"month": "2024-02"}\n[1]',
      'Line 3 holds "[1]", no object',
    ],
    [
      'uneven lists',
      '{"month": ["2024-01", "2024-02"], "a": [1]}',
      'The list "a" has 1 values; "month" has 2.',
    ],
    ['an odd element', '[{"month": "2024-01"}, 7]', 'Element 2 of the list is no object'],
    [
      'two tables',
      JSON.stringify({ a: objects, b: objects }),
      'The file holds several tables ("a", "b"): give one.',
    ],
    ['no table', '{"a": {"b": {"c": 1}}}', 'The file holds no table'],
  ])('is refused by its place: %s', (_, text, message) => {
    expect(profile(text)).toMatchObject({
      ok: false,
      type: 'Data.Malformed',
      message: expect.stringContaining(message) as string,
    });
  });
});
