import type { Table } from './parse-table.ts';

const YEAR = /^(year|年份?)$/i;
const PARTS = [
  { name: /^(month|月份?)$/i, join: (year: string, part: string) => `${year}-${part}`, most: 12 },
  { name: /^(quarter|季度?)$/i, join: (year: string, part: string) => `${year}-Q${part}`, most: 4 },
];

/** A table whose year and month, or year and quarter, stand in columns of their own, with one period column instead. */
export function joinPeriodColumns(table: Table): Table {
  const year = table.header.findIndex((name) => YEAR.test(name));
  if (year < 0) return table;
  for (const { name, join, most } of PARTS) {
    const part = table.header.findIndex((column) => name.test(column));
    if (
      part < 0 ||
      !table.rows.every((row) => isBetween(row[part], 1, most) && isBetween(row[year], 1500, 2199))
    ) {
      continue;
    }
    const others = table.header.flatMap((_, index) => (index === year || index === part ? [] : [index]));
    return {
      ...table,
      header: [
        `${table.header[year]} ${table.header[part]}`,
        ...others.map((index) => table.header[index] ?? ''),
      ],
      units: [null, ...others.map((index) => table.units[index] ?? null)],
      positions: [year, ...others].map((index) => table.positions[index] ?? index + 1),
      rows: table.rows.map((row) => [
        join(row[year] ?? '', String(Number(row[part]))),
        ...others.map((index) => row[index] ?? ''),
      ]),
    };
  }
  return table;
}

function isBetween(cell: string | undefined, least: number, most: number): boolean {
  return cell !== undefined && /^\d{1,4}$/.test(cell) && Number(cell) >= least && Number(cell) <= most;
}
