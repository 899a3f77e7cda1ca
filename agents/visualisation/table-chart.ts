import type { ChartContent, ColumnKind, OutlookContent, TextTable } from './chart-content.ts';
import type { Wording } from './wording/wording.ts';

type Cell = string | number | null;
interface Column {
  name: string;
  kind: ColumnKind;
  cells: Cell[];
}

/** The same figures as a chart's, as a table. */
export function tableOf(content: ChartContent, wording: Wording): TextTable {
  const columns = listColumns(content, wording);
  return {
    columns: columns.map(({ name }) => name),
    kinds: columns.map(({ kind }) => kind),
    rows: (columns[0]?.cells ?? []).map((_, at) => columns.map(({ cells }) => cells[at] ?? null)),
  };
}

function listColumns(content: ChartContent, { columns: names, phrases }: Wording): Column[] {
  const column = <Row>(name: string, kind: ColumnKind, rows: Row[], pick: (row: Row) => Cell): Column => ({
    name,
    kind,
    cells: rows.map(pick),
  });
  switch (content.kind) {
    case 'outlook':
      return listPeriods(content, names);
    case 'odds':
      return [
        { name: names.outcome, kind: 'figure', cells: content.outcomes },
        { name: names.likelihood, kind: 'figure', cells: content.outcomes.map((_, at) => 2.5 + 5 * at) },
      ];
    case 'shares':
      return [
        column(names.series, 'text', content.rows, (row) => row.label),
        column(names.shareBefore, 'fixed', content.rows, (row) => row.before),
        column(names.shareAfter, 'fixed', content.rows, (row) => row.after),
      ];
    case 'sizes':
      return [
        column(names.series, 'text', content.rows, (row) => row.label),
        column(names.expected, 'figure', content.rows, (row) => row.mean),
        column(names.from(80), 'figure', content.rows, (row) => row.range80?.[0] ?? null),
        column(names.to(80), 'figure', content.rows, (row) => row.range80?.[1] ?? null),
        column(names.from(95), 'figure', content.rows, (row) => row.range95?.[0] ?? null),
        column(names.to(95), 'figure', content.rows, (row) => row.range95?.[1] ?? null),
        column(names.naive, 'figure', content.rows, (row) => row.naive),
      ];
    case 'change':
      return [
        column(names.series, 'text', content.bars, (bar) => bar.label),
        column(names.observedMean, 'figure', content.bars, (bar) => bar.before),
        column(names.forecastMean, 'figure', content.bars, (bar) => bar.after),
        column(names.change, 'figure', content.bars, (bar) => bar.change),
        column(names.changePercent, 'fixed', content.bars, (bar) => bar.percent),
        column(names.clear, 'text', content.bars, (bar) => (bar.clear ? phrases.yes : phrases.no)),
      ];
    case 'spread':
      return [
        column(names.series, 'text', content.values, (value) => value.label),
        column(names.changePercent, 'fixed', content.values, (value) => value.percent),
      ];
    case 'relation':
      return [
        column(names.series, 'text', content.points, (point) => point.label),
        column(names.size, 'figure', content.points, (point) => point.size),
        column(names.changePercent, 'fixed', content.points, (point) => point.percent),
      ];
    case 'trust':
      return [
        column(names.series, 'text', content.rows, (row) => row.label),
        column(names.method, 'text', content.rows, (row) => row.method),
        column(names.mase, 'fixed', content.rows, (row) => row.mase),
        column(names.naiveMase, 'fixed', content.rows, (row) => row.naiveMase),
        column(names.coverage, 'figure', content.rows, (row) => row.coverage95),
        column(names.backtests, 'figure', content.rows, (row) => row.origins),
        column(names.trust, 'text', content.rows, (row) => phrases.trust[row.trust]),
      ];
  }
}

/** Periods down, series across; a single series with its intervals, several with theirs in the CSV only. */
function listPeriods({ panels }: OutlookContent, names: Wording['columns']): Column[] {
  const [first] = panels;
  if (!first) return [];
  const past = first.periods.length;
  const ahead = (line: number[]): Cell[] => [
    ...first.periods.map(() => null),
    ...first.forecastPeriods.map((_, at) => line[at] ?? null),
  ];
  const single: Column[] =
    panels.length > 1
      ? []
      : [
          { name: names.from(80), kind: 'figure', cells: ahead(first.lower80) },
          { name: names.to(80), kind: 'figure', cells: ahead(first.upper80) },
          { name: names.from(95), kind: 'figure', cells: ahead(first.lower95) },
          { name: names.to(95), kind: 'figure', cells: ahead(first.upper95) },
          { name: names.naive, kind: 'figure', cells: ahead(first.naive) },
        ];
  const periods = [...first.periods, ...first.forecastPeriods];
  return [
    { name: names.period, kind: 'period', cells: periods },
    {
      name: names.kind,
      kind: 'text',
      cells: periods.map((_, at) => (at < past ? names.observed : names.forecast)),
    },
    ...panels.map((panel): Column => ({
      name: panel.label,
      kind: 'figure',
      cells: [...panel.history, ...panel.mean],
    })),
    ...single,
  ];
}
