import type { Lineage, SeriesTable } from './agent.ts';
import type { Frame, FrameColumn } from './frame.ts';

type SeriesLineage = Lineage['series'][number];

/** Where the values of a frame stand in its file, neighbours told together. */
export function traceFrame(frame: Frame): Lineage {
  return {
    place: frame.place ?? 'line',
    sheet: frame.sheet ?? null,
    series: frame.columns.map((column) => traceColumn(frame, column)),
  };
}

function traceColumn(frame: Frame, column: FrameColumn): SeriesLineage {
  const { name, values, source } = column;
  const runs: SeriesLineage['runs'] = [];
  const merged: SeriesLineage['merged'] = [];
  const filled = new Set(column.filled);
  const several = new Map(frame.merged?.map(({ period, lines }) => [period, lines]));
  const lines = column.lines ?? frame.lines;
  frame.periods.forEach((period, at) => {
    if ((values[at] ?? null) === null || filled.has(period)) return;
    const rows = several.get(period);
    if (rows) {
      merged.push({ period: at, rows });
      return;
    }
    const row = lines[at] ?? null;
    if (row === null) return;
    const last = runs.at(-1);
    if (last && at === last.period + last.count) {
      // A run of one takes its step from the second.
      if (last.count === 1) last.step = row - last.row;
      if (row === last.row + last.step * last.count) {
        last.count += 1;
        return;
      }
    }
    runs.push({ period: at, count: 1, row, step: 0 });
  });
  return { id: name, column: source?.column ?? name, position: source?.position ?? 0, runs, merged };
}

/** Where one value of a series comes from. */
export interface TracedValue {
  dataset: string;
  /** SHA-256 of the file. */
  digest: string;
  place: Lineage['place'];
  sheet: string | null;
  column: string;
  position: number;
  /** None where the value is missing or was filled in. */
  rows: number[];
  how: 'read' | 'merged' | 'filled' | 'missing';
  value: number | null;
}

/** The file, rows and column that a value was read from; null where the table has no such series or period, or no lineage. */
export function traceValue(table: SeriesTable, series: string, period: string): TracedValue | null {
  const at = table.periods.indexOf(period);
  const values = table.series.find(({ id }) => id === series)?.values;
  const lineage = table.lineage?.series.find(({ id }) => id === series);
  if (at < 0 || !values || !lineage || !table.lineage) return null;
  const value = values[at] ?? null;
  const merged = lineage.merged.find((one) => one.period === at);
  const run = lineage.runs.find((one) => at >= one.period && at < one.period + one.count);
  const rows = merged?.rows ?? (run ? [run.row + (at - run.period) * run.step] : []);
  const absent = value === null ? 'missing' : 'filled';
  return {
    dataset: table.dataset,
    digest: table.source.digest,
    place: table.lineage.place,
    sheet: table.lineage.sheet,
    column: lineage.column,
    position: lineage.position,
    rows,
    how: merged ? 'merged' : run ? 'read' : absent,
    value,
  };
}
