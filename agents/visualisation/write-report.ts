import type { ChartContent } from './chart-content.ts';
import { tableOf } from './describe-chart.ts';
import type { DrawnChart } from './draw-chart.ts';
import { formatPeriod } from './figures.ts';
import { type Material, nameSpans } from './material.ts';
import { escapeSentence, writeList, writeTable } from './page-elements.ts';
import { reportStyle } from './report-style.ts';
import { escapeText } from './visible-text.ts';
import { type Omissions, writeBasis } from './write-basis.ts';

interface ReportChart {
  id: string;
  content: ChartContent;
  alt: string;
  /** Null where no drawing could be read: its figures stand in the table alone. */
  drawn: DrawnChart | null;
}

export interface ReportParts extends Omissions {
  title: string;
  summary: string[];
  charts: ReportChart[];
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
${writeList(parts.summary, 'lead')}
</section>
<section aria-labelledby="charts">
<h2 id="charts">Charts</h2>
${parts.charts.map(writeChart).join('\n') || '<p>There is nothing to draw.</p>'}
</section>
<section aria-labelledby="basis">
<h2 id="basis">What this rests on</h2>
${writeBasis(material, parts)}
</section>
</main>
<footer>
<p>This report was written by a program from the data named above. All figures, also those of the pictures, stand in the tables, and in full precision in the CSV and JSON files that belong to it.</p>
</footer>
</body>
</html>
`;
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
