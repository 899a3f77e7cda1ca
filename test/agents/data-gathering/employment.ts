import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../agents/data-gathering/read-dataset.ts';

export const employmentPath = join(packageFolder('vega-datasets', 'data'), 'us-employment.csv');

/** US jobs by month and sector, read without the code under test: plain numbers, no quotes, no gaps. */
export function readEmployment(): { periods: string[]; columns: Map<string, number[]> } {
  const [header = '', ...lines] = readFileSync(employmentPath, 'utf8').trim().split('\n');
  const names = header.trim().split(',');
  const rows = lines.map((line) => line.trim().split(','));
  return {
    periods: rows.map((row) => row[0] ?? ''),
    columns: new Map(names.slice(1).map((name, at) => [name, rows.map((row) => Number(row[at + 1]))])),
  };
}
