import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

export interface TestSeries {
  id: string;
  history: number[];
  /** What came after, hidden from the forecast. */
  future: number[];
}

export interface Collection {
  name: 'Monthly' | 'Quarterly';
  season: number;
  horizon: number;
}

export const collections: Collection[] = [
  { name: 'Monthly', season: 12, horizon: 24 },
  { name: 'Quarterly', season: 4, horizon: 8 },
];

/** A column a series: its id, count, start year, start period, then that many values. */
function readColumns(path: string): { id: string; values: number[] }[] {
  const rows = parse(readFileSync(path), { relax_column_count: true }) as string[][];
  return rows[0]!.map((id, column) => {
    const count = Number(rows[1]![column]);
    const values = rows.slice(4, 4 + count).map((row) => Number(row[column]));
    if (values.length !== count || !values.every(Number.isFinite)) {
      throw new Error(
        `${path}: series ${id} does not hold the ${count} numbers that its second row announces.`,
      );
    }
    return { id, values };
  });
}

/** The Tourism competition's series; `withinTraining` hides the end of the training part instead of the test part. */
export function readCollection(
  folder: string,
  { name, horizon }: Collection,
  withinTraining: boolean,
): TestSeries[] {
  const path = (part: string) => join(folder, `tourism-${name.toLowerCase()}-${part}.csv`);
  const training = readColumns(path('in'));
  if (withinTraining) {
    return training.map(({ id, values }) => ({
      id,
      history: values.slice(0, -horizon),
      future: values.slice(-horizon),
    }));
  }
  const futures = new Map(readColumns(path('oos')).map(({ id, values }) => [id, values]));
  return training.map(({ id, values }) => ({
    id,
    history: values,
    future: futures.get(id)!.slice(0, horizon),
  }));
}
