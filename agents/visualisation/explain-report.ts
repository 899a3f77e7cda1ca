import type { JsonPath, Origin } from '../../contracts/origin.ts';
import type { SeriesTable } from '../data-gathering/agent.ts';
import type { Forecast } from '../forecasting/agent.ts';
import type { Report } from './agent.ts';
import { labelSeries } from './material.ts';

interface Needs {
  series?: SeriesTable;
  forecast?: Forecast;
}

const lines = ['mean', 'lower80', 'upper80', 'lower95', 'upper95', 'naive'] as const;

/** The figure of a series or of its forecast that the table of a chart repeats; nothing of what a chart works out itself. */
export function explainReport(report: Report, path: JsonPath, { series, forecast }: Needs): Origin[] {
  const [list, at, member, rows, row, column] = path;
  const chart = list === 'charts' && typeof at === 'number' ? report.charts[at] : undefined;
  if (!chart || !series || !forecast || member !== 'table' || rows !== 'rows') return [];
  if (typeof row !== 'number' || typeof column !== 'number') return [];
  const cells = chart.table.rows[row] ?? [];
  const { columns } = chart.table;
  const first = String(cells[0]);
  const labels = new Map(
    [...labelSeries({ table: series, forecast, language: report.language })].map(([id, label]) => [
      label,
      id,
    ]),
  );
  if (chart.kind === 'sizes') {
    const end = forecast.periods.length - 1;
    return pointTo(
      cells[column],
      { id: labels.get(first), line: lines[column - 1], end },
      { series, forecast },
    );
  }
  if (chart.kind !== 'outlook') return [];
  // One series has its bounds in the columns beside it; of several, each column is a series.
  const named = labels.get(columns[column] ?? '');
  const id = named ?? labels.get(columns[2] ?? '');
  const line = named === undefined ? lines[column - 2] : 'mean';
  const past = named === undefined ? -1 : series.periods.indexOf(first);
  return pointTo(
    cells[column],
    { id, line, past, end: forecast.periods.indexOf(first) },
    { series, forecast },
  );
}

interface Place {
  id: string | undefined;
  line: (typeof lines)[number] | undefined;
  /** Among the periods observed. */
  past?: number;
  /** Among the periods ahead. */
  end: number;
}

/** Only where the very figure stands there. */
function pointTo(
  shown: string | number | null | undefined,
  { id, line, past = -1, end }: Place,
  { series, forecast }: Required<Needs>,
): Origin[] {
  if (typeof shown !== 'number' || id === undefined || line === undefined) return [];
  const observed = series.series.findIndex((one) => one.id === id);
  if (past >= 0 && series.series[observed]?.values[past] === shown)
    return [{ need: 'series', path: ['series', observed, 'values', past] }];
  const ahead = forecast.series.findIndex((one) => one.id === id);
  if (end >= 0 && forecast.series[ahead]?.[line][end] === shown)
    return [{ need: 'forecast', path: ['series', ahead, line, end] }];
  return [];
}
