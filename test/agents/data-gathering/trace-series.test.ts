import { describe, expect, it } from 'vitest';
import { SeriesTable } from '../../../agents/data-gathering/agent.ts';
import { traceValue } from '../../../agents/data-gathering/trace-series.ts';
import { createRandom, generateWalk, monthLabels, toCsv } from './generated-data.ts';
import { gather } from './run-graph.ts';
import { makeArchive, makeRow, workbookParts } from './make-workbook.ts';

const months = monthLabels(30);
const random = createRandom(5);
const a = generateWalk(random, 30, 400);
const b = generateWalk(random, 30, 900);

async function tableOf(content: string | Uint8Array, answer?: string) {
  const { start, answer: reply } = gather(content);
  const first = await start();
  const asked = first.asked[0];
  const { series } = asked && answer !== undefined ? await reply({ [asked.id]: answer }) : first;
  if (!series) throw new Error('The graph made no series.');
  return SeriesTable.parse(JSON.parse(JSON.stringify(series)));
}

/** The cell that a line of delimited text has in a column, without the code under test. */
const cellAt = (text: string, line: number, position: number): string =>
  text.split('\n')[line - 1]?.split(',')[position - 1] ?? '';

describe('the lineage of a figure', () => {
  it('leads every value that was read back to its cell, and takes one run for a table without holes', async () => {
    const text = ['Made up', '', ...toCsv(months, { a, b }).split('\n')].join('\n');
    const table = await tableOf(text);
    expect(table.lineage).toMatchObject({ place: 'line', sheet: null });
    for (const { id, values } of table.series) {
      months.forEach((month, at) => {
        const traced = traceValue(table, id, month);
        expect(traced).toMatchObject({ how: 'read', value: values[at], digest: table.source.digest });
        expect(Number(cellAt(text, traced?.rows[0] ?? 0, traced?.position ?? 0))).toBe(values[at]);
      });
    }
    expect(table.lineage?.series.map(({ column, position, runs }) => [column, position, runs])).toEqual([
      ['a', 2, [{ period: 0, count: 30, row: 4, step: 1 }]],
      ['b', 3, [{ period: 0, count: 30, row: 4, step: 1 }]],
    ]);
  });

  it('names the value column of a long table, and the rows of each series in it', async () => {
    const text = [
      'month,region,jobs',
      ...months.flatMap((m, at) => [`${m},north,${a[at]}`, `${m},south,${b[at]}`]),
    ].join('\n');
    const table = await tableOf(text);
    expect(table.lineage?.series).toEqual([
      {
        id: 'north',
        column: 'jobs',
        position: 3,
        runs: [{ period: 0, count: 30, row: 2, step: 2 }],
        merged: [],
      },
      {
        id: 'south',
        column: 'jobs',
        position: 3,
        runs: [{ period: 0, count: 30, row: 3, step: 2 }],
        merged: [],
      },
    ]);
  });

  it('says of a filled value that it stands nowhere, and where rows were out of order', async () => {
    const rows = months.map((month, at) => `${month},${at === 7 ? '' : a[at]},${b[at]}`);
    const shuffled = [...rows.slice(10), ...rows.slice(0, 10)];
    const text = ['month,a,b', ...shuffled].join('\n');
    const table = await tableOf(text);
    expect(traceValue(table, 'a', months[7]!)).toMatchObject({ how: 'filled', rows: [] });
    for (const at of [0, 6, 8, 9, 10, 29]) {
      const traced = traceValue(table, 'a', months[at]!);
      expect(Number(cellAt(text, traced?.rows[0] ?? 0, 2))).toBe(a[at]);
    }
    expect(table.lineage?.series[0]?.runs).toHaveLength(3);
  });

  it.each([
    ['add', (one: number, other: number) => one + other, [12, 32]],
    ['keepLast', (_: number, other: number) => other, [32]],
  ])('names all rows that a value was made from: %s', async (answer, value, rows) => {
    const text = `${toCsv(months, { a, b })}\n${months[10]},1,2`;
    const table = await tableOf(text, answer);
    expect(traceValue(table, 'a', months[10]!)).toMatchObject({
      how: 'merged',
      rows,
      value: value(a[10]!, 1),
    });
    expect(traceValue(table, 'a', months[11]!)).toMatchObject({ how: 'read', rows: [13] });
  });

  it('counts the rows of a sheet, and names it', async () => {
    const rows = [
      makeRow(1, ['month', 'a']),
      ...months.map((month, at) => makeRow(at + 3, [month, a[at]!])),
    ].join('');
    const table = await tableOf(makeArchive(workbookParts([{ name: 'Jobs', rows }])));
    expect(traceValue(table, 'a', months[4]!)).toMatchObject({
      place: 'row',
      sheet: 'Jobs',
      rows: [7],
      position: 2,
      value: a[4],
    });
  });

  it('is unknown for a series or a period that the table does not have', async () => {
    const table = await tableOf(toCsv(months, { a, b }));
    expect(traceValue(table, 'c', months[0]!)).toBeNull();
    expect(traceValue(table, 'a', '1999-01')).toBeNull();
  });
});
