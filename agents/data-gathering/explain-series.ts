import type { JsonPath, Origin } from '../../contracts/origin.ts';
import type { SeriesTable } from './agent.ts';
import { traceValue } from './trace-series.ts';

/** The cells of the file that a value of a series was read from, or all of a series. */
export function explainSeries(table: SeriesTable, path: JsonPath): Origin[] {
  const [list, at, member, period] = path;
  const series = list === 'series' && typeof at === 'number' ? table.series[at] : undefined;
  if (!series || (path.length > 2 && member !== 'values') || path.length > 4) return [];
  const periods = typeof period === 'number' ? table.periods.slice(period, period + 1) : table.periods;
  const origins = periods.flatMap((one) => explainValue(table, series.id, one));
  return origins.length === 0 ? [] : [...origins, { need: 'dataset', path: [] }];
}

function explainValue(table: SeriesTable, id: string, period: string): Origin[] {
  const traced = traceValue(table, id, period);
  if (!traced) return [];
  const { dataset, digest, place, sheet, column, rows, how, value } = traced;
  if (how === 'missing') return [{ remark: `${period}: the file holds no value` }];
  if (how === 'filled') return [{ remark: `${period}: filled in, the file holds no value` }];
  const cells = rows.map((row): Origin => {
    const held = how === 'read' ? value : null;
    return { cell: { file: dataset, digest, sheet, place, row, column, value: held } };
  });
  return how === 'read' ? cells : [...cells, { remark: `${period}: made of ${rows.length} rows` }];
}
