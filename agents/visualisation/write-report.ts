import type { ChartContent } from './chart-content.ts';
import type { DrawnChart } from './draw-chart.ts';
import { type Material, nameSpans } from './material.ts';
import { escapeSentence, writeList, writeTable } from './page-elements.ts';
import type { ChartPlan } from './plan-charts.ts';
import { reportStyle } from './report-style.ts';
import { tableOf } from './table-chart.ts';
import { escapeText } from './visible-text.ts';
import { type Omissions, writeBasis } from './write-basis.ts';
import { type Wording, wordingOf } from './wording/wording.ts';

export interface ReportChart {
  id: string;
  why: ChartPlan['why'];
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
  const { table, forecast, language } = material;
  const wording = wordingOf(language);
  const { basis, format, page } = wording;
  const { many } = nameSpans(material);
  const title = escapeText(parts.title);
  const [first, last] = [table.periods[0], table.periods.at(-1)].map((period) =>
    format.period(period ?? ''),
  ) as [string, string];
  const lead = page.lead(table.dataset, first, last, forecast.horizon, many(forecast.horizon));
  const reasons = parts.charts.map(({ content, why }) => ({ topic: content.topic, why }));
  return `<!doctype html>
<html lang="${language}">
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
<p class="muted">${escapeText(lead)}</p>
</header>
<main>
<section aria-labelledby="summary">
<h2 id="summary">${escapeText(page.summary)}</h2>
${writeList(parts.summary, 'lead')}
</section>
<section aria-labelledby="charts">
<h2 id="charts">${escapeText(page.charts)}</h2>
${parts.charts.map((chart) => writeChart(chart, wording)).join('\n') || `<p>${escapeText(page.nothing)}</p>`}
</section>
<section aria-labelledby="basis">
<h2 id="basis">${escapeText(basis.title)}</h2>
${writeBasis(material, parts, reasons)}
</section>
</main>
<footer>
<p>${escapeText(page.footer)}</p>
</footer>
</body>
</html>
`;
}

function writeChart({ id, content, drawn }: ReportChart, wording: Wording): string {
  const { page } = wording;
  const picture = drawn
    ? `<figure class="chart">
${drawn.wide.replace(/^<svg/, '<svg class="wide"')}
${drawn.narrow.replace(/^<svg/, '<svg class="narrow"')}
<figcaption>${escapeSentence(captionOf(content, wording))}</figcaption>
</figure>`
    : `<p>${escapeText(page.noDrawing)}</p>`;
  const table = tableOf(content, wording);
  const topic = content.topic === content.title ? '' : `\n<p class="topic">${escapeText(content.topic)}</p>`;
  return `<section aria-labelledby="${id}">
<h3 class="chart-title" id="${id}">${escapeSentence(content.title)}</h3>${topic}
${picture}
<details${drawn ? '' : ' open'}>
<summary>${escapeText(page.figures(table.rows.length))}</summary>
${writeTable(table, page.tableOf(content.title), wording)}
</details>
</section>`;
}

function captionOf(content: ChartContent, { captions, phrases, reasons }: Wording): string {
  const omitted =
    'omitted' in content && content.omitted.length > 0
      ? captions.omitted(
          phrases.clauses(
            content.omitted.map(({ label, reason }) => phrases.aside(label, reasons.omitted[reason])),
          ),
        )
      : '';
  return phrases.sentences([chooseCaption(content, captions), omitted]);
}

function chooseCaption(content: ChartContent, captions: Wording['captions']): string {
  if (content.kind === 'outlook' && content.panels.every(({ lower95 }) => lower95.length === 0))
    return captions.outlookBare;
  if (content.kind === 'sizes' && content.rows.every(({ range95 }) => range95 === null))
    return captions.sizesBare;
  return captions[content.kind];
}
