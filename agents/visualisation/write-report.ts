import type { ChartContent, TextTable } from './chart-content.ts';
import { tableOf } from './describe-chart.ts';
import type { DrawnChart } from './draw-chart.ts';
import { formatFigure, formatPeriod, meanOf } from './figures.ts';
import { labelSeries, type Material, nameSpans } from './material.ts';
import { reportStyle } from './report-style.ts';
import { escapeText } from './visible-text.ts';

interface ReportChart {
  id: string;
  content: ChartContent;
  alt: string;
  /** Null where no drawing could be read: its figures stand in the table alone. */
  drawn: DrawnChart | null;
}

export interface ReportParts {
  title: string;
  summary: string[];
  charts: ReportChart[];
  /** What was planned and could not be drawn. */
  leftOut: { label: string; reason: string }[];
  /** Labels of series that no chart shows by themselves. */
  unshown: string[];
}

export const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The report as one HTML file that needs nothing else: no script, no request, all text from data escaped. */
export function writeHtml(material: Material, parts: ReportParts): string {
  const { table, forecast } = material;
  const { one, many } = nameSpans(table);
  const title = escapeText(parts.title);
  const [first, last] = [table.periods[0], table.periods.at(-1)].map((period) =>
    escapeText(formatPeriod(period ?? '')),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="muted">Data set: ${escapeText(table.dataset)}. Observed ${first} to ${last}; ${forecast.horizon} ${forecast.horizon === 1 ? one : many} ahead.</p>
</header>
<main>
<section aria-labelledby="summary">
<h2 id="summary">Summary</h2>
${list(parts.summary, 'lead')}
</section>
<section aria-labelledby="charts">
<h2 id="charts">Charts</h2>
${parts.charts.map(writeChart).join('\n') || '<p>There is nothing to draw.</p>'}
</section>
<section aria-labelledby="basis">
<h2 id="basis">What this rests on</h2>
${writeSource(material)}
${writeFindings(material)}
${writeLeftOut(material, parts)}
${writeMethods(material)}
${writeTotals(material)}
${writeLimits(material)}
</section>
</main>
<footer>
<p>This report was written by a program from the data named above. All figures, also those of the pictures, stand in the tables, and in full precision in the CSV and JSON files that belong to it.</p>
</footer>
</body>
</html>
`;
}

/** Escaped, and with no line break between a figure and its percent sign. */
function escapeSentence(text: string): string {
  return escapeText(text).replace(/(\d) %/g, '$1&nbsp;%');
}

function list(items: string[], style?: string): string {
  return `<ul${style ? ` class="${style}"` : ''}>\n${items.map((item) => `<li>${escapeSentence(item)}</li>`).join('\n')}\n</ul>`;
}

function writeChart({ id, content, drawn }: ReportChart): string {
  const picture = drawn
    ? `<figure class="chart">
${drawn.wide.replace(/^<svg/, '<svg class="wide"')}
${drawn.narrow.replace(/^<svg/, '<svg class="narrow"')}
<figcaption>${escapeSentence(captionOf(content))}</figcaption>
</figure>`
    : '<p>No drawing of this could be read, so its figures stand in the table alone.</p>';
  const table = tableOf(content);
  return `<section aria-labelledby="${id}">
<h3 class="chart-title" id="${id}">${escapeText(content.title)}</h3>
${picture}
<details${drawn ? '' : ' open'}>
<summary>Figures of this chart (${table.rows.length} rows)</summary>
${writeTable(table, `Figures: ${content.title}`)}
</details>
</section>`;
}

function captionOf(content: ChartContent): string {
  const omitted =
    'omitted' in content && content.omitted.length > 0
      ? ` Not shown: ${content.omitted.map(({ label, reason }) => `${label} (${reason})`).join('; ')}.`
      : '';
  switch (content.kind) {
    case 'outlook':
      return 'Solid: observed. Dashed, right of the dotted line: forecast. The inner band should hold four of five outcomes, the outer one nineteen of twenty.';
    case 'change':
      return `Hollow: what was observed last lies within the 80 % interval of where the forecast ends, so it is not clearly different.${omitted}`;
    case 'trust':
      return `Each forecast was made again from earlier starting points and held against what then happened.${omitted}`;
  }
}

/** A table in a box that scrolls by itself; figures carry their full precision in `data` elements. */
function writeTable({ columns, rows }: TextTable, name: string, long: readonly string[] = []): string {
  const numeric = columns.map((_, at) => rows.some((row) => typeof row[at] === 'number'));
  const style = (at: number): string =>
    numeric[at] ? ' class="number"' : long.includes(columns[at]!) ? ' class="long"' : '';
  const head = columns.map((column, at) => `<th scope="col"${style(at)}>${escapeText(column)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, at) =>
      at === 0
        ? `<th scope="row"${columns[0] === 'Period' ? ' class="period"' : ''}>${writeCell(cell, columns[at]!)}</th>`
        : `<td${style(at)}>${writeCell(cell, columns[at]!)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeText(name)}">
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>`;
}

function writeCell(cell: string | number | null, column: string): string {
  if (cell === null) return '<span class="muted">–</span>';
  if (typeof cell === 'string') return escapeText(column === 'Period' ? formatPeriod(cell) : cell);
  const shown =
    column.startsWith('MASE') || column.startsWith('Change in')
      ? cell.toFixed(2).replace('-', '−')
      : formatFigure(cell);
  return `<data value="${cell}">${shown}</data>`;
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
  return `<h3>Findings in the data</h3>\n${items.length > 0 ? list(items) : '<p>The checks of the data found nothing.</p>'}`;
}

function writeLeftOut(material: Material, parts: ReportParts): string {
  const labels = labelSeries(material);
  const items = [
    ...material.table.leftOut.map(({ column, reason }) => `${column}: ${reason}`),
    ...material.forecast.leftOut.map(({ id, reason }) => `${labels.get(id) ?? id}: ${reason}`),
    ...parts.leftOut.map(({ label, reason }) => `${label}: ${reason}`),
    ...(parts.unshown.length > 0
      ? [
          `No chart shows these by themselves; their figures stand in the CSV and JSON files: ${parts.unshown.join('; ')}.`,
        ]
      : []),
  ];
  return `<h3>Left out, and why</h3>\n${items.length > 0 ? list(items) : '<p>Nothing was left out.</p>'}`;
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
${list(sums)}`;
}

function writeLimits({ table, forecast }: Material): string {
  const { one, many } = nameSpans(table);
  const held = meanOf(forecast.series.flatMap(({ backtest }) => backtest.coverage95 ?? []));
  const poor = forecast.series.filter(({ trust }) => trust === 'poor').length;
  return `<h3>What this forecast can’t know</h3>
${list([
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
