import { formatFigure, meanOf } from './figures.ts';
import { labelSeries, type Material, nameSpans } from './material.ts';
import { writeList, writeTable } from './page-elements.ts';
import { escapeText } from './visible-text.ts';

/** What was left out of the charts, and why. */
export interface Omissions {
  /** What was planned and could not be drawn. */
  leftOut: { label: string; reason: string }[];
  /** Labels of series that no chart shows by themselves. */
  unshown: string[];
}

/** The sections that say what a report rests on, and how far that holds. */
export function writeBasis(material: Material, omissions: Omissions): string {
  return [
    writeSource(material),
    writeFindings(material),
    writeLeftOut(material, omissions),
    writeMethods(material),
    writeTotals(material),
    writeLimits(material),
  ].join('\n');
}

function writeSource({ table }: Material): string {
  const { rows, columns, bytes, digest } = table.source;
  return `<h3>The data</h3>
<p>${escapeText(table.dataset)}: ${formatFigure(rows)} rows, ${formatFigure(columns)} columns, ${formatFigure(bytes)} bytes; SHA-256 <code>${escapeText(digest)}</code>.</p>`;
}

function writeFindings({ table }: Material): string {
  const items = table.findings.map((finding) => {
    const place = [
      finding.column && `column ${finding.column}`,
      finding.row !== undefined && `row ${finding.row}`,
    ];
    const where = place.filter(Boolean).join(', ');
    const head = `${finding.severity === 'warning' ? 'Warning' : 'Note'}${where ? ` (${where})` : ''}`;
    return `${head}: ${finding.message}${finding.repaired ? ' Mended.' : ''}`;
  });
  return `<h3>Findings in the data</h3>\n${items.length > 0 ? writeList(items) : '<p>The checks of the data found nothing.</p>'}`;
}

function writeLeftOut(material: Material, omissions: Omissions): string {
  const labels = labelSeries(material);
  const items = [
    ...material.table.leftOut.map(({ column, reason }) => `${column}: ${reason}`),
    ...material.forecast.leftOut.map(({ id, reason }) => `${labels.get(id) ?? id}: ${reason}`),
    ...omissions.leftOut.map(({ label, reason }) => `${label}: ${reason}`),
    ...(omissions.unshown.length > 0
      ? [
          `No chart shows these by themselves; their figures stand in the CSV and JSON files: ${omissions.unshown.join('; ')}.`,
        ]
      : []),
  ];
  return `<h3>Left out, and why</h3>\n${items.length > 0 ? writeList(items) : '<p>Nothing was left out.</p>'}`;
}

function writeMethods(material: Material): string {
  const labels = labelSeries(material);
  const columns = [
    'Series',
    'Method',
    'Why',
    'MASE',
    'MASE of seasonal naive',
    '95 % interval held',
    'Backtests',
    'Trust',
    'Edited',
  ];
  const rows = material.forecast.series.map(({ id, method, reason, backtest, trust, edited }) => [
    labels.get(id)!,
    method,
    reason,
    finiteOrNull(backtest.mase),
    finiteOrNull(backtest.naiveMase),
    backtest.coverage95 === null ? 'not measured' : `${(100 * backtest.coverage95).toFixed(0)} %`,
    backtest.origins,
    trust,
    edited ? 'by a person' : 'no',
  ]);
  return `<h3>Method and backtest of each series</h3>
<p>MASE is the mean error in units of what repeating the last ${nameSpans(material.table).span} erred by in the past: below the naive figure beside it, the method is worth having.</p>
${writeTable({ columns, rows }, 'Method and backtest of each series', ['Why', 'Method'])}`;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function writeTotals(material: Material): string {
  const labels = labelSeries(material);
  const { table, forecast } = material;
  const name = (id: string): string => labels.get(id) ?? id;
  const sums = table.hierarchy.map(
    ({ total, parts, maxGap, tolerance }) =>
      `${name(total)} = ${parts.map(name).join(' + ')} (in the data within ${formatFigure(maxGap)}, ${formatFigure(tolerance)} allowed for rounding)`,
  );
  if (sums.length === 0)
    return '<h3>How totals add up</h3>\n<p>No series was found to be the sum of others.</p>';
  return `<h3>How totals add up</h3>
<p>${escapeText(`Reconciliation of the forecasts: ${forecast.reconciliation.method}. Afterwards parts and totals differ by ${formatFigure(forecast.reconciliation.maxGap)} at most.`)}</p>
${writeList(sums)}`;
}

function writeLimits({ table, forecast }: Material): string {
  const { one, many } = nameSpans(table);
  const held = meanOf(forecast.series.flatMap(({ backtest }) => backtest.coverage95 ?? []));
  const poor = forecast.series.filter(({ trust }) => trust === 'poor').length;
  return `<h3>What this forecast can’t know</h3>
${writeList([
  `It continues what the ${table.periods.length} ${many} observed have in common. What never happened in them, or is decided only now, is in no figure: new laws, crises, strikes, changes of how things are counted.`,
  held === null
    ? 'How often the intervals hold was not measured: take them as the least that may happen.'
    : `Intervals say how far off forecasts were in the past. In the backtests ${(100 * held).toFixed(0)} % of outcomes lay in the 95 % intervals, as a mean over the series.`,
  ...(poor > 0
    ? [
        `${poor} of ${forecast.series.length} series are marked as poor: read their lines as a direction at most.`,
      ]
    : []),
  `Intervals hold for one ${one} of one series; that all of them hold at once is less likely.`,
  ...forecast.notes,
])}`;
}
